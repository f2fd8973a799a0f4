/** Writes schema/*.json and the generated parts of docs/rules.md: `node src/rules/generate.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schema.ts';
import { renewReference } from './reference.ts';

const root = new URL('../../', import.meta.url);

for (const [kind, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(
    new URL(`schema/${kind}.schema.json`, root),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
}
const page = new URL('docs/rules.md', root);
writeFileSync(page, renewReference(readFileSync(page, 'utf8')));
