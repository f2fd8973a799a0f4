import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What a schema of test/fixtures/schemas finds wrong; empty for a valid value. */
export function schemaCheck(file: string): (value: unknown) => string[] {
  const path = new URL(`../../fixtures/schemas/${file}`, import.meta.url);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const check = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
  return (value) => {
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
