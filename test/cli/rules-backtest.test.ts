import { describe, expect, test } from '@jest/globals';
import { estimateLines, resultLine } from '../../src/cli/backtest-text.ts';
import { cli } from './cli.ts';

describe('rules backtest', () => {
  test('asks nobody before it knows what can be asked', async () => {
    const unsaid = await cli(['rules', 'backtest', 'beaconing']);
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringMatching(/Say --athena/) });
    const beacon = await cli(['rules', 'backtest', 'beaconing', '--athena']);
    expect(beacon.code).toBe(1);
    expect(beacon.err).toContain('The backtest did not run: the rule beaconing cannot be a query');
    const time = await cli(['rules', 'backtest', 'port-probing', '--athena', '--since', 'then']);
    expect(time.code).toBe(2);
  });

  test('tells what a query reads and costs before it runs', () => {
    expect(estimateLines(2e11, 0, 'day = 1')).toEqual([
      'The query reads about 200 GB, which is $1 in most regions.',
    ]);
    expect(estimateLines(2e6, 0, 'day = 1')[0]).toContain('less than a cent');
    expect(estimateLines(undefined, 90_000, undefined)).toEqual([
      'Athena cannot tell how much the query reads; it bills $5 a terabyte in most regions.',
      'Without --where on its partitions it reads the whole table.',
      'It looks 1d1h further back than --since: --where must let that in.',
    ]);
  });

  test('tells what it found and what was read', () => {
    expect(resultLine({ alerts: [], firings: 1, scanned: 1e9 })).toBe(
      '0 alerts of 1 window that fired; Athena read 1 GB (less than a cent).',
    );
  });
});
