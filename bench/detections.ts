/**
 * `npm run detections`: false alarms of a normal week and attacks found, by the built-in rules and by
 * public ones; `--write` keeps the tables in docs/detections.md between their markers. `--scale 0.5` plays a
 * smaller site, `--seeds 3` two further ones with the built-in rules alone, `--own` leaves the public ones
 * out, `--format v2` plays the default format.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { packSnapshot } from './detections/packs.ts';
import { replayWeeks } from './detections/run.ts';
import { noiseOf, verdictsOf } from './detections/score.ts';
import { attackTable, hitList, noiseList, noiseTable, packTable } from './detections/tables.ts';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    format: { type: 'string', default: 'v5' },
    own: { type: 'boolean', default: false },
  },
});
const PAGE = 'docs/detections.md';
const scale = Number(values.scale);
const format = values.format === 'v2' ? 'v2' : 'v5';

const snapshot = await packSnapshot(format);
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const others = seed === 1 && !values.own;
  const findings = replayWeeks(snapshot, { seed, scale, format, others });
  const noise = noiseOf(snapshot, findings);
  const verdicts = verdictsOf(snapshot, findings);
  const own = noise.filter(({ pack }) => pack === 'built in');
  const perDay = own.reduce((sum, rule) => sum + rule.perDay, 0);
  const found = verdicts.filter((verdict) => verdict.found).length;
  const size = `${(findings.records / 1e6).toFixed(1)} M records a week, ${findings.malformed} malformed`;
  const memory = `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
  process.stdout.write(
    `seed ${seed}: ${size}; ${perDay.toFixed(2)} alerts a day, ${found} of ${verdicts.length} attacks found (${Math.round(findings.seconds)} s, ${memory})\n`,
  );
  process.stdout.write(`${noiseList(noise)}\n${hitList(verdicts)}\n`);
  if (values.write && others) {
    const tables = [
      ['noise', noiseTable(noise)],
      ['attacks', attackTable(verdicts)],
      ['packs', packTable(noise, verdicts)],
    ] as const;
    const text = tables.reduce(
      (page, [name, table]) => keep(page, name, table),
      readFileSync(PAGE, 'utf8'),
    );
    writeFileSync(PAGE, text);
  }
}

/** Puts a table between its markers. */
function keep(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- detections: ${name} -->`, `<!-- /detections: ${name} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from) throw new Error(`${PAGE} has no ${open} ... ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${table}\n\n${text.slice(to)}`;
}
