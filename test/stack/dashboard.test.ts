import { beforeAll, describe, expect, test } from '@jest/globals';
import { dashboardBody, type Widget } from '../../config/dashboard.js';
import { packagedTemplate } from '../cloud/serverless.ts';
import type { Template } from '../cloud/stack/template.ts';

/**
 * The structure of a dashboard's body:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const GROUPS = ['/vpc/a', '/vpc/b'];
const BODIES = { 'with log groups': GROUPS, 'without a log group': [] };

const metricsOf = ({ properties }: Widget) => properties.metrics as readonly unknown[][];
const isExpression = (line: readonly unknown[]) => line.length === 1 && typeof line[0] === 'object';

describe.each(Object.entries(BODIES))('the dashboard of a stage %s', (_, groups) => {
  const { widgets, ...rest } = dashboardBody('prod', groups);
  const ofType = (type: string) => widgets.filter((widget) => widget.type === type);

  test('shows a day, and has at most 500 widgets of known types', () => {
    expect(rest).toEqual({ start: '-P1D', periodOverride: 'inherit' });
    expect(widgets.length).toBeLessThanOrEqual(500);
    const types = new Set(widgets.map(({ type }) => type));
    expect([...types].sort()).toEqual(['alarm', 'metric', 'text']);
  });

  test('lies in 24 columns, and no widget over another', () => {
    const taken = new Map<string, number>();
    for (const [index, { x, y, width, height }] of widgets.entries()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(taken.get(`${column} ${row}`)).toBeUndefined();
          taken.set(`${column} ${row}`, index);
        }
      }
    }
  });

  test('every graph has a title, a region, a period, a statistic and metrics', () => {
    for (const widget of ofType('metric')) {
      expect(widget.properties).toMatchObject({
        title: expect.stringMatching(/\S/),
        region: '${AWS::Region}',
        view: expect.stringMatching(/^(timeSeries|singleValue)$/),
        stat: expect.stringMatching(/^(Sum|Maximum)$/),
      });
      expect((widget.properties.period as number) % 60).toBe(0);
      expect(metricsOf(widget).length).toBeGreaterThan(0);
    }
  });

  test('every metric is a name with dimensions in pairs, or one expression', () => {
    for (const line of ofType('metric').flatMap(metricsOf)) {
      if (isExpression(line)) {
        expect(line[0]).toMatchObject({
          expression: expect.stringMatching(/^SEARCH\('\{[^}]+\} .+', 'Sum', \d+\)$/),
          id: expect.stringMatching(/^[a-z]\w*$/),
        });
        continue;
      }
      const names = line.filter((part) => typeof part === 'string');
      const options = line.filter((part) => typeof part !== 'string');
      expect(names.length % 2).toBe(0);
      expect(names.length).toBeGreaterThanOrEqual(4);
      expect(options.length).toBeLessThanOrEqual(1);
      expect(line.slice(0, names.length)).toEqual(names);
    }
  });

  test('has fewer metrics than a dashboard may have, however many rules there are', () => {
    const lines = ofType('metric').flatMap(metricsOf);
    expect(lines.length).toBeLessThanOrEqual(100);
    const byRule = lines.filter((line) => /[{,]Rule,|"Rule"/.test(JSON.stringify(line)));
    expect(byRule.length).toBeGreaterThan(0);
    expect(byRule.every(isExpression)).toBe(true);
  });

  test('shows the state of every alarm of the service, at most 100', () => {
    const [status, ...others] = ofType('alarm');
    expect(others).toEqual([]);
    const arns = status?.properties.alarms as string[];
    expect(arns.length).toBeLessThanOrEqual(100);
    expect(arns.some((arn) => arn.endsWith('/service/records-missing'))).toBe(groups.length > 0);
    for (const arn of arns) {
      expect(arn).toMatch(
        /^arn:\$\{AWS::Partition\}:cloudwatch:.*:alarm:flowlog-alerts\/prod\/service\/[a-z-]+$/,
      );
    }
  });

  test('says where to read on', () => {
    const [heading] = ofType('text');
    expect(String(heading?.properties.markdown)).toContain('docs/operations.md');
    expect(String(heading?.properties.markdown)).toContain(
      '#alarmsV2:?search=flowlog-alerts/prod/',
    );
  });
});

test('a hundred log groups do not make a hundred lines', () => {
  const many = Array.from({ length: 100 }, (_, i) => `/vpc/${i}`);
  const incoming = dashboardBody('prod', many).widgets.find(({ properties }) =>
    String(properties.title).includes('take in'),
  );
  expect(metricsOf(incoming as Widget)).toHaveLength(20);
});

describe('in the template', () => {
  let template: Template;

  beforeAll(async () => {
    template = await packagedTemplate({ stage: 'test', params: { logGroups: GROUPS.join() } });
  }, 60_000);

  test('the dashboard knows every alarm there is, and nothing is left to fill in but what the stack knows', () => {
    const properties = template.Resources.Dashboard?.Properties;
    expect(properties).toMatchObject({ DashboardName: 'flowlog-alerts-test' });
    const { DashboardBody } = properties as { DashboardBody: { 'Fn::Sub': string } };
    const body = DashboardBody['Fn::Sub'];
    const widgets = (JSON.parse(body) as { widgets: Widget[] }).widgets;
    const shown = widgets.find(({ type }) => type === 'alarm')?.properties.alarms as string[];
    const alarms = Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => (Properties as { AlarmName: string }).AlarmName);
    expect(shown.map((arn) => arn.slice(arn.indexOf(':alarm:') + 7)).sort()).toEqual(alarms.sort());
    const names = [...body.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name?.split('.')[0]);
    const known = new Set([
      ...Object.keys(template.Resources),
      'AWS::Region',
      'AWS::Partition',
      'AWS::AccountId',
    ]);
    expect(names.filter((name) => !name?.startsWith('!') && !known.has(name ?? ''))).toEqual([]);
  });

  test('its address is an output', () => {
    expect(template.Outputs?.DashboardUrl?.Value).toEqual({
      'Fn::Sub': expect.stringContaining('#dashboards/dashboard/flowlog-alerts-test'),
    });
  });
});
