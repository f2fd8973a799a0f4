/** A shard's state as bytes: gzip of JSON, with a format version. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { MetricPoint } from '../../ports/metric-sink.ts';
import type {
  GroupState,
  HiddenState,
  MinuteTotals,
  NoiseState,
  ShardState,
  SourceState,
  StormState,
} from '../state.ts';

export const CHECKPOINT_FORMAT = 2;
/** Level 1: a tenth larger than the default and four times as fast. */
const GZIP = { level: 1 };

/** A checkpoint that this version must not touch; starting afresh would forget what is in it. */
export class CheckpointFormatError extends Error {
  override readonly name = 'CheckpointFormatError';
}

interface Saved {
  readonly format: number;
  readonly now: number;
  readonly ticked: number;
  readonly settled: number;
  readonly sources: readonly (Omit<SourceState, 'minutes'> & {
    readonly minutes: readonly [number, MinuteTotals][];
  })[];
  readonly rules: readonly [
    string,
    {
      readonly memory: string;
      readonly groups: readonly [string, GroupState][];
      readonly admitted: readonly [number, readonly [string, number][]][];
      readonly storms: readonly [number, StormState][];
      readonly since?: number;
      readonly answers: readonly [number, number[]][];
      readonly unsure: number;
      readonly noise?: NoiseState;
    },
  ][];
  readonly applied: readonly [string, number][];
  readonly outbox: ShardState['outbox'];
  readonly metrics: readonly [string, MetricPoint][];
  readonly metricsOutbox: ShardState['metricsOutbox'];
  /** Absent where there is none, and in checkpoints of earlier versions. */
  readonly hidden?: readonly [string, HiddenState][];
}

export function encodeCheckpoint(state: ShardState): Uint8Array {
  const saved: Saved = {
    format: CHECKPOINT_FORMAT,
    now: state.now,
    ticked: state.ticked,
    settled: state.settled,
    sources: state.sources.map((source) => ({ ...source, minutes: [...source.minutes] })),
    rules: [...state.rules].map(([id, rule]) => [
      id,
      {
        memory: rule.memory,
        groups: [...rule.groups],
        admitted: [...rule.admitted].map(([minute, weights]) => [minute, [...weights]]),
        storms: [...rule.storms],
        ...(rule.since === undefined ? {} : { since: rule.since }),
        answers: [...rule.answers],
        unsure: rule.unsure,
        ...(rule.noise && { noise: rule.noise }),
      },
    ]),
    applied: [...state.applied],
    outbox: state.outbox,
    metrics: [...state.metrics],
    metricsOutbox: state.metricsOutbox,
    ...(state.hidden.size > 0 && { hidden: [...state.hidden] }),
  };
  return gzipSync(JSON.stringify(saved), GZIP);
}

/** @throws CheckpointFormatError on bytes that are no checkpoint, or one of a later format */
export function decodeCheckpoint(body: Uint8Array): ShardState {
  try {
    const saved = JSON.parse(gunzipSync(body).toString()) as Saved;
    if (saved.format > CHECKPOINT_FORMAT) throw newer(saved.format);
    if (saved.format === 1) return stateOf(upgraded(saved));
    if (saved.format !== CHECKPOINT_FORMAT) throw new Error(`its format is ${saved.format}`);
    return stateOf(saved);
  } catch (cause) {
    if (cause instanceof CheckpointFormatError) throw cause;
    throw new CheckpointFormatError(
      `the checkpoint cannot be read: ${(cause as Error).message}; restore one from backup/ in the state bucket`,
      { cause },
    );
  }
}

/** Format 1 knew what only grows: slots, alerts and storms of it go on. */
function upgraded(saved: Saved): Saved {
  return {
    ...saved,
    settled: 0,
    sources: saved.sources.map((source) => ({
      ...source,
      heard: source.clock,
      longest: 0,
      minutes: [],
    })),
    rules: saved.rules.map(([id, rule]) => [
      id,
      {
        ...rule,
        groups: rule.groups.map(([key, group]) => [
          key,
          {
            ...group,
            slots: group.slots.map((slot) => ({ ...slot, part: [] })),
            kept: [],
            total: 0,
          },
        ]),
        storms: rule.storms.map(([bucket, storm]) => [bucket, { ...storm, groups: [] }]),
        answers: [],
        unsure: 0,
      },
    ]),
  };
}

function newer(format: number): CheckpointFormatError {
  return new CheckpointFormatError(
    `the checkpoint has format ${format}, this version reads ${CHECKPOINT_FORMAT}: deploy the version that wrote it`,
  );
}

function stateOf(saved: Saved): ShardState {
  return {
    now: saved.now,
    ticked: saved.ticked,
    settled: saved.settled,
    sources: saved.sources.map((source) => ({ ...source, minutes: new Map(source.minutes) })),
    rules: new Map(
      saved.rules.map(([id, rule]) => [
        id,
        {
          memory: rule.memory,
          groups: new Map(rule.groups),
          admitted: new Map(rule.admitted.map(([minute, weights]) => [minute, new Map(weights)])),
          storms: new Map(rule.storms),
          ...(rule.since === undefined ? {} : { since: rule.since }),
          answers: new Map(rule.answers),
          unsure: rule.unsure,
          ...(rule.noise && { noise: rule.noise }),
        },
      ]),
    ),
    applied: new Map(saved.applied),
    outbox: [...saved.outbox],
    metrics: new Map(saved.metrics),
    metricsOutbox: [...saved.metricsOutbox],
    hidden: new Map(saved.hidden ?? []),
  };
}
