import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import { checkTree } from '../../src/config/check.ts';
import { type CompiledConfig, compileConfig } from '../../src/config/compile.ts';
import type { RuleEntry } from '../../src/config/rule-book.ts';
import type { ConfigDocument } from '../../src/ports/config-source.ts';
import { runRuleTests } from '../../src/replay/rule-tests.ts';
import { formatProblem } from '../../src/rules/problem.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const GUIDE = 'docs/detections.md';
const guide = readFileSync(`${root}${GUIDE}`, 'utf8');
const ids = readdirSync(`${root}rules`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

let documents: readonly ConfigDocument[];
let config: CompiledConfig;
beforeAll(async () => {
  documents = await new DirectorySource(`${root}rules`).read();
  config = checkTree(documents);
});
const entry = (id: string): RuleEntry => config.rules.find((rule) => rule.id === id) as RuleEntry;

describe('the built-in rules', () => {
  test('are at least forty, each under the id of its file', () => {
    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(config.rules.map((rule) => rule.id).sort()).toEqual([...ids].sort());
    for (const id of ids) expect(entry(id).origin.endsWith(`${id}.yaml`)).toBe(true);
  });

  test('compile without an error or a warning', () => {
    expect(config.problems.map(formatProblem)).toEqual([]);
    expect(config.rules.map((rule) => rule.state)).toEqual(ids.map(() => 'in force'));
  });

  test('a fresh deployment has them all, without a document of its own', () => {
    const fresh = compileConfig([], { builtin: documents, formats: {}, builtinDefault: true });
    expect(fresh.problems.map(formatProblem)).toEqual([]);
    expect(fresh.snapshot.rules.map((rule) => rule.id)).toEqual([...ids, 'test-alert'].sort());
  });

  test('the guide has no section of a rule that is gone', () => {
    const runbooks = guide.slice(guide.indexOf('\n## Runbooks\n'));
    const sections = [...runbooks.matchAll(/^### (\S+)$/gm)].map(([, id]) => id);
    expect(sections.sort()).toEqual([...ids].sort());
  });

  test.each(ids)('%s says what it is, why it matters and where to read on', (id) => {
    const { document } = entry(id);
    expect(document?.title).toMatch(/^[A-Z].*[^.]$/);
    expect(document?.description?.length).toBeGreaterThan(80);
    expect(document?.message).toContain('{');
    expect(document?.references.length).toBeGreaterThanOrEqual(1);
    expect(document?.references.every((url) => url.startsWith('https://'))).toBe(true);
    expect(document?.tags.length).toBeGreaterThanOrEqual(1);
    for (const tag of document?.tags ?? []) expect(tag).toMatch(/^attack\.t\d{4}(\.\d{3})?$/);
  });

  test.each(ids)('%s has a runbook section and a row in the guide', (id) => {
    const { document } = entry(id);
    expect(document?.runbook).toMatch(new RegExp(`^https://[^#]+/${GUIDE}#${id}$`));
    expect(guide).toContain(`\n### ${id}\n`);
    const row = new RegExp(`^\\| \\[${id}\\]\\(#${id}\\) \\| ${document?.severity} \\|`, 'm');
    expect(guide).toMatch(row);
  });

  test.each(ids)('%s shows in tests when it alerts and when it does not', (id) => {
    const tests = entry(id).document?.tests ?? [];
    const alerting = tests.filter(({ expect: groups }) => groups.length > 0);
    expect(alerting.length).toBeGreaterThanOrEqual(2);
    expect(tests.length - alerting.length).toBeGreaterThanOrEqual(2);
    expect(new Set(tests.map(({ name }) => name)).size).toBe(tests.length);
  });

  test('pass all their tests', () => {
    const failed = [...runRuleTests(config)].filter((result) => !result.passed);
    expect(failed).toEqual([]);
  });
});
