import { describe, expect, test } from '@jest/globals';
import { countsOf, folded } from '../../../src/alerts/history/fold.ts';
import { History } from '../../../src/alerts/history/history.ts';
import { deliveryLine, failedLine, NOON, sentLine, untoldLine } from './lines.ts';

/** Lines with their minutes after noon. */
function historyOf(...lines: readonly (readonly [minute: number, text: string])[]): History {
  const history = new History();
  for (const [minute, text] of lines) history.add({ at: NOON + minute * 60_000, text });
  return history;
}

const outcomes = (history: History) => history.entries().map(({ outcome }) => outcome);

describe('a history', () => {
  test('has what was sent and what was not, the newest last, whatever the order of the lines', () => {
    const history = historyOf(
      [9, untoldLine('cooldown', { slot: 2 })],
      [3, sentLine()],
      [5, untoldLine('open', { slot: 1 })],
    );
    expect(history.entries().map(({ time, outcome, seq }) => [time, outcome, seq])).toEqual([
      ['2026-11-23T12:03:00.000Z', 'notified', 0],
      ['2026-11-23T12:05:00.000Z', 'open', undefined],
      ['2026-11-23T12:09:00.000Z', 'cooldown', undefined],
    ]);
  });

  test('has a message once, however often it was sent; a later one of the alert is another', () => {
    const history = historyOf([0, sentLine()], [1, sentLine()], [2, sentLine({ seq: 1 })]);
    expect(history.entries().map(({ seq, time }) => [seq, time.slice(14, 16)])).toEqual([
      [0, '00'],
      [1, '02'],
    ]);
  });

  test('has a decision once, though it was written twice; of another slot it is another', () => {
    const history = historyOf(
      [0, untoldLine('silenced', { silence: 's' })],
      [1, untoldLine('silenced', { silence: 's' })],
      [2, untoldLine('silenced', { silence: 's', slot: 0 })],
    );
    expect(history.entries()).toHaveLength(2);
  });

  test('says what held an alert back', () => {
    const by = { rule: 'breach', id: 'XYZ' };
    const [silenced, inhibited] = historyOf(
      [0, untoldLine('silenced', { silence: 'works' })],
      [1, untoldLine('inhibited', { inhibitedBy: by })],
    ).entries();
    expect(silenced).toMatchObject({ outcome: 'silenced', silence: 'works', severity: 'high' });
    expect(inhibited).toMatchObject({ outcome: 'inhibited', inhibitedBy: by });
  });

  test('has a message that the topic refused, until it was taken', () => {
    expect(historyOf([0, failedLine()]).entries()).toMatchObject([
      { outcome: 'failed', reason: 'the topic is gone', rule: 'port-probing' },
    ]);
    expect(outcomes(historyOf([0, failedLine()], [1, sentLine()]))).toEqual(['notified']);
    expect(outcomes(historyOf([0, failedLine({ seq: 1 })], [1, sentLine()]))).toEqual([
      'failed',
      'notified',
    ]);
  });

  test('has what each channel made of a message in the end', () => {
    const [{ channels }] = historyOf(
      [0, sentLine()],
      [3, deliveryLine('slack', 'delivered')],
      [2, deliveryLine('slack', 'again', '503')],
      [4, deliveryLine('slack', 'duplicate')],
      [1, deliveryLine('pager', 'again', 'timed out')],
    ).entries();
    expect(channels).toEqual([
      { channel: 'slack', outcome: 'delivered' },
      { channel: 'pager', outcome: 'again', reason: 'timed out' },
    ]);
  });

  test('passes over lines of other kinds, damaged ones, and reasons of a later version', () => {
    const history = historyOf(
      [0, 'START RequestId: 1 decision'],
      [0, '{"event":"decision"'],
      [0, '{"event":"decision","id":"A","reason":"constructor"}'],
      [0, '{"event":"reduce","id":"A"}'],
      [0, '{"event":"notification","id":"A","seq":0}'],
      [0, 'null'],
      [0, '7'],
    );
    expect(history.entries()).toEqual([]);
  });

  test('reads a line with something before it', () => {
    expect(outcomes(historyOf([0, `2026-11-23T12:00:00Z INFO ${untoldLine('storm')}`]))).toEqual([
      'storm',
    ]);
  });
});

describe('a folded history', () => {
  const cooldown = (slot: number, id = 'A') => untoldLine('cooldown', { slot, id });

  test('has decisions of an alert for one reason in one line, with their number', () => {
    const lines = folded(
      historyOf(
        [0, cooldown(1)],
        [1, cooldown(2)],
        [2, cooldown(3, 'B')],
        [3, cooldown(4)],
      ).entries(),
    );
    expect(lines.map(({ id, times, until }) => [id, times, until.slice(14, 16)])).toEqual([
      ['A', 3, '03'],
      ['B', 1, '02'],
    ]);
  });

  test('keeps apart what another decision lies between, and never joins messages', () => {
    const lines = folded(
      historyOf(
        [0, cooldown(1)],
        [1, untoldLine('open', { slot: 2, id: 'A' })],
        [2, cooldown(3)],
        [3, sentLine()],
        [4, sentLine({ seq: 1, status: 'updated' })],
      ).entries(),
    );
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      'cooldown',
      'open',
      'cooldown',
      'notified',
      'notified',
    ]);
  });

  test('is counted by every decision', () => {
    const entries = historyOf([0, cooldown(1)], [1, cooldown(2)], [2, sentLine()]).entries();
    expect(countsOf(entries)).toEqual([
      ['cooldown', 2],
      ['notified', 1],
    ]);
  });
});
