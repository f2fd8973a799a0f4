/** Writes examples/small-vpc-day.log.gz: `node src/generator/write-example.ts`. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { exampleDay } from './example.ts';

const target = new URL('../../examples/small-vpc-day.log.gz', import.meta.url);
writeFileSync(target, gzipSync(exampleDay(), { level: 9 }));
