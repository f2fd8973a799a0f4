import type { Detect } from '../rules/compiled.ts';
import { count } from './count.ts';
import { every } from './every.ts';
import type { DetectKind } from './kind.ts';
import { sum } from './sum.ts';

/** Every kind there is; a new one is a module beside these and a line here. */
const KINDS = { every, count, sum } satisfies {
  [K in Detect['kind']]: DetectKind<Extract<Detect, { kind: K }>>;
};

/** The kind of a rule's detection. */
export function kindOf(detect: Detect): DetectKind {
  return KINDS[detect.kind] as DetectKind;
}
