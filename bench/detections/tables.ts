/** The results as tables of Markdown. */
import { ATTACKS } from '../../src/generator/week/attacks.ts';
import { PACKS } from './packs.ts';
import type { Hit, Noise, Verdict } from './score.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Built-in rules that said anything in the normal week, and all of them together. */
export function noiseTable(noise: readonly Noise[]): string {
  const own = noise.filter(({ pack }) => pack === 'built in');
  const loud = own.filter(({ perDay }) => perDay > 0);
  const sum = own.reduce((total, { perDay }) => total + perDay, 0);
  const rows = loud.map(({ rule, perDay }) => [rule, perDay.toFixed(2)]);
  const others = `${own.length - loud.length} other rules`;
  return table(
    ['rule', 'alerts a day'],
    [...rows, [others, '0'], ['**all**', `**${sum.toFixed(2)}**`]],
  );
}

/** Each attack with the rule that found it and how soon. */
export function attackTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ attack, found, hits }) => {
    const also = hits.filter(({ pack, rule }) => pack === 'built in' && rule !== found?.rule);
    return [
      ATTACKS[attack].title,
      found ? found.rule : '**not found**',
      found ? duration(found.after) : '',
      also.map(({ rule }) => rule).join(', '),
    ];
  });
  return table(['attack', 'found by', 'after', 'also'], rows);
}

/** All packs side by side. */
export function packTable(noise: readonly Noise[], verdicts: readonly Verdict[]): string {
  const rows = PACKS.map((pack) => {
    const rules = noise.filter((rule) => rule.pack === pack);
    const sum = rules.reduce((total, { perDay }) => total + perDay, 0);
    const hit = verdicts.filter(({ hits }) => hits.some((found) => found.pack === pack));
    return [
      pack === 'built in' ? '**the built-in rules**' : capital(pack),
      String(rules.length),
      sum.toFixed(sum < 10 ? 1 : 0),
      `${hit.length} of ${verdicts.length}`,
      hit.map(({ attack }) => attack).join(', '),
    ];
  });
  return table(['rules of', 'rules', 'alerts a day', 'attacks found', 'which'], rows);
}

/** For the terminal: who is loud and about what. */
export function noiseList(noise: readonly Noise[]): string {
  return noise
    .filter(({ perDay }) => perDay > 0)
    .map(({ rule, perDay, groups }) => {
      const named = groups.map(([group, count]) => `${group} x${count}`).join('; ');
      return `${perDay.toFixed(2).padStart(9)}  ${rule}: ${named}`;
    })
    .join('\n');
}

/** For the terminal: everything said of each attack. */
export function hitList(verdicts: readonly Verdict[]): string {
  const said = ({ rule, after }: Hit): string => `${rule} ${duration(after)}`;
  return verdicts
    .map(
      ({ attack, found, hits }) =>
        `${found ? 'found    ' : 'NOT FOUND'} ${attack}: ${hits.map(said).join(', ')}`,
    )
    .join('\n');
}

function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

const capital = (word: string): string => word[0].toUpperCase() + word.slice(1);
