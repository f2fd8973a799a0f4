/** Derived fields that are a logged one as far as a rule is concerned. */
import { setOf } from '../map/4-match/field-set.ts';
import { fieldNamed } from '../records/fields.ts';
import type { CompiledList, CompiledRule, Match } from '../rules/compiled.ts';
import { QueryError } from './query-error.ts';

type Lists = Readonly<Record<string, CompiledList>>;

const OF_REQUEST: Readonly<Record<string, string>> = {
  'server-port': 'dstport',
  'client-addr': 'srcaddr',
  'server-addr': 'dstaddr',
};
const OF_REPLY: Readonly<Record<string, string>> = {
  'server-port': 'srcport',
  'client-addr': 'dstaddr',
  'server-addr': 'srcaddr',
};

/**
 * The logged field that a field of a group is, for a language that cannot compute one.
 * @throws QueryError on a derived field that depends on who began the connection, where the rule
 *   lets in both
 */
export function loggedSide(field: string, { id, match }: CompiledRule, lists: Lists): string {
  if (fieldNamed(field)?.version !== 0 || field === 'duration') return field;
  const request = onlyLeg(match, 'request', lists);
  const side = request
    ? OF_REQUEST[field]
    : onlyLeg(match, 'reply', lists)
      ? OF_REPLY[field]
      : undefined;
  if (side) return side;
  const instead = OF_REQUEST[field];
  throw new QueryError(
    `the rule ${id} groups or counts by ${field}, which is computed from other fields` +
      (instead
        ? `: with leg: request in its match it would be ${instead}; --athena takes it as it is`
        : '; --athena takes it as it is'),
  );
}

function onlyLeg(match: Match, name: string, lists: Lists): boolean {
  if ('all' in match) return match.all.some((part) => onlyLeg(part, name, lists));
  if (!('field' in match) || match.field !== 'leg') return false;
  const set = setOf(match.test, 'string', lists);
  const admitted = ['request', 'reply', 'unknown'].filter(
    (leg) => set.kind === 'text' && set.test(leg),
  );
  return admitted.length === 1 && admitted[0] === name;
}
