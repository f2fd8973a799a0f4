/** The LogFormat for a new flow log: AWS's default fields, and what the rules in force look at. */
import { canBeLogged, sourcesOf } from '../config/logged.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { neededFields } from '../map/4-match/fields.ts';
import { fieldNamed, LOGGED_FIELDS } from '../records/fields.ts';
import { DEFAULT_LAYOUT } from '../records/layout.ts';

/** Who began a connection, at whose interface, and what a NAT gateway hides. */
const ALWAYS = ['tcp-flags', 'pkt-srcaddr', 'pkt-dstaddr', 'flow-direction'];

/** @param snapshot the rules; without them the built-in needs alone */
export function recommendedFormat(snapshot: Snapshot | undefined): string {
  const needed = snapshot ? [...neededFields(snapshot)].flatMap(sourcesOf) : [];
  const possible = needed.filter((name) => fieldNamed(name) && canBeLogged(name, false));
  const chosen = new Set([...ALWAYS, ...possible]);
  const defaults = DEFAULT_LAYOUT.fields.map(({ name }) => name);
  const more = LOGGED_FIELDS.map(({ name }) => name).filter(
    (name) => chosen.has(name) && !defaults.includes(name),
  );
  return [...defaults, ...more].map((name) => `\${${name}}`).join(' ');
}
