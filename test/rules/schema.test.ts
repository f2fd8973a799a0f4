import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FIELDS } from '../../src/records/fields.ts';
import { DETECT_KEYS } from '../../src/rules/detect-schema.ts';
import { jsonSchema, jsonSchemas, SCHEMAS } from '../../src/rules/json-schema.ts';
import { referenceTables, renewReference } from '../../src/rules/reference.ts';
import { ruleSchema } from '../../src/rules/schema.ts';
import { compileText } from './one-rule.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/rules.md', root), 'utf8');
const RENEW = 'renew it with: node src/rules/generate.ts';

describe('JSON Schema', () => {
  test.each(Object.entries(jsonSchemas()))(
    `schema/%s.schema.json is current; ${RENEW}`,
    (kind, schema) => {
      const file = readFileSync(new URL(`schema/${kind}.schema.json`, root), 'utf8');
      expect(JSON.parse(file)).toEqual(schema);
    },
  );

  test('There is a file for every kind and no other', () => {
    const files = readdirSync(new URL('schema/', root)).sort();
    expect(files).toEqual(
      Object.keys(SCHEMAS)
        .map((kind) => `${kind}.schema.json`)
        .sort(),
    );
  });

  test('Keys with a default are optional, unknown ones are not allowed', () => {
    const schema = jsonSchema('rule');
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.required).toBeUndefined();
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties).toMatchObject({
      detect: { additionalProperties: false, minProperties: 1, maxProperties: 1 },
      severity: { enum: ['info', 'low', 'medium', 'high', 'critical'], default: 'medium' },
    });
  });

  test('Every field is offered in a match', () => {
    const { definitions } = jsonSchema('rule') as {
      definitions: { match: { properties: object } };
    };
    const names = Object.keys(definitions.match.properties);
    expect(names).toEqual(expect.arrayContaining(FIELDS.map((field) => field.name)));
    expect(names).toEqual(expect.arrayContaining(['any', 'all', 'not']));
  });
});

describe('docs/rules.md', () => {
  test(`Its tables are current; ${RENEW}`, () => {
    expect(renewReference(page)).toBe(page);
  });

  test('A page without a place for a table is an error', () => {
    expect(() => renewReference('# Rules')).toThrow('docs/rules.md has no part');
  });

  test('Every key of a rule and every field has a row', () => {
    const tables = referenceTables();
    for (const key of Object.keys(ruleSchema.shape)) {
      expect(tables['rule keys']).toContain(`| \`${key}\` |`);
    }
    for (const field of FIELDS) expect(page).toContain(`| \`${field.name}\` |`);
  });

  test('Its example has no problem', () => {
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(compileText(example).problems).toEqual([]);
  });

  test('It has an example of every kind, none with an error', () => {
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
    const lists = { 'allowed-beacons': { numbers: [], cidrs: [], strings: [] } };
    const rules = blocks
      .filter((text) => /^detect:/m.test(text))
      .map((text) => compileText(text, lists));
    expect(rules.flatMap(({ problems }) => problems)).toEqual([]);
    const kinds = rules.map(({ compiled }) => compiled?.detect.kind);
    expect(new Set(kinds)).toEqual(new Set(DETECT_KEYS));
  });
});
