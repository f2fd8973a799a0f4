/** The settings document, and the log formats it adds to. */
import type { ConfigDocument } from '../ports/config-source.ts';
import { LayoutError, parseLayout } from '../records/layout.ts';
import { parseDuration } from '../rules/duration.ts';
import { type Problem, show } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import { validate } from '../rules/validate.ts';
import { compileAlertMatch } from './alert-match.ts';
import { isGlob, matchesGlob } from './glob.ts';
import { type SettingsDocument, settingsSchema } from './settings-schema.ts';
import { DEFAULT_ENGINE_SETTINGS, type DeliverySettings, type EngineSettings } from './snapshot.ts';
import { readSingle } from './text.ts';
import { compare } from './tree.ts';

export type Formats = Readonly<Record<string, readonly string[]>>;

export interface Settings {
  readonly engine: EngineSettings;
  /** Undefined where the document does not say. */
  readonly builtin: boolean | readonly string[] | undefined;
  /** Normalised LogFormat strings by log group or glob. */
  readonly formats: Formats;
  /** `composite`: one alarm a severity tells, in place of one a rule. */
  readonly alarms: { readonly composite: boolean };
  /** Whether each rule has a saved query. */
  readonly queries: boolean;
  /** Absent where the document names neither owner nor routes. */
  readonly delivery?: DeliverySettings;
}

export const DEFAULT_SETTINGS: Settings = {
  engine: DEFAULT_ENGINE_SETTINGS,
  builtin: undefined,
  formats: {},
  alarms: { composite: false },
  queries: true,
};

/** Longest `lateness` and `settle`: digests are kept fifteen days. Seconds. */
const LONGEST_WAIT = 7 * 86_400;

export interface SettingsResult {
  readonly settings?: Settings;
  readonly problems: readonly Problem[];
}

export function compileSettings(document: ConfigDocument): SettingsResult {
  const { documents, problems } = readSingle(document, 'settings');
  const [read] = documents;
  if (!read) return { problems };
  const report = new Reporter(document.origin, read);
  const { document: written } = validate(settingsSchema, read.value, report);
  if (!written) return { problems: report.problems };
  const delivery = deliverySettings(written, report);
  const settings: Settings = {
    engine: engineSettings(written, report),
    builtin: written.builtin,
    formats: readFormats(written.formats ?? {}, report),
    alarms: written.alarms ?? DEFAULT_SETTINGS.alarms,
    queries: written.queries ?? DEFAULT_SETTINGS.queries,
    ...(delivery && { delivery }),
  };
  return { ...(!report.failed && { settings }), problems: report.problems };
}

function engineSettings(written: SettingsDocument, report: Reporter): EngineSettings {
  const wait = (key: 'lateness' | 'settle'): number => {
    const seconds = written[key] === undefined ? undefined : parseDuration(written[key]);
    if (seconds !== undefined && seconds > LONGEST_WAIT) {
      report.error([key], `found ${show(written[key])}; at most 7d`);
    }
    return seconds ?? DEFAULT_ENGINE_SETTINGS[key];
  };
  return {
    lateness: wait('lateness'),
    settle: wait('settle'),
    maxGroups: written.maxGroups ?? DEFAULT_ENGINE_SETTINGS.maxGroups,
    maxMemory: written.maxMemory ?? DEFAULT_ENGINE_SETTINGS.maxMemory,
    metrics: written.metrics ?? DEFAULT_ENGINE_SETTINGS.metrics,
  };
}

function deliverySettings(
  { owner, routes }: SettingsDocument,
  report: Reporter,
): DeliverySettings | undefined {
  if (owner === undefined && routes === undefined) return undefined;
  return {
    ...(owner !== undefined && { owner }),
    routes: (routes ?? []).map(({ match, to }, index) => ({
      match: compileAlertMatch(match ?? {}, ['routes', index, 'match'], report) ?? {},
      to,
    })),
  };
}

function readFormats(written: NonNullable<SettingsDocument['formats']>, report: Reporter): Formats {
  const formats: Record<string, string[]> = {};
  for (const [group, given] of Object.entries(written)) {
    const several = Array.isArray(given);
    formats[group] = (several ? given : [given]).flatMap((format, index) => {
      try {
        return [parseLayout(format).format];
      } catch (error) {
        if (!(error instanceof LayoutError)) throw error;
        report.error(several ? ['formats', group, index] : ['formats', group], error.message);
        return [];
      }
    });
  }
  return formats;
}

/**
 * The formats in force: a log group that settings name, by name or glob, has theirs alone; every
 * other one has what DescribeFlowLogs says.
 */
export function mergeFormats(described: Formats, settings: Formats): Formats {
  const globs = Object.keys(settings).filter(isGlob);
  const merged = new Map(Object.entries(settings));
  for (const [group, formats] of Object.entries(described)) {
    const overridden = merged.has(group) || globs.some((glob) => matchesGlob(glob, group));
    if (!overridden) merged.set(group, formats);
  }
  return Object.fromEntries([...merged].sort(([a], [b]) => compare(a, b)));
}
