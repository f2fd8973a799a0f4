import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { preparedPython } from '../moto/venv.ts';
import { packagedTemplate, ROOT } from './serverless.ts';

const run = promisify(execFile);

test.each([
  ['without parameters', {}],
  [
    'with all of them',
    {
      logGroups: '/vpc/a,/vpc/b',
      buckets: 'logs/net,s3://more',
      streams: 'arn:aws:kinesis:us-east-1:123456789012:stream/flows',
      streamKeys: 'arn:aws:kms:us-east-1:123456789012:key/1',
      createStream: 'on-demand',
      streamSenders: 'o-abcdefghij',
      bucketKeys: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-0000-0000-000000000000',
      alertEmail: 'alerts@example.org',
      ownerEmail: 'owner@example.org',
      alarmActions: 'arn:aws:sns:us-east-1:123456789012:pager',
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
      shards: 4,
      retention: 30,
      athena: 's3://logs/vpc',
      athenaPaths: 'parquet,hive,hourly',
    },
  ],
  [
    'with more log groups than a function policy has room for',
    { logGroups: Array.from({ length: 60 }, (_, index) => `/vpc/${index}`).join(',') },
  ],
])(
  'cfn-lint has nothing to say about the template %s',
  async (_, params) => {
    const lint = join(dirname(await preparedPython()), 'cfn-lint');
    const directory = await mkdtemp(join(tmpdir(), 'flowlog-alerts-lint-'));
    try {
      const file = join(directory, 'template.json');
      await writeFile(file, JSON.stringify(await packagedTemplate({ stage: 'prod', params })));
      const options = ['--config-file', join(ROOT, '.cfnlintrc.yaml'), '--', file];
      const { stdout } = await run(lint, options).catch((error: { stdout: string }) => {
        throw new Error(error.stdout, { cause: error });
      });
      expect(stdout).toBe('');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
  120_000,
);

test('cfn-lint has nothing to say about the template for member accounts', async () => {
  const lint = join(dirname(await preparedPython()), 'cfn-lint');
  const { stdout } = await run(lint, ['--', join(ROOT, 'templates/member.yml')]).catch(
    (error: { stdout: string }) => {
      throw new Error(error.stdout, { cause: error });
    },
  );
  expect(stdout).toBe('');
}, 120_000);
