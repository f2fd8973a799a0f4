/** Scalars of a condition: one set of values, by the type of the field they are compared with. */
import type { Field } from '../records/fields.ts';
import { readBlock } from './blocks.ts';
import type { CompiledList, ValueSet } from './compiled.ts';
import { type Interval, normalise } from './intervals.ts';
import { readInterval } from './numbers.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean, nearest } from './suggest.ts';

/** The lists a condition may name. */
export interface ListLookup {
  /** Undefined for a list that does not exist, `unreadable` for one whose document is bad. */
  get(name: string): CompiledList | 'unreadable' | undefined;
  names(): readonly string[];
}

/** Gathers the values that one condition names. */
export class Values {
  readonly #field: Field;
  readonly #report: Reporter;
  readonly #lists: ListLookup;
  readonly #numbers: Interval[] = [];
  readonly #cidrs = new Set<string>();
  readonly #strings = new Set<string>();
  readonly #named = new Set<string>();

  constructor(field: Field, report: Reporter, lists: ListLookup) {
    this.#field = field;
    this.#report = report;
    this.#lists = lists;
  }

  /** Adds one scalar, or reports why it can be none. */
  add(value: unknown, path: Path): void {
    if (value === null || value === undefined) {
      const hint = 'for absent fields write { exists: false }';
      this.#report.error(path, 'found no value', hint);
    } else if (typeof value === 'object') {
      const message = `found ${show(value)}; a list holds plain values`;
      this.#report.error(path, message, blockHint(value));
    } else if (typeof value === 'string' && value.startsWith('$')) {
      this.#addList(value.slice(1), path);
    } else if (this.#field.type === 'address') {
      this.#addAddress(value, path);
    } else if (this.#field.type === 'string') {
      // A number or boolean that YAML made of a text: what counts is how it was written.
      const text = typeof value === 'string' ? value : (this.#report.source(path) ?? String(value));
      if (this.#isText(text, path)) this.#strings.add(text);
    } else {
      const interval = readInterval(this.#field, value, path, this.#report);
      if (interval) this.#numbers.push(interval);
    }
  }

  /** The normal form: sorted, without doubles or empty parts. */
  set(): ValueSet {
    return {
      ...(this.#numbers.length > 0 && { numbers: normalise(this.#numbers) }),
      ...(this.#cidrs.size > 0 && { cidrs: [...this.#cidrs].sort() }),
      ...(this.#strings.size > 0 && { strings: [...this.#strings].sort() }),
      ...(this.#named.size > 0 && { lists: [...this.#named].sort() }),
    };
  }

  #addList(name: string, path: Path): void {
    const list = this.#lists.get(name);
    if (list === undefined) {
      this.#report.error(path, `there is no list $${name}`, this.#listHint(name));
    } else if (list === 'unreadable') {
      const message = `the list $${name} has errors, so it cannot be used`;
      this.#report.error(path, message, 'mend the list');
    } else {
      this.#named.add(name);
      const unusable = unusableKind(this.#field, list);
      if (!unusable) return;
      const message = `the list $${name} holds no ${unusable}, so ${this.#field.name} is never in it`;
      this.#report.warning(path, message);
    }
  }

  #listHint(name: string): string {
    if (name === 'aws') return "give AWS's ip-ranges.json as lists/aws";
    return didYouMean(name, this.#lists.names()) ?? `a document lists/${name} would make it`;
  }

  #addAddress(value: string | number | boolean | object, path: Path): void {
    const block = typeof value === 'string' ? readBlock(value.trim()) : undefined;
    if (block && 'cidr' in block) {
      this.#cidrs.add(block.cidr);
    } else if (block) {
      this.#report.error(path, block.wrong, block.hint);
    } else {
      const message = `found ${show(value)}; ${this.#field.name} takes an address, a CIDR block or a $list`;
      const hint = isAddressRange(value) ? 'write the range as CIDR blocks' : undefined;
      this.#report.error(path, message, hint);
    }
  }

  #isText(text: string, path: Path): boolean {
    const { name, values, usual } = this.#field;
    if (text === '') {
      this.#report.error(path, 'found an empty text', 'AWS writes none');
      return false;
    }
    if (isMisplacedAddress(this.#field, text)) {
      const message = `found the address ${show(text)}, but ${name} holds text`;
      this.#report.error(path, message);
      return false;
    }
    if (values && !values.includes(text)) {
      const message = `found ${show(text)}; ${name} is one of ${values.join(', ')}`;
      this.#report.error(path, message, didYouMean(text, values));
      return false;
    }
    const meant = usual?.includes(text) ? undefined : nearest(text, usual ?? []);
    if (meant !== undefined) {
      const message = `AWS does not write ${show(text)} there today`;
      this.#report.warning(path, message, `did you mean ${meant}?`);
    }
    if (name === 'log-status' && text !== 'OK') {
      const message = `${text} lines carry no flow: they are counted, never matched`;
      this.#report.warning(path, message);
    }
    return true;
  }
}

/** YAML takes the colon at the end of an unquoted fd00:: for the one after a key. */
function blockHint(block: object): string {
  const [key, ...others] = Object.keys(block);
  const address = `${key}:`;
  if (others.length === 0 && readBlock(address)) return `put quotes around it: "${address}"`;
  return 'for several conditions on one field put any: [...] around them';
}

/** What a list would have to hold for a field, where it holds other values only. */
function unusableKind(field: Field, { numbers, cidrs, strings }: CompiledList): string | undefined {
  if (numbers.length + cidrs.length + strings.length === 0) return undefined;
  if (field.type === 'address') return cidrs.length === 0 ? 'addresses' : undefined;
  if (field.type === 'string') return strings.length === 0 ? 'texts' : undefined;
  return numbers.length === 0 ? 'numbers' : undefined;
}

function isAddressRange(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const parts = value.split('-').map((part) => readBlock(part.trim()));
  return parts.length === 2 && !parts.includes(undefined);
}

/**
 * Tags may hold addresses, and so may fields that this version does not know; no text of either is
 * compared by CIDR block.
 */
function isMisplacedAddress(field: Field, text: string): boolean {
  const mayHoldOne = field.version === 0 || field.name.includes('-tag');
  return (text.includes('/') || !mayHoldOne) && readBlock(text) !== undefined;
}
