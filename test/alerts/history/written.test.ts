import { expect, test } from '@jest/globals';
import { jsonLog } from '../../../src/adapters/aws/json-log.ts';
import { History } from '../../../src/alerts/history/history.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { World } from '../../faults/world.ts';
import { aFlow, type Flow, logEntries, NOON } from '../../reduce/flows.ts';
import { aRule, aSnapshot } from '../../reduce/rules.ts';

const snapshot = {
  ...aSnapshot([
    aRule({ id: 'grave', severity: 'high', inhibits: { equal: ['srcaddr'] } }),
    aRule({ id: 'quiet', severity: 'high' }),
    aRule({ id: 'slight', severity: 'low' }),
    aRule({ id: 'trial', mode: 'shadow' }),
  ]),
  silences: [{ id: 'works', match: { rule: ['quiet'] }, until: NOON + 86_400, reason: '' }],
};

test('what reduce writes into its log is the history that is read from it', async () => {
  const world = new World(snapshot, (NOON + 60) * 1_000);
  const set = compileRuleSet(snapshot);
  let batches = 0;
  const come = async (...flows: Flow[]) => {
    await world.hand(logEntries(set, flows, world.now, { name: String(batches++) }));
  };
  await come(aFlow(NOON));
  await come(aFlow(NOON + 60));
  world.topic.refused.add('slight');
  await come(aFlow(NOON + 120, { srcaddr: '192.0.2.1' }));

  const history = new History();
  world.logged.forEach(({ event, fields }, i) => {
    jsonLog((text) => history.add({ at: i, text }))('info', event, fields);
  });
  const seen = history
    .entries()
    .map(({ outcome, rule, group, silence, inhibitedBy, severity }) =>
      [
        outcome,
        rule,
        severity ?? '',
        String(group.srcaddr ?? ''),
        silence ?? inhibitedBy?.rule ?? '',
      ].join(' '),
    );
  expect(seen.sort()).toEqual(
    [
      'notified grave high 198.51.100.7 ',
      'notified slight low 198.51.100.7 ',
      'silenced quiet high 198.51.100.7 works',
      'shadow trial high 198.51.100.7 ',
      'cooldown grave high 198.51.100.7 ',
      'cooldown slight low 198.51.100.7 ',
      'silenced quiet high 198.51.100.7 works',
      'shadow trial high 198.51.100.7 ',
      'notified grave high 192.0.2.1 ',
      'silenced quiet high 192.0.2.1 works',
      'shadow trial high 192.0.2.1 ',
      'failed slight   ',
    ].sort(),
  );
});
