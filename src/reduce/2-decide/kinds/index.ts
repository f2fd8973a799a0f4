import type { Detect } from '../../../rules/compiled.ts';
import { count } from './count.ts';
import { every } from './every.ts';
import type { DetectKind } from './kind.ts';
import { sum } from './sum.ts';

/** Every kind there is; a new one is a module beside these and a line here. */
export const KINDS: Readonly<Record<Detect['kind'], DetectKind>> = { every, count, sum };
