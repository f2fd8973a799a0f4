/**
 * Removes a stage, in an order in which nothing is lost and what is left can always be found again:
 * filters before the function they lead to, what `reconcile` makes after `reconcile`, parameters last.
 */
import { isComposite } from '../alarms/definition.ts';
import { plural } from '../alerts/english.ts';
import type { OwnedBucket } from '../ports/leftovers.ts';
import { undo } from '../subscribe/undo.ts';
import type { Remains, UninstallPorts } from './find.ts';

export interface Removed {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface RemoveOptions {
  /** Before any parameter is deleted; absent: no copies. */
  readonly backup?: () => Promise<string>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Unix ms. */
  readonly now: () => number;
  /** Told while something takes long. */
  readonly onProgress: (text: string) => void;
  readonly stop: AbortSignal;
}

/** Between two looks at a stack that is being deleted. */
const PAUSE = 5_000;
/** For so long after the order, CloudFormation may still tell how the stack was before it. */
const GRACE = 15_000;
/** A stack is gone in minutes. */
const LONGEST = 30 * 60_000;
const ALARMS_AT_ONCE = 100;
const PARAMETERS_AT_ONCE = 10;

/** Ends at the first step that fails: the next run goes on from there. */
export async function* remove(
  remains: Remains,
  ports: UninstallPorts,
  options: RemoveOptions,
): AsyncGenerator<Removed> {
  if (options.backup) yield { what: 'backup', ok: true, detail: await options.backup() };
  for await (const { group, ok, detail } of undo(
    remains.filters,
    remains.stage,
    ports.subscriptions,
    options.stop,
  )) {
    yield { what: `filter of ${group}`, ok, detail };
    if (!ok) return;
  }
  const steps: readonly [string, () => Promise<string | undefined>][] = [
    ['stack', () => removeStack(remains, ports, options)],
    ['alarms', () => removeAlarms(remains, ports)],
    ['saved queries', () => removeQueries(remains, ports)],
    ['log groups', () => removeLogGroups(remains, ports)],
    ['buckets', () => removeBuckets(remains.buckets, ports, options)],
    ['parameters', () => removeParameters(remains, ports)],
  ];
  for (const [what, step] of steps) {
    if (options.stop.aborted) return;
    try {
      const detail = await step();
      if (detail !== undefined) yield { what, ok: true, detail };
    } catch (error) {
      const { name, message } = error as Error;
      yield {
        what,
        ok: false,
        detail: /^(Error|Refusal)$/.test(name) ? message : `${name}: ${message}`,
      };
      return;
    }
  }
}

async function removeStack(
  { stack, buckets }: Remains,
  { leftovers }: UninstallPorts,
  { sleep, now, onProgress, stop }: RemoveOptions,
): Promise<string | undefined> {
  if (stack === undefined) return undefined;
  // CloudFormation deletes no bucket that holds something.
  for (const { name, holds } of buckets) {
    if (holds === 'packages') await leftovers.emptyBucket(name, () => {});
  }
  await leftovers.deleteStack(stack.id);
  const began = now();
  for (;;) {
    const { status, reason } = await leftovers.stackStatus(stack.id);
    if (status === 'DELETE_COMPLETE') return `${stack.name} deleted`;
    if (status !== 'DELETE_IN_PROGRESS' && now() - began >= GRACE) {
      throw new Error(`${stack.name} is ${status}${reason === undefined ? '' : `: ${reason}`}`);
    }
    if (stop.aborted) throw new Error(`${stack.name} is still being deleted`);
    if (now() - began > LONGEST) throw new Error(`${stack.name} is not gone after half an hour`);
    onProgress(`${stack.name}: ${status}`);
    await sleep(PAUSE);
  }
}

async function removeAlarms({ alarms }: Remains, ports: UninstallPorts) {
  if (alarms.length === 0) return undefined;
  // A composite alarm goes before those it is made of, and by itself.
  for (const alarm of alarms.filter(isComposite)) await ports.alarms.delete([alarm]);
  const plain = alarms.filter((alarm) => !isComposite(alarm));
  for (const some of chunks(plain, ALARMS_AT_ONCE)) await ports.alarms.delete(some);
  return `${alarms.length} deleted`;
}

async function removeQueries({ queries }: Remains, ports: UninstallPorts) {
  if (queries.length === 0) return undefined;
  for (const { id } of queries) await ports.queries.delete(id);
  return `${queries.length} deleted`;
}

async function removeLogGroups({ logGroups }: Remains, { leftovers }: UninstallPorts) {
  if (logGroups.length === 0) return undefined;
  // Most have gone with the stack.
  for (const name of logGroups) await leftovers.deleteLogGroup(name);
  return `${plural(logGroups.length, 'log group')} of the functions deleted`;
}

async function removeBuckets(
  buckets: readonly OwnedBucket[],
  { leftovers }: UninstallPorts,
  { onProgress }: RemoveOptions,
) {
  // That of the packages has gone with the stack, where there was one.
  const there = new Set((await leftovers.buckets()).map(({ name }) => name));
  const left = buckets.filter(({ name }) => there.has(name));
  if (left.length === 0) return undefined;
  let objects = 0;
  for (const { name } of left) {
    objects += await leftovers.emptyBucket(name, (count) =>
      onProgress(`${name}: ${count} objects`),
    );
    await leftovers.deleteBucket(name);
  }
  return `${left.map(({ name }) => name).join(', ')} deleted with ${plural(objects, 'object')}`;
}

async function removeParameters({ parameters }: Remains, { leftovers }: UninstallPorts) {
  if (parameters.length === 0) return undefined;
  const paths = parameters.map(({ path }) => path);
  for (const some of chunks(paths, PARAMETERS_AT_ONCE)) await leftovers.deleteParameters(some);
  return `${paths.length} deleted`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
