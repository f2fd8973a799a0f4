/** The rules that the week is held against: the built-in ones, and the public logic of others. */
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import { compileConfig } from '../../src/config/compile.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { WeekFormat } from '../../src/generator/week/lines.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { formatProblem } from '../../src/rules/problem.ts';
import { siteDocuments } from './site.ts';

/** Whose rules they are; other packs than the first by the first word of their rules' ids. */
export const PACKS = [
  'built in',
  'panther',
  'elastic',
  'sentinel',
  'splunk',
  'zeek',
  'tailpipe',
] as const;
export type Pack = (typeof PACKS)[number];

/**
 * All of them with the site's lists, in one snapshot, so that one replay serves them all.
 * @throws Error on a rule that does not compile
 */
export async function packSnapshot(format: WeekFormat): Promise<Snapshot> {
  const [builtin, others, site] = await Promise.all([
    new DirectorySource('rules').read(),
    new DirectorySource('bench/public-rules').read(),
    siteDocuments(format),
  ]);
  const compiled = compileConfig([...site, ...others], {
    builtin,
    formats: {},
    builtinDefault: true,
  });
  const errors = compiled.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'));
  return compiled.snapshot;
}

export function packOf(rule: string): Pack {
  const first = rule.slice(0, rule.indexOf('-'));
  return PACKS.slice(1).find((pack) => pack === first) ?? 'built in';
}

/** Judged when the window is over for five minutes, as a later record could take the finding back. */
export function settles({ detect }: CompiledRule): boolean {
  return ['ratio', 'spike', 'new', 'absent', 'beacon', 'unanswered', 'visibility'].includes(
    detect.kind,
  );
}
