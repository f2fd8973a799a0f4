import { describe, expect, test } from '@jest/globals';
import { hiddenFrom, hidingFilters, narrowPattern } from '../../src/config/narrow-pattern.ts';
import { DEFAULT_ENGINE_SETTINGS, type Snapshot } from '../../src/config/snapshot.ts';
import { TEST_ALERT_RULE } from '../../src/config/system-rules.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { aRule } from '../reduce/rules.ts';

const FORMAT = '${srcaddr} ${action}';
const action = (value: string): CompiledRule['match'] => ({
  field: 'action',
  test: { in: { strings: [value] } },
  path: 'match.action',
});
const rejects = aRule({ id: 'rejects', match: action('REJECT') });
const accepts = aRule({ id: 'accepts', match: action('ACCEPT') });

const snapshot = (rules: CompiledRule[], formats: Snapshot['formats'] = {}): Snapshot => ({
  version: 1,
  settings: DEFAULT_ENGINE_SETTINGS,
  rules: [...rules, TEST_ALERT_RULE],
  filters: [],
  lists: {},
  formats: { '/vpc': [FORMAT], ...formats },
});

const narrow = narrowPattern(snapshot([rejects]), [FORMAT]);

describe('a group has a pattern', () => {
  test('where every rule asks for the same action', () => {
    expect(narrow).toContain('REJECT');
    expect(narrowPattern(snapshot([rejects]), [])).toBe(
      narrowPattern(snapshot([rejects]), [DEFAULT_FORMAT]),
    );
  });

  test('but not where they ask for several, nor for several formats, nor for one that is none', () => {
    expect(narrowPattern(snapshot([rejects, accepts]), [FORMAT])).toBe('');
    expect(narrowPattern(snapshot([rejects]), [FORMAT, DEFAULT_FORMAT])).toBe('');
    expect(narrowPattern(snapshot([rejects]), ['${'])).toBe('');
  });
});

describe('a filter hides records', () => {
  test('from a rule that came later, and not from those it was made for', () => {
    expect(hiddenFrom(snapshot([rejects, accepts]), '/vpc', narrow)).toEqual(['accepts']);
    expect(hiddenFrom(snapshot([rejects]), '/vpc', narrow)).toEqual([]);
    expect(hiddenFrom(snapshot([rejects, accepts]), '/vpc', '')).toEqual([]);
  });

  test('where the group has had another format within the hour', () => {
    const formats = { '/vpc': [FORMAT, '${srcaddr} ${dstaddr} ${action}'] };
    expect(hiddenFrom(snapshot([rejects], formats), '/vpc', narrow)).toEqual(['rejects']);
  });

  test('and its owner is told which rules miss them, and what to do', () => {
    const found = hidingFilters(snapshot([accepts]), { '/vpc': narrow, '/other': '' }, 'prod');
    expect([...found.keys()]).toEqual(['subscription filter of /vpc']);
    const text = found.get('subscription filter of /vpc')?.lines.join('\n');
    expect(text).toContain('the rule accepts may need more');
    expect(text).toContain('flowlog-alerts subscribe --stage prod --apply');
  });
});
