/**
 * A digest as a few flat arrays. Copied from thread to thread as the tree of objects that it is, the
 * digests of many groups would cost several times as much.
 */
import type { BatchDigest, GroupDigest, RuleDigest, Sample } from '../../log/digest.ts';

type PackedRule = Omit<RuleDigest, 'groups' | 'answers'> & {
  readonly groups: number;
  readonly answers: number;
};

export interface PackedDigest extends Omit<BatchDigest, 'rules'> {
  readonly rules: readonly PackedRule[];
  /** All numbers, and how many of everything there are, in the order of writing. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly values: readonly (string | number | null)[];
  readonly formats: readonly string[];
  /** The lines of all samples, one after another. */
  readonly lines: string;
}

export function packDigest({ rules, ...rest }: BatchDigest): PackedDigest {
  const to = new Writer();
  const packed = rules.map(({ groups, answers, ...rule }) => {
    for (const group of groups) writeGroup(to, group);
    for (const answer of answers) to.numbers.push(...answer);
    return { ...rule, groups: groups.length, answers: answers.length };
  });
  const { values, formats } = to;
  const numbers = Float64Array.from(to.numbers);
  return { ...rest, rules: packed, numbers, values, formats, lines: to.lines.join('') };
}

export function unpackDigest(packed: PackedDigest): BatchDigest {
  const {
    rules,
    numbers: _numbers,
    values: _values,
    formats: _formats,
    lines: _,
    ...rest
  } = packed;
  const from = new Reader(packed);
  return {
    ...rest,
    rules: rules.map(({ groups, answers, ...rule }) => ({
      ...rule,
      groups: times(groups, () => readGroup(from)),
      answers: times(answers, () => [from.number(), from.number()] as const),
    })),
  };
}

class Writer {
  readonly numbers: number[] = [];
  readonly values: (string | number | null)[] = [];
  readonly formats: string[] = [];
  readonly lines: string[] = [];
}

class Reader {
  readonly #packed: PackedDigest;
  #number = 0;
  #value = 0;
  #line = 0;

  constructor(packed: PackedDigest) {
    this.#packed = packed;
  }

  number(): number {
    return this.#packed.numbers[this.#number++];
  }

  value<T extends string | number | null>(): T {
    return this.#packed.values[this.#value++] as T;
  }

  sample(): Sample {
    const format = this.#packed.formats[this.number()];
    const end = this.#line + this.number();
    const line = this.#packed.lines.slice(this.#line, end);
    this.#line = end;
    return { format, line };
  }
}

function writeGroup(to: Writer, group: GroupDigest): void {
  const { slot, records, bytes, packets, sum, first, last } = group;
  const { values, samples, top, part } = group;
  const { numbers } = to;
  numbers.push(slot, records, bytes, packets, sum, first, last);
  numbers.push(values.length);
  to.values.push(...values);
  numbers.push(part.length);
  for (const number of part) numbers.push(number);
  numbers.push(samples.length);
  for (const { format, line } of samples) {
    let known = to.formats.indexOf(format);
    if (known < 0) known = to.formats.push(format) - 1;
    numbers.push(known, line.length);
    to.lines.push(line);
  }
  const fields = Object.entries(top);
  numbers.push(fields.length);
  for (const [field, frequent] of fields) {
    to.values.push(field);
    numbers.push(frequent.length);
    for (const [value, count] of frequent) {
      to.values.push(value);
      numbers.push(count);
    }
  }
}

function readGroup(from: Reader): GroupDigest {
  const slot = from.number();
  const records = from.number();
  const bytes = from.number();
  const packets = from.number();
  const sum = from.number();
  const first = from.number();
  const last = from.number();
  const values = times(from.number(), () => from.value());
  const part = times(from.number(), () => from.number());
  const samples = times(from.number(), () => from.sample());
  const top: Record<string, (readonly [string | number, number])[]> = {};
  for (let fields = from.number(); fields > 0; fields--) {
    const field = from.value<string>();
    top[field] = times(from.number(), () => [from.value<string | number>(), from.number()]);
  }
  return { slot, values, records, bytes, packets, sum, first, last, samples, top, part };
}

function times<T>(count: number, read: () => T): T[] {
  const out: T[] = [];
  for (let left = count; left > 0; left--) out.push(read());
  return out;
}
