import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/cli/config.ts';
import { blindSpots } from '../../src/config/blind-spots.ts';
import { DEFAULT_FORMAT, parseLayout } from '../../src/records/layout.ts';
import { recommendedFormat } from '../../src/subscribe/recommended-format.ts';

test('With the recommended format no built-in rule is blind', async () => {
  const { snapshot } = await readConfig(undefined);
  const format = recommendedFormat(snapshot);
  const transit = (line: string) => /tgw-|packets-lost/.test(line);
  const spots = [...blindSpots({ ...snapshot, formats: { '/vpc': [format] } }).values()]
    .flatMap(({ lines }) => lines.slice(1))
    .filter((line) => !transit(line));
  expect(spots).toEqual([]);
});

test('It begins with AWS’s default format and has no field twice', async () => {
  const { snapshot } = await readConfig(undefined);
  const format = recommendedFormat(snapshot);
  expect(format.startsWith(`${DEFAULT_FORMAT} `)).toBe(true);
  const names = parseLayout(format).fields.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('Where the rules are not known it still tells who began a connection', () => {
  expect(recommendedFormat(undefined)).toContain('${tcp-flags}');
});

test('It asks for no field of transit gateways, nor for one that is made up from others', async () => {
  const { snapshot } = await readConfig(undefined);
  expect(recommendedFormat(snapshot)).not.toMatch(
    /tgw-|packets-lost|\{traffic\}|\{service\}|server-port/,
  );
});
