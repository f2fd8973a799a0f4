/** All lists of a configuration: built in, shipped, from documents, and earlier versions of these. */
import type { ConfigDocument } from '../ports/config-source.ts';
import type { CompiledList } from '../rules/compiled.ts';
import type { Problem } from '../rules/problem.ts';
import type { ListLookup } from '../rules/values.ts';
import { BUILTIN_LISTS } from './builtin-lists.ts';
import type { GoodKeeper } from './good.ts';
import { compileList, mergeLists } from './lists.ts';
import { place } from './tree.ts';

const LIST_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

type ListDocuments = ReadonlyMap<string, readonly ConfigDocument[]>;

export class ListBook implements ListLookup {
  readonly problems: Problem[] = [];
  readonly #lists: Map<string, CompiledList | 'unreadable'>;
  readonly #good: GoodKeeper;

  /** @param shipped lists that come with the built-in rules; a document of the same name replaces one */
  constructor(documents: ListDocuments, shipped: ListDocuments, good: GoodKeeper) {
    this.#good = good;
    this.#lists = new Map(BUILTIN_LISTS);
    for (const [name, parts] of shipped) {
      const lists = parts.map((part) => compileList(part, name).list);
      if (!lists.includes(undefined)) this.#lists.set(name, mergeLists(lists as CompiledList[]));
    }
    for (const [name, parts] of documents) {
      const wrong = nameProblem(name);
      if (wrong) {
        const at = place(parts[0]);
        this.problems.push({ severity: 'error', rule: name, ...at, ...wrong });
      } else {
        this.#add(name, parts);
      }
    }
  }

  /**
   * A list that was deleted stays while rules name it: without it they would be wrong, not quiet.
   */
  get(name: string): CompiledList | 'unreadable' | undefined {
    const list = this.#lists.get(name);
    if (list !== undefined) return list;
    const former = this.#good.formerlyUnder(`lists/${name}`);
    const parts = former
      .map((key) => this.#good.fallBack(key))
      .filter((part) => part !== undefined);
    const lists = parts.map((part) => compileList(part, name).list);
    if (lists.length === 0 || lists.includes(undefined)) return undefined;
    const merged = mergeLists(lists as CompiledList[]);
    this.#lists.set(name, merged);
    this.problems.push({
      severity: 'error',
      rule: name,
      ...place(parts[0]),
      message: `the list $${name} is gone but still named by rules or filters; its last values stay in force`,
      hint: 'put it back, or take it out of them',
    });
    return merged;
  }

  names(): readonly string[] {
    return [...this.#lists.keys()];
  }

  #add(name: string, parts: readonly ConfigDocument[]): void {
    const lists = parts.map((part) => this.#read(part, name));
    if (!lists.includes(undefined)) this.#lists.set(name, mergeLists(lists as CompiledList[]));
    // Without a good version of its own, such a list is still what it is without a document.
    else if (!this.#lists.has(name)) this.#lists.set(name, 'unreadable');
  }

  #read(part: ConfigDocument, name: string): CompiledList | undefined {
    const { list, problems } = compileList(part, name);
    this.problems.push(...problems);
    if (list) {
      this.#good.keep(part.path, part, part.text);
      return list;
    }
    const former = this.#good.fallBack(part.path);
    return former && compileList(former, name).list;
  }
}

function nameProblem(name: string): { message: string; hint: string } | undefined {
  if (!LIST_NAME.test(name)) {
    return { message: 'this is no name for a list', hint: 'use a-z, 0-9 and hyphens' };
  }
  if (name === 'internal' || !BUILTIN_LISTS.has(name)) return undefined;
  return {
    message: `$${name} is built in and cannot be replaced`,
    hint: 'a list named internal says which networks are yours',
  };
}
