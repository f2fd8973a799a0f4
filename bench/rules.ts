/** Rules for measuring: what teams write, in any number, all different. */
import { compileConfig } from '../src/config/compile.ts';
import type { Snapshot } from '../src/config/snapshot.ts';

/**
 * Documents of `count` rules: an action, a protocol, ports or addresses of their own, a side that is
 * inside or not; every tenth with alternatives, every fifth with a window.
 */
export function benchDocuments(count: number): { id: string; [key: string]: unknown }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `bench-${i}`,
    title: `Rule ${i}`,
    severity: 'medium',
    match: {
      action: i % 3 === 0 ? 'REJECT' : 'ACCEPT',
      protocol: i % 9 === 0 ? 'udp' : 'tcp',
      srcaddr: i % 2 === 0 ? { not: '$internal' } : '$internal',
      ...ownCondition(i),
    },
    by: [i % 2 === 0 ? 'dstaddr' : 'srcaddr'],
    ...(i % 5 === 0 ? { detect: { count: { above: 100 } }, window: '5m' } : {}),
  }));
}

function ownCondition(i: number): Record<string, unknown> {
  const port = 1 + ((i * 37) % 60_000);
  const ports = `${port}-${port + 1 + (i % 7)}`;
  if (i % 10 !== 3) return { dstport: [ports] };
  return { any: [{ dstport: [ports] }, { dstaddr: `${1 + (i % 220)}.${i % 256}.0.0/16` }] };
}

export function benchSnapshot(count: number): Snapshot {
  const documents = benchDocuments(count).map((rule) => ({
    path: `rules/${rule.id}`,
    origin: `${rule.id}.json`,
    text: JSON.stringify(rule),
  }));
  const { snapshot, problems } = compileConfig(documents, {
    builtin: [],
    formats: {},
    builtinDefault: false,
  });
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new Error(`the benchmark's rules are wrong: ${error.message}`);
  return snapshot;
}
