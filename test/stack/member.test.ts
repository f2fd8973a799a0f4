import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import { compileConfig } from '../../src/config/compile.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { recommendedFormat } from '../../src/subscribe/recommended-format.ts';
import { ROOT } from '../cloud/serverless.ts';

const read = (path: string) => readFile(join(ROOT, path), 'utf8');

async function flowLog(): Promise<Record<string, unknown>> {
  const { Resources } = parse(await read('templates/member.yml'), { logLevel: 'error' }) as {
    Resources: Record<string, unknown>;
  };
  const [, , made] = Resources['Fn::ForEach::FlowLogs'] as [
    string,
    string,
    Record<string, { Properties: Record<string, unknown> }>,
  ];
  return made['FlowLog&{VpcId}']?.Properties ?? {};
}

describe('the template for member accounts', () => {
  test('logs each minute the fields that the built-in rules look at', async () => {
    const { LogFormat, MaxAggregationInterval } = await flowLog();
    const builtin = await new DirectorySource(join(ROOT, 'rules')).read();
    const { snapshot } = compileConfig([], { builtin, formats: {}, builtinDefault: true });
    expect(MaxAggregationInterval).toBe(60);
    const logged = parseLayout(String(LogFormat)).fields.map(({ name }) => name);
    const wanted = parseLayout(recommendedFormat(snapshot)).fields.map(({ name }) => name);
    expect(logged).toEqual(expect.arrayContaining(wanted));
  });

  test('has the format that the document says to set', async () => {
    const { LogFormat } = await flowLog();
    expect(await read('docs/organizations.md')).toContain(`/vpc/flow-logs: "${String(LogFormat)}"`);
  });
});
