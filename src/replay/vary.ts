/** Copies of a test's flow that differ: numbers and addresses that grow from one to the next. */
import { parseAddress } from '../records/address.ts';
import { fieldNamed } from '../records/fields.ts';
import { formatAddress, RecordError } from './records.ts';

const MOST_IPV4 = 2n ** 32n - 1n;
const MOST_IPV6 = 2n ** 128n - 1n;

/**
 * The text of each copy, from 0.
 * @param vary by how much a field grows from one copy to the next
 * @throws RecordError on a field that cannot grow, or not for so many copies
 */
export function textOfCopies(
  names: readonly string[],
  texts: readonly string[],
  vary: Readonly<Record<string, number>>,
  copies: number,
): (copy: number) => string {
  const growing = Object.entries(vary).map(([name, by]) => {
    const at = names.indexOf(name);
    if (at < 0) throw new RecordError(`${name} cannot vary: the flow has none to begin with`);
    const textOf = growth(name, texts[at], by);
    textOf(copies - 1);
    return { at, textOf };
  });
  const same = texts.join(' ');
  if (growing.length === 0) return () => same;
  return (copy) => {
    const own = [...texts];
    for (const { at, textOf } of growing) own[at] = textOf(copy);
    return own.join(' ');
  };
}

function growth(name: string, text: string, by: number): (copy: number) => string {
  const field = fieldNamed(name);
  const address = field?.type === 'address' ? parseAddress(text) : undefined;
  const first = address ?? (field?.type === 'number' ? Number(text) : Number.NaN);
  if (typeof first === 'number' && !Number.isSafeInteger(first)) {
    throw new RecordError(`${name} cannot vary: ${text} is neither a number nor an address`);
  }
  const most =
    address === undefined
      ? BigInt(field?.range?.[1] ?? Number.MAX_SAFE_INTEGER)
      : typeof address === 'number'
        ? MOST_IPV4
        : MOST_IPV6;
  return (copy) => {
    const value = BigInt(first) + BigInt(by) * BigInt(copy);
    if (value < 0n || value > most) {
      throw new RecordError(`${name} cannot vary so far: copy ${copy + 1} is out of range`);
    }
    if (address === undefined) return String(value);
    return formatAddress(typeof address === 'number' ? Number(value) : value);
  };
}
