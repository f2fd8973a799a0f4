import { describe, expect, test } from '@jest/globals';
import { compileText, printed, testOf } from './one-rule.ts';

const ports = { numbers: [[22, 25]] as const, cidrs: [], strings: ['22-25'] };

describe('numbers', () => {
  test.each([
    ['dstport: 22', [[22, 22]]],
    ['dstport: "22"', [[22, 22]]],
    [
      'dstport: [22, 3389, 5900-5999]',
      [
        [22, 22],
        [3389, 3389],
        [5900, 5999],
      ],
    ],
    ['dstport: [23, 22, 24-30, 30]', [[22, 30]]],
    ['dstport: 1024 - 65535', [[1024, 65_535]]],
    ['dstport: 22-22', [[22, 22]]],
    ['dstport: 0', [[0, 0]]],
    ['dstport: 65535', [[65_535, 65_535]]],
    ['start: 1700000000', [[1_700_000_000, 1_700_000_000]]],
    ['tcp-flags: 2', [[2, 2]]],
  ])('%s is %j', (condition, numbers) => {
    expect(testOf(condition)).toEqual({ in: { numbers } });
  });

  test.each([
    ['dstport: 65536', 'match.dstport: 65536 is outside dstport, which goes from 0 to 65535'],
    ['dstport: -1', 'match.dstport: -1 is outside dstport, which goes from 0 to 65535'],
    ['protocol: 256', 'match.protocol: 256 is outside protocol, which goes from 0 to 255'],
    ['dstport: 30-22', 'match.dstport: the range "30-22" is backwards (write 22-30)'],
    [
      'dstport: 22.5',
      'match.dstport: found 22.5; dstport takes a whole number, a range like 1024-65535 or a $list',
    ],
    [
      'dstport: ssh',
      'match.dstport: found "ssh"; dstport takes a whole number, a range like 1024-65535 or a $list (names of services go into service:)',
    ],
    [
      'dstport: ">1024"',
      'match.dstport: found ">1024"; dstport takes a whole number, a range like 1024-65535 or a $list (write { gt: N }, { gte: N }, { lt: N } or { lte: N })',
    ],
    [
      'dstport: 10.0.0.0/8',
      'match.dstport: found "10.0.0.0/8"; dstport takes a whole number, a range like 1024-65535 or a $list',
    ],
    ['dstport: true', expect.stringContaining('found true')],
    ['dstport: [22, 1-2-3]', expect.stringContaining('match.dstport[1]: found "1-2-3"')],
    ['dstport: 22-', expect.stringContaining('found "22-"')],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });

  test('A leading zero is read as decimal, with a warning; a lone zero is not', () => {
    const { compiled, problems } = compileText('match: { dstport: [022, 0] }');
    expect(compiled?.match).toMatchObject({
      test: {
        in: {
          numbers: [
            [0, 0],
            [22, 22],
          ],
        },
      },
    });
    expect(printed(problems, 'warning')).toEqual([
      'match.dstport[0]: 022 is read as the decimal 22 (write 22)',
    ]);
  });
});

describe('protocols', () => {
  test.each([
    ['tcp', 6],
    ['TCP', 6],
    ['udp', 17],
    ['icmp', 1],
    ['icmpv6', 58],
    ['ipv6-icmp', 58],
    ['gre', 47],
    ['esp', 50],
    ['sctp', 132],
    ['17', 17],
  ])('%s is %i', (name, number) => {
    expect(testOf(`protocol: ${name}`)).toEqual({ in: { numbers: [[number, number]] } });
  });

  test('A range of protocols is no name with a hyphen', () => {
    expect(testOf('protocol: 6-17')).toEqual({ in: { numbers: [[6, 17]] } });
  });

  test('A slip is told, and a name on another number is none', () => {
    expect(testOf('protocol: tpc')).toEqual([
      'match.protocol: found "tpc"; protocol takes a protocol name or number, a range or a $list (did you mean tcp?)',
    ]);
    expect(testOf('dstport: tcp')).toEqual([expect.stringContaining('found "tcp"')]);
  });
});

describe('bytes', () => {
  test.each([
    ['1500', 1500],
    ['1KB', 1_000],
    ['1MB', 1_000_000],
    ['1.1MB', 1_100_000],
    ['2 GB', 2_000_000_000],
    ['1TB', 1e12],
    ['1KiB', 1_024],
    ['1MiB', 1_048_576],
    ['1gib', 1_073_741_824],
    ['12B', 12],
  ])('%s is %i', (amount, number) => {
    expect(testOf(`bytes: { gte: ${amount} }`)).toEqual({
      in: { numbers: [[number, Number.MAX_SAFE_INTEGER]] },
    });
  });

  test.each(['1.5B', '1PB', 'MB', '1 M B', '-1MB'])('%s is no amount', (amount) => {
    expect(testOf(`bytes: ${amount}`)).toEqual([expect.stringContaining('bytes takes bytes like')]);
  });

  test('Ranges take units too; other numbers do not', () => {
    expect(testOf('bytes: 1KB-1MB')).toEqual({ in: { numbers: [[1_000, 1_000_000]] } });
    expect(testOf('packets: 1KB')).toEqual([expect.stringContaining('found "1KB"; packets takes')]);
  });
});

describe('comparisons', () => {
  const most = Number.MAX_SAFE_INTEGER;
  test.each([
    ['gt: 1023', [1024, most]],
    ['gte: 1024', [1024, most]],
    ['lt: 1024', [-most, 1023]],
    ['lte: 1023', [-most, 1023]],
    ['gt: 10, lt: 20', [11, 19]],
    ['gt: 10, gte: 5, lte: 20, lt: 30', [11, 20]],
    ['gte: 5, lte: 5', [5, 5]],
    ['gt: "10"', [11, most]],
  ])('{ %s } is %j', (keys, interval) => {
    expect(testOf(`dstport: { ${keys} }`)).toEqual({ in: { numbers: [interval] } });
  });

  test.each([
    [
      'dstport: { gt: 20, lt: 10 }',
      'match.dstport: no number meets a block {"gt":20,"lt":10} (the lower bound is above the upper one)',
    ],
    [
      'dstport: { gt: 5, lt: 6 }',
      'match.dstport: no number meets a block {"gt":5,"lt":6} (the lower bound is above the upper one)',
    ],
    [
      'dstport: { gt: 65535 }',
      'match.dstport: no number meets a block {"gt":65535} (dstport goes from 0 to 65535)',
    ],
    ['dstport: { lt: 0 }', expect.stringContaining('no number meets')],
    [
      'dstport: { gt: 70000 }',
      'match.dstport.gt: 70000 is outside dstport, which goes from 0 to 65535',
    ],
    ['dstport: {}', expect.stringContaining('match.dstport: found an empty block')],
    ['dstport: { gt: }', expect.stringContaining('match.dstport.gt: found nothing')],
    [
      'dstport: { get: 5 }',
      'match.dstport.get: unknown key "get"; allowed: gt, gte, lt, lte, not, prefix, exists, has, lacks (did you mean gt?)',
    ],
    ['dstport: { any: [1, 2] }', expect.stringContaining('a list already means any of its values')],
    ['action: { gt: 5 }', 'match.action.gt: gt compares numbers, but action holds text'],
    [
      'srcaddr: { gte: 5 }',
      'match.srcaddr.gte: gte compares numbers, but srcaddr holds an address (write a CIDR block)',
    ],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });
});

describe('not', () => {
  test.each([
    ['dstport: { not: 22 }', { numbers: [[22, 22]] }],
    [
      'dstport: { not: [22, 80-90] }',
      {
        numbers: [
          [22, 22],
          [80, 90],
        ],
      },
    ],
    ['dstport: { not: { gte: 1024 } }', { numbers: [[1024, Number.MAX_SAFE_INTEGER]] }],
    ['srcaddr: { not: 10.0.0.0/8 }', { cidrs: ['10.0.0.0/8'] }],
    ['srcaddr: { not: $internal }', { lists: ['internal'] }],
    [
      'srcaddr: { not: [$internal, 198.51.100.7] }',
      { cidrs: ['198.51.100.7/32'], lists: ['internal'] },
    ],
    ['vpc-id: { not: { prefix: vpc-0 } }', { prefixes: ['vpc-0'] }],
    ['action: { not: REJECT }', { strings: ['REJECT'] }],
  ])('%s', (condition, notIn) => {
    expect(testOf(condition)).toEqual({ notIn });
  });

  test('Beside comparisons both are required', () => {
    const match = compileText('match: { dstport: { gte: 1024, not: 3389 } }').compiled?.match;
    expect(match).toEqual({
      all: [
        {
          field: 'dstport',
          test: { in: { numbers: [[1024, Number.MAX_SAFE_INTEGER]] } },
          path: 'match.dstport',
        },
        { field: 'dstport', test: { notIn: { numbers: [[3389, 3389]] } }, path: 'match.dstport' },
      ],
    });
  });

  test.each([
    [
      'dstport: { not: [] }',
      'match.dstport.not: found an empty list (it would match nothing: name a value)',
    ],
    ['dstport: { not: { not: 22 } }', 'match.dstport.not: not stands inside not (leave both out)'],
    [
      'dstport: { not: { exists: true } }',
      'match.dstport.not: exists cannot be negated (write { exists: false })',
    ],
    [
      'dstport: { not: }',
      'match.dstport.not: found no value (for absent fields write { exists: false })',
    ],
    ['dstport: { not: {} }', expect.stringContaining('match.dstport.not: found an empty block')],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });
});

describe('exists', () => {
  test.each([true, false])('%s stands alone', (exists) => {
    expect(testOf(`vpc-id: { exists: ${exists} }`)).toEqual({ exists });
  });

  test.each([
    ['{ exists: true, not: a }', expect.stringContaining('match.vpc-id: exists stands alone')],
    ['{ exists: no }', 'match.vpc-id.exists: found "no"; exists takes true or false'],
    ['{ exists: 1 }', 'match.vpc-id.exists: found 1; exists takes true or false'],
  ])('%s is refused', (condition, message) => {
    expect(testOf(`vpc-id: ${condition}`)).toEqual([message]);
  });
});

describe('prefix', () => {
  test('One or several beginnings of a text', () => {
    expect(testOf('vpc-id: { prefix: vpc-0 }')).toEqual({ in: { prefixes: ['vpc-0'] } });
    expect(testOf('vpc-id: { prefix: [b, a, b] }')).toEqual({ in: { prefixes: ['a', 'b'] } });
    expect(testOf('account-id: { prefix: 0123 }')).toEqual({ in: { prefixes: ['0123'] } });
  });

  test.each([
    [
      'dstport: { prefix: 4 }',
      'match.dstport.prefix: prefix is for text, but dstport is not (write a range)',
    ],
    [
      'srcaddr: { prefix: "10." }',
      'match.srcaddr.prefix: prefix is for text, but srcaddr is not (write a CIDR block)',
    ],
    [
      'vpc-id: { prefix: "" }',
      'match.vpc-id.prefix: found ""; prefix takes the beginning of a text (every text begins so: write { exists: true })',
    ],
    ['vpc-id: { prefix: [] }', 'match.vpc-id.prefix: found an empty list'],
    ['vpc-id: { prefix: a, gt: 5 }', 'match.vpc-id: gt compares numbers, but vpc-id holds text'],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });
});

describe('tcp-flags', () => {
  const matching = (test: ReturnType<typeof testOf>): number[] => {
    const { in: set } = test as { in: { numbers: [number, number][] } };
    return Array.from({ length: 256 }, (_, value) => value).filter((value) =>
      set.numbers.some(([low, high]) => low <= value && value <= high),
    );
  };

  test('has wants all of them set, lacks none of them', () => {
    expect(matching(testOf('tcp-flags: { has: [syn], lacks: [ack] }'))).toEqual(
      Array.from({ length: 256 }, (_, value) => value).filter(
        (value) => (value & 2) !== 0 && (value & 16) === 0,
      ),
    );
    expect(
      matching(testOf('tcp-flags: { has: [syn, ack] }')).every((value) => (value & 18) === 18),
    ).toBe(true);
    expect(matching(testOf('tcp-flags: { has: cwr }'))).toEqual(
      Array.from({ length: 128 }, (_, value) => value + 128),
    );
  });

  test('A plain number is the exact value, and comparisons narrow flags', () => {
    expect(testOf('tcp-flags: 18')).toEqual({ in: { numbers: [[18, 18]] } });
    expect(matching(testOf('tcp-flags: { has: [syn], lt: 8 }'))).toEqual([2, 3, 6, 7]);
  });

  test('not negates them', () => {
    expect(testOf('tcp-flags: { not: { has: [fin, syn, rst, psh, ack, urg, ece, cwr] } }')).toEqual(
      {
        notIn: { numbers: [[255, 255]] },
      },
    );
  });

  test.each([
    ['tcp-flags: { has: [] }', expect.stringContaining('match.tcp-flags.has: found an empty list')],
    [
      'tcp-flags: { has: [sin] }',
      'match.tcp-flags.has: found "sin"; flags are fin, syn, rst, psh, ack, urg, ece, cwr (did you mean fin?)',
    ],
    [
      'tcp-flags: { has: [syn], lacks: [syn] }',
      'match.tcp-flags: syn stands in both has and lacks',
    ],
    ['tcp-flags: { has: [cwr], lt: 8 }', expect.stringContaining('no number meets')],
    [
      'tcp-flags: syn',
      'match.tcp-flags: found "syn"; tcp-flags takes a whole number, a range like 1024-65535 or a $list (write { has: [syn] })',
    ],
    ['dstport: { has: [syn] }', 'match.dstport.has: has is for tcp-flags, not for dstport'],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });
});

describe('addresses', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1/128'],
    ['fd00::/8', 'fd00::/8'],
    ['"::/0"', '::/0'],
    ['::1', '::1/128'],
    ['::ffff:10.0.0.1', '::ffff:a00:1/128'],
  ])('%s is %s', (written, cidr) => {
    expect(testOf(`srcaddr: ${written}`)).toEqual({ in: { cidrs: [cidr] } });
  });

  test.each([
    [
      '10.0.0.1/8',
      'match.srcaddr: "10.0.0.1/8" has host bits set (write 10.0.0.0/8 for the block or 10.0.0.1 for the address)',
    ],
    ['10.255.255.255/9', expect.stringContaining('write 10.128.0.0/9 for the block')],
    ['2001:db8::1/32', expect.stringContaining('write 2001:db8::/32 for the block')],
    ['10.0.0.0/33', expect.stringContaining('the part after / is a number from 0 to 32')],
    ['2001:db8::/129', expect.stringContaining('the part after / is a number from 0 to 128')],
    ['10.0.0.0/08', expect.stringContaining('is not a CIDR block')],
    ['10.0.0.0/255.0.0.0', expect.stringContaining('is not a CIDR block')],
    ['10.0.0.0/8/8', expect.stringContaining('is not a CIDR block')],
    ['10.0.0.256', expect.stringContaining('"10.0.0.256" is not an address')],
    ['010.0.0.1', expect.stringContaining('"010.0.0.1" is not an address')],
    ['10.0.0', expect.stringContaining('srcaddr takes an address, a CIDR block or a $list')],
    ['0x0a000001', expect.stringContaining('srcaddr takes an address')],
    ['fe80::1%eth0', expect.stringContaining('leave out the zone after %')],
    ['"::ffff:1.2.3"', expect.stringContaining('is not an address')],
    ['10.0.0.1-10.0.0.9', expect.stringContaining('write the range as CIDR blocks')],
    ['host.example.com', expect.stringContaining('srcaddr takes an address')],
    ['22', expect.stringContaining('found 22; srcaddr takes an address')],
    ['[fd00::, 10.0.0.1]', expect.stringContaining('(put quotes around it: "fd00::")')],
  ])('%s is refused', (written, message) => {
    expect(testOf(`srcaddr: ${written}`)).toEqual([message]);
  });
});

describe('texts', () => {
  test('What YAML takes for a number or a boolean counts as it is written', () => {
    expect(testOf('account-id: 012345678901')).toEqual({ in: { strings: ['012345678901'] } });
    expect(testOf('instance-tag: [1.10, true, 1e3]')).toEqual({
      in: { strings: ['1.10', '1e3', 'true'] },
    });
    expect(testOf('instance-tag: 10-20')).toEqual({ in: { strings: ['10-20'] } });
  });

  test.each([
    [
      'action: accept',
      'match.action: found "accept"; action is one of ACCEPT, REJECT (did you mean ACCEPT?)',
    ],
    ['action: ALLOW', 'match.action: found "ALLOW"; action is one of ACCEPT, REJECT'],
    [
      'traffic: [inbound, inbounds]',
      'match.traffic[1]: found "inbounds"; traffic is one of inbound, outbound, internal, external (did you mean inbound?)',
    ],
    ['vpc-id: ""', 'match.vpc-id: found an empty text (AWS writes none)'],
    ['vpc-id: 10.0.0.0/8', 'match.vpc-id: found the address "10.0.0.0/8", but vpc-id holds text'],
    [
      'instance-id: 10.0.0.1',
      'match.instance-id: found the address "10.0.0.1", but instance-id holds text',
    ],
    ['instance-tag: 10.0.0.0/8', expect.stringContaining('but instance-tag holds text')],
    ['vpc-id: ~', expect.stringContaining('found no value')],
    [
      'vpc-id: [[a]]',
      expect.stringContaining('match.vpc-id[0]: found a list ["a"]; a list holds plain values'),
    ],
    ['vpc-id: [{ prefix: a }]', expect.stringContaining('put any: [...] around them')],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition)).toEqual([message]);
  });

  test('A tag may be an address', () => {
    expect(testOf('instance-tag: 10.0.0.1')).toEqual({ in: { strings: ['10.0.0.1'] } });
  });

  test.each([
    [
      'flow-direction: Ingress',
      ['match.flow-direction: AWS does not write "Ingress" there today (did you mean ingress?)'],
    ],
    ['flow-direction: ingress', []],
    ['interface-type: lambda', []],
    [
      'log-status: SKIPDATA',
      ['match.log-status: SKIPDATA lines carry no flow: they are counted, never matched'],
    ],
    ['log-status: OK', []],
  ])('%s warns of %j', (condition, warnings) => {
    const { compiled, problems } = compileText(`match: { ${condition} }`);
    expect(printed(problems, 'warning')).toEqual(warnings);
    expect(compiled).toBeDefined();
  });
});

describe('lists', () => {
  test('A list that exists is named in the normal form', () => {
    expect(testOf('dstport: [$ports, 80]', { ports })).toEqual({
      in: { numbers: [[80, 80]], lists: ['ports'] },
    });
  });

  test.each([
    ['srcaddr: $internl', 'match.srcaddr: there is no list $internl (did you mean internal?)'],
    [
      'srcaddr: $vpn-users',
      'match.srcaddr: there is no list $vpn-users (a document lists/vpn-users would make it)',
    ],
    [
      'srcaddr: $aws',
      "match.srcaddr: there is no list $aws (give AWS's ip-ranges.json as lists/aws)",
    ],
    [
      'srcaddr: $broken',
      'match.srcaddr: the list $broken has errors, so it cannot be used (mend the list)',
    ],
  ])('%s is refused', (condition, message) => {
    expect(testOf(condition, { broken: 'unreadable' })).toEqual([message]);
  });

  test('A list of the wrong kind gets a warning, an empty one none', () => {
    const empty = { numbers: [], cidrs: [], strings: [] };
    const { problems } = compileText('match: { srcaddr: [$ports, $empty], dstport: $private }', {
      ports,
      empty,
    });
    expect(printed(problems, 'warning')).toEqual([
      'match.srcaddr[0]: the list $ports holds no addresses, so srcaddr is never in it',
      'match.dstport: the list $private holds no numbers, so dstport is never in it',
    ]);
  });
});
