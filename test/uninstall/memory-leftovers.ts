/** A stage in memory, of which everything can be removed. */
import type { AlarmDefinition } from '../../src/alarms/definition.ts';
import type { AlarmStore } from '../../src/ports/alarm-store.ts';
import type { Leftovers, OwnedBucket, StackStatus } from '../../src/ports/leftovers.ts';
import type { SavedQueryStore, StoredQuery } from '../../src/ports/saved-query-store.ts';
import { MemoryRegion } from '../subscribe/memory-region.ts';

export class MemoryStage implements Leftovers {
  readonly region = new MemoryRegion();
  /** Everything that was removed, in order. */
  readonly removed: string[] = this.region.changes;
  owned: OwnedBucket[] = [];
  readonly objects = new Map<string, number>();
  statuses: StackStatus[] = [{ status: 'DELETE_COMPLETE' }];
  groups: string[] = [];
  tree: { path: string; secure: boolean }[] = [];
  alarms: AlarmDefinition[] = [];
  foreign = new Set<string>();
  saved: StoredQuery[] = [];
  /** Refuses a removal, by its words. */
  refuse: (what: string) => boolean = () => false;

  buckets = async () => this.owned;
  logGroups = async () => this.groups;
  parameters = async () => this.tree.toSorted((a, b) => (a.path < b.path ? -1 : 1));

  emptyBucket = async (name: string) => {
    this.#note(`empty ${name}`);
    const count = this.objects.get(name) ?? 0;
    this.objects.delete(name);
    return count;
  };
  deleteBucket = async (name: string) => {
    this.#note(`bucket ${name}`);
    this.owned = this.owned.filter((bucket) => bucket.name !== name);
  };
  deleteStack = async () => {
    this.#note('stack');
    this.owned = this.owned.filter(({ holds }) => holds === 'state');
  };
  stackStatus = async () => {
    const [first] = this.statuses;
    if (this.statuses.length > 1) this.statuses.shift();
    return first as StackStatus;
  };
  deleteLogGroup = async (name: string) => {
    this.#note(`log group ${name}`);
    this.groups = this.groups.filter((group) => group !== name);
  };
  deleteParameters = async (paths: readonly string[]) => {
    this.#note(`parameters ${paths.join(' ')}`);
    this.tree = this.tree.filter(({ path }) => !paths.includes(path));
  };

  readonly alarmStore: AlarmStore = {
    list: async () => this.alarms.map((definition) => ({ arn: '', definition })),
    isOurs: async ({ definition }) => !this.foreign.has(definition.AlarmName),
    put: async () => {},
    delete: async (alarms) => {
      const names = alarms.map(({ AlarmName }) => AlarmName);
      this.#note(`alarms ${names.join(' ')}`);
      this.alarms = this.alarms.filter(({ AlarmName }) => !names.includes(AlarmName));
    },
  };

  readonly queryStore: SavedQueryStore = {
    list: async () => this.saved,
    put: async () => {},
    delete: async (id) => {
      this.#note(`query ${id}`);
      this.saved = this.saved.filter((query) => query.id !== id);
    },
  };

  get ports() {
    return {
      leftovers: this,
      alarms: this.alarmStore,
      queries: this.queryStore,
      inventory: this.region,
      subscriptions: this.region,
    };
  }

  #note(what: string): void {
    if (this.refuse(what)) throw Object.assign(new Error(`no ${what}`), { name: 'AccessDenied' });
    this.removed.push(what);
  }
}
