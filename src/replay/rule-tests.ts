/** Runs the tests that rules carry, through the same path as every other record. */
import type { Alert } from '../alerts/alert.ts';
import type { CompiledConfig } from '../config/compile.ts';
import type { RuleEntry } from '../config/rule-book.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { testConfig } from '../config/test-config.ts';
import { explainRecord, type RuleExplanation } from '../map/4-match/explain.ts';
import { fieldNamed, unknownField } from '../records/fields.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { formatProblem, hasErrors } from '../rules/problem.ts';
import type { RuleTest } from '../rules/test-schema.ts';
import { ReplayEngine } from './engine.ts';
import { batchesOfFlows } from './flows.ts';
import { RecordError, valueText } from './records.ts';

/** A group by its fields, each as text. */
export type Group = Readonly<Record<string, string>>;

export interface RuleTestResult {
  readonly rule: string;
  readonly test: string;
  readonly passed: boolean;
  /** Groups that should have been alerted and were not. */
  readonly missing: readonly Group[];
  /** Groups that were alerted and should not have been. */
  readonly unexpected: readonly Group[];
  /** Why, where it can be told; also why a test could not run at all. */
  readonly note?: string;
}

/** Far above what any test makes: a storm limit must hide nothing here. */
const NO_STORM = 1_000_000_000;

/** Runs every test of every rule that is not replaced or left out, disabled rules included. */
export function* runRuleTests(config: CompiledConfig): Generator<RuleTestResult> {
  for (const entry of config.rules) {
    if (entry.state === 'replaced' || entry.state === 'left out') continue;
    for (const test of entry.document?.tests ?? []) yield runTest(config, entry, test);
  }
}

function runTest(config: CompiledConfig, entry: RuleEntry, test: RuleTest): RuleTestResult {
  const result = { rule: entry.id, test: test.name };
  const broken = (note: string) => ({
    ...result,
    passed: false,
    missing: [],
    unexpected: [],
    note,
  });
  if (!entry.compiled) return broken('the rule has errors; rules check shows them');
  const { snapshot, problems } = testConfig(config, entry, test);
  if (hasErrors(problems)) return broken(problems.map(formatProblem).join('; '));
  const open = snapshotThatNotifies(snapshot);
  let alerted: Map<string, Group>;
  let expected: Map<string, Group>;
  try {
    expected = groupsOf(test.expect.map(groupOf));
    const run = alertsOf(open, test);
    if (run.faults !== undefined && !countsMalformed(entry.compiled)) return broken(run.faults);
    alerted = groupsOf(
      run.alerts
        .filter((alert) => alert.status === 'firing' && alert.rule.id === entry.id)
        .map((alert) => groupOf(alert.group)),
    );
  } catch (error) {
    if (error instanceof RecordError) return broken(error.message);
    throw error;
  }
  const missing = [...expected].filter(([key]) => !alerted.has(key)).map(([, group]) => group);
  const unexpected = [...alerted].filter(([key]) => !expected.has(key)).map(([, group]) => group);
  const passed = missing.length + unexpected.length === 0;
  const note = missing.length > 0 ? whyNot(open, entry, test) : undefined;
  return { ...result, passed, missing, unexpected, ...(note === undefined ? {} : { note }) };
}

/** For such a rule, flows that are no records are what its tests are about. */
function countsMalformed({ detect }: CompiledRule): boolean {
  return detect.kind === 'visibility' && detect.of === 'malformed';
}

/** A test asks what a rule finds, not whether anyone would be told of it. */
function snapshotThatNotifies(snapshot: Snapshot): Snapshot {
  const rules = snapshot.rules.map(({ inhibits: _, ...rule }) => {
    return { ...rule, mode: 'live', storm: NO_STORM } as const;
  });
  return { ...snapshot, rules, silences: [] };
}

function alertsOf(snapshot: Snapshot, test: RuleTest): { alerts: Alert[]; faults?: string } {
  const engine = new ReplayEngine(snapshot, { stage: 'test' });
  for (const batch of batchesOfFlows(test.flows)) engine.feed(batch);
  const alerts = [...engine.take(), ...engine.finish()];
  const { malformed, faultSamples } = engine.totals;
  if (malformed === 0) return { alerts };
  const [sample] = faultSamples;
  return {
    alerts,
    faults: `${malformed} of its flows are no flow records: ${sample?.reason} in "${sample?.line}"`,
  };
}

function groupOf(group: Readonly<Record<string, string | number | boolean | null>>): Group {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(group).sort()) {
    const value = group[name];
    if (value !== null) texts[name] = valueText(fieldNamed(name) ?? unknownField(name), value);
  }
  return texts;
}

function groupsOf(groups: readonly Group[]): Map<string, Group> {
  return new Map(groups.map((group) => [JSON.stringify(group), group]));
}

/** What keeps the first flow from matching, or that matching was not enough. */
function whyNot(snapshot: Snapshot, entry: RuleEntry, test: RuleTest): string | undefined {
  const reasons: string[] = [];
  for (const [i, flow] of test.flows.entries()) {
    const [batch] = batchesOfFlows([flow]);
    const found = explainRecord(snapshot, batch).find((one) => one.rule.id === entry.id);
    const why = found && reasonOf(found);
    if (why !== undefined) reasons.push(`flow ${i + 1}: ${why}`);
  }
  if (reasons.length === 0) {
    return 'all flows match, but not enough of them within the window, or in another group';
  }
  return reasons.slice(0, 3).join('; ');
}

function reasonOf({ filteredBy, groupMissing, failed }: RuleExplanation): string | undefined {
  if (filteredBy !== undefined) return `hidden by the filter ${filteredBy}`;
  if (groupMissing !== undefined) return `has no ${groupMissing.join(', ')} to group by`;
  const [clause] = failed ?? [];
  return clause && `${clause.path} found ${clause.found ?? 'nothing'}, wanted ${clause.wanted}`;
}
