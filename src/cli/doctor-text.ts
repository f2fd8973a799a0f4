/** Findings for a terminal, by area. */
import { cleanLine } from '../alerts/clean.ts';
import { plural } from '../alerts/english.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { Finding, Health } from '../doctor/finding.ts';

const PAINTS: Readonly<Record<Health, keyof Colours>> = { ok: 'green', warn: 'yellow', bad: 'red' };

export function findingLines(findings: readonly Finding[], colours: Colours): string[] {
  const lines: string[] = [];
  let area: string | undefined;
  for (const finding of findings) {
    if (finding.area !== area) {
      if (area !== undefined) lines.push('');
      lines.push(colours.bold(finding.area));
      area = finding.area;
    }
    const { severity, what, mend } = finding;
    lines.push(`  ${colours[PAINTS[severity]](severity.padEnd(4))}  ${cleanLine(what)}`);
    if (mend !== undefined) lines.push(`        ${colours.dim('->')} ${cleanLine(mend)}`);
  }
  return lines;
}

export function verdictLine(findings: readonly Finding[]): string {
  const count = (health: Health) => findings.filter(({ severity }) => severity === health).length;
  const [bad, warn] = [count('bad'), count('warn')];
  if (bad + warn === 0) return 'All is well.';
  const parts = [
    bad > 0 && `${plural(bad, 'thing')} ${bad > 1 ? 'are' : 'is'} broken`,
    warn > 0 && plural(warn, 'warning'),
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}
