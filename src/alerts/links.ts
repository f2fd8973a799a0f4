/** Ways from an alert into the AWS console. */
import type { AlertSource, RecordMap } from './alert.ts';
import { cloudWatchConsole, fragmentValue, type JsurlValue, jsurl } from './console-url.ts';
import { insightsQuery } from './insights-query.ts';

export interface LinkParts {
  readonly window: { readonly start: string; readonly end: string };
  readonly group: RecordMap;
  readonly sources: readonly AlertSource[];
  /** LogFormats of the sources' log groups; absent or empty: the default format. */
  readonly formats?: readonly string[];
}

/**
 * `insights`: a Logs Insights query over the alert's window and group; `console`: the log group of
 * the first source. Neither for sources that are no log groups or whose region is not known.
 */
export function alertLinks(parts: LinkParts): Record<string, string> {
  const first = parts.sources.find((source) => source.logGroup && source.region);
  if (!first?.logGroup || !first.region) return {};
  const home = cloudWatchConsole(first.region);
  if (home === undefined) return {};
  const groups = parts.sources
    .filter(({ account, region }) => account === first.account && region === first.region)
    .flatMap(({ logGroup }) => logGroup ?? []);
  const detail: JsurlValue = {
    end: isoTime(parts.window.end),
    start: isoTime(parts.window.start),
    timeType: 'ABSOLUTE',
    tz: 'UTC',
    editorString: insightsQuery(parts.group, parts.formats),
    source: groups,
  };
  return {
    insights: `${home}#logsV2:logs-insights$3FqueryDetail$3D${jsurl(detail)}`,
    console: `${home}#logsV2:log-groups/log-group/${fragmentValue(first.logGroup)}`,
  };
}

/** The console wants milliseconds, as `toISOString` writes them. */
function isoTime(text: string): string {
  return new Date(text).toISOString();
}
