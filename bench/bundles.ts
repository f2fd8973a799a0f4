/** Size and cold import of the functions' bundles, built as serverless.yml builds them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';
import { median } from './measure.ts';

export interface Bundle {
  readonly name: string;
  readonly kilobytes: number;
  /** Milliseconds from the start of the import to its end, in a process of its own. */
  readonly importMs: number;
}

const IMPORTS = 5;

export const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  STAGE: 'bench',
  SHARDS: '1',
  DIGEST_TABLE: 'table',
  STATE_BUCKET: 'bucket',
  ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:topic',
  OPS_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:ops',
  CONFIG_PATH: '/flowlog-alerts/bench',
  OBJECTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/objects',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/queue',
};

/** esbuild's options, read from serverless.yml so that what is measured is what is deployed. */
function options(): {
  mainFields: string[];
  target: string;
  banner: { js: string };
  alias: Record<string, string>;
} {
  // CloudFormation's own tags (!Ref, !Sub) mean nothing here.
  const text = readFileSync('serverless.yml', 'utf8').replace(/!(Ref|Sub|GetAtt) ?/g, '');
  return (parse(text) as { custom: { esbuild: ReturnType<typeof options> } }).custom.esbuild;
}

/** Builds one function's bundle. */
export function buildBundle(name: string, outfile: string): void {
  const { mainFields, target, banner, alias } = options();
  buildSync({
    entryPoints: [`handlers/${name}.ts`],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    mainFields,
    target,
    banner,
    alias,
    logLevel: 'error',
  });
}

export function measureBundles(names: readonly string[]): Bundle[] {
  const folder = mkdtempSync(join(tmpdir(), 'flowlog-bench-'));
  try {
    return names.map((name) => {
      const outfile = join(folder, `${name}.mjs`);
      buildBundle(name, outfile);
      const times = Array.from({ length: IMPORTS }, () => importTime(outfile));
      return { name, kilobytes: statSync(outfile).size / 1000, importMs: median(times) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function importTime(file: string): number {
  const code = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t); process.exit(0);`;
  const env = { ...process.env, ...ENVIRONMENT };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env }));
}
