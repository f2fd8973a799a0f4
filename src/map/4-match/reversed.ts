/**
 * The match of flows that answer flows a rule may match. Of an answering record only the reversed
 * five-tuple is known to agree with the flow that it answers: conditions on it stay, with source
 * and destination swapped; whatever else the rule asks of the flow may hold.
 */
import type { Match } from '../../rules/compiled.ts';

const SWAPPED: Readonly<Record<string, string>> = {
  srcaddr: 'dstaddr',
  dstaddr: 'srcaddr',
  srcport: 'dstport',
  dstport: 'srcport',
  protocol: 'protocol',
};

const ANYTHING: Match = { all: [] };
/** Transit gateways log no action; what they report did pass. */
const NOT_REJECTED: Match = {
  not: { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'action' },
};

/** Met by every record that was not rejected and answers one which meets `match`, and by few others. */
export function answersTo(match: Match): Match {
  return { all: [NOT_REJECTED, possible(match, false)] };
}

/** Holds wherever `match` (negated: its opposite) can hold for the flow that is answered. */
function possible(match: Match, negated: boolean): Match {
  if ('not' in match) return possible(match.not, !negated);
  if ('field' in match) {
    const field = SWAPPED[match.field];
    if (field === undefined) return ANYTHING;
    const swapped = { ...match, field };
    return negated ? { not: swapped } : swapped;
  }
  const parts = ('all' in match ? match.all : match.any).map((part) => possible(part, negated));
  const conjunction = 'all' in match !== negated;
  if (conjunction) return { all: parts.filter((part) => !isAnything(part)) };
  return parts.some(isAnything) ? ANYTHING : { any: parts };
}

function isAnything(match: Match): boolean {
  return 'all' in match && match.all.length === 0;
}
