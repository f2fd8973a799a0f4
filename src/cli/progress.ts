/** The progress bar: on a terminal's standard error only. */
import type { Options } from 'cli-progress';
import { formatBytes, formatNumber } from '../alerts/english.ts';
import type { Output } from './io.ts';

const CLEAR_LINE = '\r\u001b[K';

export interface Progress {
  advance(bytes: number, records: number): void;
  /** Takes the bar off its line, so that something else can be printed there. */
  clear(): void;
  stop(): void;
}

/** How a bar looks and behaves, whatever it counts. */
const LOOK = {
  barCompleteChar: '#',
  barIncompleteChar: '.',
  barsize: 30,
  clearOnComplete: true,
  gracefulExit: false,
  hideCursor: false,
  linewrap: false,
} as const satisfies Options;

const NONE: Progress = { advance: () => {}, clear: () => {}, stop: () => {} };

/**
 * @param total bytes to read, undefined where unknown (standard input, pipes)
 * @param now milliseconds
 */
export async function startProgress(
  stream: Output,
  total: number | undefined,
  now: () => number,
): Promise<Progress> {
  if (!stream.isTTY) return NONE;
  const { SingleBar } = await import('cli-progress');
  const started = now();
  let bytes = 0;
  const bar = new SingleBar({
    ...LOOK,
    stream,
    format:
      total === undefined
        ? '{read}  {records} records  {rate} records/s'
        : '{bar} {percentage}%  {read}  {rate} records/s  {eta_formatted} left',
  });
  const payload = (records: number) => ({
    read: formatBytes(bytes),
    records: formatNumber(records),
    rate: formatNumber(Math.round(records / Math.max(0.001, (now() - started) / 1000))),
  });
  bar.start(Math.max(1, total ?? 1), 0, payload(0));
  return {
    advance: (count, records) => {
      bytes += count;
      // A file may grow while it is read.
      bar.update(total === undefined ? 0 : Math.min(bytes, total), payload(records));
    },
    clear: () => {
      stream.write(CLEAR_LINE);
    },
    stop: () => bar.stop(),
  };
}

/** A bar that counts things done, on a terminal only. */
export async function startCount(
  stream: Output,
  total: number,
  things: string,
): Promise<{ advance(): void; stop(): void }> {
  if (!stream.isTTY || total === 0) return { advance: () => {}, stop: () => {} };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    ...LOOK,
    stream,
    format: `{bar} {value} of {total} ${things}  {eta_formatted} left`,
  });
  bar.start(total, 0);
  return { advance: () => bar.increment(), stop: () => bar.stop() };
}
