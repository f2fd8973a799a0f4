import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsurl } from '../../src/alerts/console-url.ts';
import { alertLinks, type LinkParts } from '../../src/alerts/links.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';

/** Reads JSURL back: the notation is https://github.com/Sage/jsurl's. */
function readJsurl(text: string): unknown {
  let at = 0;
  const word = (): string => {
    let found = '';
    for (; at < text.length && !'~)'.includes(text[at]); at++) {
      if (text[at] === '!') found += '$';
      else if (text.startsWith('**', at)) {
        found += String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16));
        at += 5;
      } else if (text[at] === '*') {
        found += String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16));
        at += 2;
      } else found += text[at];
    }
    return found;
  };
  const value = (): unknown => {
    expect(text[at++]).toBe('~');
    if (text[at] === "'") {
      at++;
      return word();
    }
    if (text[at] !== '(') return Number(word());
    at++;
    if (text[at] !== '~') {
      const members: [string, unknown][] = [];
      do members.push([word(), value()]);
      while (text[at++] !== ')');
      return Object.fromEntries(members);
    }
    const list: unknown[] = [];
    if (text[at + 1] === ')') at++;
    while (text[at] !== ')') list.push(value());
    at++;
    return list;
  };
  const result = value();
  expect(at).toBe(text.length);
  return result;
}

const INSIGHTS = '#logsV2:logs-insights$3FqueryDetail$3D';
const parts: LinkParts = {
  window: { start: '2026-11-23T10:31:00Z', end: '2026-11-23T10:36:00Z' },
  group: { srcaddr: '198.51.100.7', dstport: 22 },
  sources: [
    { account: '123456789012', region: 'eu-west-1', logGroup: '/vpc/flow-logs', records: 9 },
  ],
};
const detailOf = (link: string): Record<string, unknown> =>
  readJsurl(link.slice(link.indexOf(INSIGHTS) + INSIGHTS.length)) as Record<string, unknown>;
const queryOf = (more: Partial<LinkParts>): string =>
  detailOf(alertLinks({ ...parts, ...more }).insights).editorString as string;

describe('the console’s notation', () => {
  test('is that of a link the console itself made', () => {
    // The state of a link copied from the console, as public documentation shows them.
    const state = {
      end: '2020-12-30T23:59:59.000Z',
      start: '2020-12-30T21:59:59.000Z',
      timeType: 'ABSOLUTE',
      tz: 'UTC',
      editorString:
        "fields @timestamp, @message\n| filter @message like 'something-to-filter-out'\n| limit 2002",
      source: ['some-log-group1', 'some-log-group2'],
    };
    expect(jsurl(state)).toBe(
      "~(end~'2020-12-30T23*3a59*3a59.000Z~start~'2020-12-30T21*3a59*3a59.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'fields*20*40timestamp*2c*20*40message*0a*7c*20filter*20*40message*20like*20*27something-to-filter-out*27*0a*7c*20limit*202002~source~(~'some-log-group1~'some-log-group2))",
    );
  });

  test('reads back as what was written, and holds nothing a link could end at', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(text, fc.nat(), fc.array(text)), { minKeys: 1 }),
        (state) => {
          const written = jsurl({ k: 1, ...state });
          expect(readJsurl(written)).toEqual({ k: 1, ...state });
          expect(written).toMatch(/^[\w.*!~'()-]+$/);
        },
      ),
    );
  });
});

describe('the Insights link', () => {
  test('opens the alert’s window on its log group', () => {
    const { insights } = alertLinks(parts);
    expect(insights).toMatch(
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#logsV2:/,
    );
    expect(detailOf(insights)).toEqual({
      start: '2026-11-23T10:31:00.000Z',
      end: '2026-11-23T10:36:00.000Z',
      timeType: 'ABSOLUTE',
      tz: 'UTC',
      editorString: expect.any(String),
      source: ['/vpc/flow-logs'],
    });
  });

  test('parses the default format and filters by the group', () => {
    const query = `fields @timestamp, @message
| parse @message "* * * * * * * * * * * * * *" as version,account_id,interface_id,srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start_time,end_time,action,log_status
| filter srcaddr = "198.51.100.7" and dstport = 22
| sort @timestamp
| limit 1000`;
    expect(queryOf({})).toBe(query);
    expect(queryOf({ formats: [DEFAULT_FORMAT] })).toBe(query);
  });

  test('derived sides become either side, and other derived fields no condition', () => {
    expect(queryOf({ group: { 'server-port': 22, traffic: 'inbound' } })).toContain(
      '\n| filter (srcport = 22 or dstport = 22)\n',
    );
  });

  test('searches a custom format for whole words', () => {
    expect(queryOf({ formats: ['${srcaddr} ${dstport} ${vpc-id}'] })).toBe(
      'fields @timestamp, @message\n| filter @message like /(^| )198\\.51\\.100\\.7( |$)/ and @message like /(^| )22( |$)/\n| sort @timestamp\n| limit 1000',
    );
  });

  test('a rule without groups shows the window’s records', () => {
    expect(queryOf({ group: {} })).toBe(
      'fields @timestamp, @message\n| sort @timestamp\n| limit 1000',
    );
  });

  test('a hostile value stays inside its quotes', () => {
    expect(queryOf({ group: { 'interface-id': 'x" or 1 = 1\n| display secret' } })).toContain(
      '\n| filter interface_id = "x\\" or 1 = 1 | display secret"\n',
    );
  });

  test('queries all groups of the first source’s account and region, and no others', () => {
    const link = alertLinks({
      ...parts,
      sources: [
        ...parts.sources,
        { account: '123456789012', region: 'eu-west-1', logGroup: 'second', records: 2 },
        { account: '123456789012', region: 'us-east-1', logGroup: 'elsewhere', records: 1 },
        { account: '210987654321', region: 'eu-west-1', logGroup: 'foreign', records: 1 },
      ],
    }).insights;
    expect(detailOf(link).source).toEqual(['/vpc/flow-logs', 'second']);
  });
});

describe('the console link', () => {
  test('names the log group, encoded twice', () => {
    expect(alertLinks(parts).console).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fvpc$252Fflow-logs',
    );
  });
});

describe('partitions', () => {
  test.each([
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/'],
    ['ap-southeast-2', 'https://ap-southeast-2.console.aws.amazon.com/cloudwatch/'],
  ])('%s has its own console', (region, start) => {
    const links = alertLinks({ ...parts, sources: [{ ...parts.sources[0], region }] });
    expect(links.insights.startsWith(start)).toBe(true);
    expect(links.console.startsWith(start)).toBe(true);
  });

  test('a region of a partition not known gets no link rather than a wrong one', () => {
    for (const region of ['us-iso-east-1', 'eusc-de-east-1', 'evil.example/', '']) {
      expect(alertLinks({ ...parts, sources: [{ ...parts.sources[0], region }] })).toEqual({});
    }
  });

  test('files and buckets get none', () => {
    expect(alertLinks({ ...parts, sources: [{ file: 'x.log', records: 1 }] })).toEqual({});
    const bucket = [{ bucket: 'b', region: 'eu-west-1', records: 1 }];
    expect(alertLinks({ ...parts, sources: bucket })).toEqual({});
  });
});
