/** Map and reduce together under the built-in rules, against the floor that any reader pays. */
import { gunzipSync } from 'node:zlib';
import { DirectorySource } from '../src/adapters/local/directory.ts';
import { compileConfig } from '../src/config/compile.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { ScannedEvents } from '../src/map/1-decode/event-scanner.ts';
import { decodeSubscription } from '../src/map/1-decode/subscription.ts';
import { compileRuleSet } from '../src/map/4-match/rule-set.ts';
import { Mapper } from '../src/map/map.ts';
import { DEFAULT_LAYOUT } from '../src/records/layout.ts';
import { Reducer } from '../src/reduce/reducer.ts';
import { inTurn } from './measure.ts';
import { payloads } from './payloads.ts';

const ROUNDS = 7;
/** Rounds of `inTurn` before any counts. */
const WARM = 2;
const SOURCE = { kind: 'logGroup', name: '/vpc/bench' } as const;
const LAYOUTS = [DEFAULT_LAYOUT];
/** Arrival after a batch's last record, ms. */
const DELAY = 120_000;

export interface EngineResult {
  /** Seconds of base64 and gunzip alone. */
  readonly floor: number;
  /** Seconds from the payload to what was decided, memory warm. */
  readonly engine: number;
}

/** @param size records a batch */
export async function measureEngine(size: number, batches: number): Promise<EngineResult> {
  const texts = payloads(size, batches * (WARM + ROUNDS));
  // Each round gets payloads of its own: time goes on, and memory neither swells nor stands still.
  const turns = () => {
    let from = 0;
    return () => {
      from += batches;
      return texts.slice(from - batches, from);
    };
  };
  const engine = new Engine(await builtinSnapshot());
  const [floorTurn, engineTurn] = [turns(), turns()];
  const [floor, whole] = inTurn(ROUNDS, [
    () => {
      for (const text of floorTurn()) gunzipSync(Buffer.from(text, 'base64'));
    },
    () => {
      for (const text of engineTurn()) engine.feed(text);
    },
  ]);
  return { floor, engine: whole };
}

async function builtinSnapshot(): Promise<Snapshot> {
  const builtin = await new DirectorySource('rules').read();
  return compileConfig([], { builtin, formats: {}, builtinDefault: true }).snapshot;
}

class Engine {
  readonly #mapper: Mapper;
  readonly #reducer: Reducer;
  readonly #events = new ScannedEvents();
  #fed = 0;

  constructor(snapshot: Snapshot) {
    const set = compileRuleSet(snapshot);
    this.#mapper = new Mapper(set, snapshot.settings.maxGroups);
    this.#reducer = new Reducer(set, { stage: 'bench' });
  }

  feed(text: string): void {
    const payload = decodeSubscription(Buffer.from(text, 'base64'), this.#events);
    if (payload.kind === 'control') return;
    const input = { lines: payload.lines, source: SOURCE, layouts: LAYOUTS, identity: '' };
    const { digest, latest } = this.#mapper.map(input);
    if (!digest) return;
    this.#reducer.apply({ key: String(this.#fed++), at: latest * 1000 + DELAY, digest });
    this.#reducer.takeDecisions();
    this.#reducer.state.outbox = [];
  }
}
