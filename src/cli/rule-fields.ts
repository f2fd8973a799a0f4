/** Which fields of a format a rule needs, and since when flow logs have them. */
import { sourcesOf } from '../config/logged.ts';
import { canHold } from '../config/possible.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { neededFields, requiredFields } from '../map/4-match/fields.ts';
import { fieldNamed } from '../records/fields.ts';
import { DEFAULT_LAYOUT } from '../records/layout.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { fieldsIn, matchesOf } from '../rules/match.ts';
import { TEMPLATE_SPECIALS } from '../rules/template.ts';

export interface NeededField {
  readonly field: string;
  /** Flow-log version that introduced it; undefined for one that this version does not know. */
  readonly version: number | undefined;
  /** Whether a record without it never counts, or only some condition, group or text lacks something. */
  readonly required: boolean;
}

export interface FieldNeeds {
  readonly fields: readonly NeededField[];
  /** Whether AWS's default format (version 2) will do; `partly`: some conditions never hold there. */
  readonly defaultFormat: 'enough' | 'partly' | 'not enough';
}

const DEFAULT: ReadonlySet<string> = new Set(DEFAULT_LAYOUT.fields.map(({ name }) => name));

export function fieldNeeds(snapshot: Snapshot, rule: CompiledRule): FieldNeeds {
  const matches = matchesOf(rule);
  const canFire = (logged: (field: string) => boolean) => {
    const known = (field: string) =>
      sourcesOf(field).every(logged) ? undefined : ({ absent: true } as const);
    return matches.every((match) => canHold(match, known));
  };
  const specials: ReadonlySet<string> = new Set(TEMPLATE_SPECIALS);
  const used = [...neededFields({ ...snapshot, rules: [rule], filters: [] })]
    .filter((name) => !specials.has(name))
    .flatMap(sourcesOf);
  const counted = new Set(requiredFields(rule).flatMap(sourcesOf));
  const fields = [...new Set([...counted, ...used])].sort().map((field) => ({
    field,
    version: fieldNamed(field)?.version,
    required: counted.has(field) || !canFire((name) => name !== field),
  }));
  const isDefault = (field: string) => DEFAULT.has(field);
  const enough = [...counted].every(isDefault) && canFire(isDefault);
  const asked = matches.flatMap(fieldsIn).flatMap(sourcesOf);
  const partly = !asked.every(isDefault);
  return { fields, defaultFormat: !enough ? 'not enough' : partly ? 'partly' : 'enough' };
}
