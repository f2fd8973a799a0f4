/** The day in examples/: an ordinary Monday with a port scan, an SSH login from the internet and a spike of rejects. */

import { DEFAULT_LAYOUT } from '../records/layout.ts';
import { generateDay } from './day.ts';
import type { Incident } from './incidents.ts';
import { renderFile } from './render.ts';

const HOUR = 3_600;

export const EXAMPLE_INCIDENTS: readonly Incident[] = [
  { kind: 'port-scan', at: 10 * HOUR + 31 * 60 },
  { kind: 'ssh-login', at: 14 * HOUR + 7 * 60, minutes: 12 },
  { kind: 'reject-spike', at: 20 * HOUR + 45 * 60, minutes: 6 },
];

/** The file's text, default format, with its header line. */
export function exampleDay(): string {
  const records = generateDay({ seed: 20_261_123, hosts: 8, incidents: EXAMPLE_INCIDENTS });
  return [...renderFile(records, DEFAULT_LAYOUT)].join('');
}
