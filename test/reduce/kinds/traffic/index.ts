import { forAbsent } from './absent.ts';
import { forBeacon, forUnanswered } from './connections.ts';
import { forConnections, forDistinct, forSum } from './growing.ts';
import { forSequence } from './sequence.ts';
import { forNew, forRatio, forSpike } from './settled.ts';

/** Cases by the id of the rule that is looked at. */
export const TRAFFIC = {
  count: forConnections,
  sum: forSum,
  distinct: forDistinct,
  ratio: forRatio,
  spike: forSpike,
  new: forNew,
  absent: forAbsent,
  beacon: forBeacon,
  unanswered: forUnanswered,
  sequence: forSequence,
} as const;

export type Looked = keyof typeof TRAFFIC;
export const KINDS = Object.keys(TRAFFIC) as Looked[];
