/** A thread of a replay: the map part, on what it is sent, in that order. */
import { parentPort } from 'node:worker_threads';
import { compileRuleSet } from '../../map/4-match/rule-set.ts';
import { Mapper } from '../../map/map.ts';
import type { MapRules } from '../map-rules.ts';
import { type BatchMessage, BatchReader, mappedMessage } from './messages.ts';

const port = parentPort!;

port.once('message', ({ snapshot, maxGroups, span }: MapRules) => {
  const mapper = new Mapper(compileRuleSet(snapshot), maxGroups, span);
  const reader = new BatchReader();
  port.on('message', (message: BatchMessage) => {
    port.postMessage(...mappedMessage(mapper.map(reader.read(message))));
  });
  port.postMessage('ready');
});
