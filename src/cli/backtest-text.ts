/** What `rules backtest` says beside its alerts. */
import { formatBytes, formatNumber, plural } from '../alerts/english.ts';
import type { BacktestResult } from '../query/athena/backtest.ts';
import { DOLLARS_PER_TERABYTE, priceOfQuery } from '../query/athena/price.ts';
import { formatDuration } from '../rules/duration.ts';

/** @param bytes undefined where Athena cannot tell @param lead seconds before the span */
export function estimateLines(
  bytes: number | undefined,
  lead: number,
  where: string | undefined,
): string[] {
  const cost =
    bytes === undefined
      ? `Athena cannot tell how much the query reads; it bills $${DOLLARS_PER_TERABYTE} a terabyte in most regions.`
      : `The query reads about ${formatBytes(bytes)}, which is ${dollars(bytes)} in most regions.`;
  const lines = [cost];
  if (where === undefined)
    lines.push('Without --where on its partitions it reads the whole table.');
  if (lead > 0) {
    lines.push(
      `It looks ${formatDuration(lead)} further back than --since: --where must let that in.`,
    );
  }
  return lines;
}

export function resultLine({ alerts, firings, scanned }: BacktestResult): string {
  const found = `${plural(alerts.length, 'alert')} of ${plural(firings, 'window')} that fired`;
  return `${found}; Athena read ${formatBytes(scanned)} (${dollars(scanned)}).`;
}

function dollars(bytes: number): string {
  const price = priceOfQuery(bytes);
  return price < 0.01 ? 'less than a cent' : `$${formatNumber(Math.ceil(price * 100) / 100)}`;
}
