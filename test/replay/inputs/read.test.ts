import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_LAYOUT } from '../../../src/records/layout.ts';
import { readBatches } from '../../../src/replay/inputs/read.ts';
import { GROUP, gzip, linesOf, payload, read, record } from './sources.ts';

const LINES = [record(0), record(60), record(120)];
const TEXT = `${LINES.join('\n')}\n`;
const HEADER = 'version srcaddr dstaddr start end';

describe('plain text', () => {
  test('lines without a header have the layout they are given', async () => {
    const { lines, batches } = await read(TEXT);
    expect(lines).toEqual(LINES);
    expect(batches[0].layouts[0].fields).toHaveLength(14);
    expect(batches[0].source).toEqual({ kind: 'file', name: 'a.log' });
  });

  test('a header sets the layout and is no line', async () => {
    const { lines, batches, outcome } = await read(`${HEADER}\n2 10.0.0.1 10.0.0.2 1 2\n`);
    expect(lines).toEqual(['2 10.0.0.1 10.0.0.2 1 2']);
    expect(batches[0].layouts[0].fields.map(({ name }) => name)).toEqual(HEADER.split(' '));
    expect(outcome.recognised).toBe(true);
  });

  test('a file with a header alone is recognised, though it has no record', async () => {
    const { batches, outcome } = await read(`${HEADER}\n`);
    expect(batches).toEqual([]);
    expect(outcome).toEqual({ recognised: true });
  });

  test('a header in the middle sets the layout of what follows it', async () => {
    const { batches } = await read(`${TEXT}${HEADER}\n2 10.0.0.1 10.0.0.2 1 2\n`);
    expect(batches.map(({ lines, layouts }) => [lines.count, layouts[0].fields.length])).toEqual([
      [3, 14],
      [1, 5],
    ]);
    expect(batches[0].identity).not.toBe(batches[1].identity);
  });

  test('a record that begins with lower case letters is no header', async () => {
    const { lines } = await read('eni-0a1b2c3d 10.0.0.1 ACCEPT\neni-0a1b2c3d vpc-1 egress\n');
    expect(lines).toHaveLength(2);
  });

  test('a byte order mark does not hide the header', async () => {
    const { lines } = await read(`\ufeff${HEADER}\n2 10.0.0.1 10.0.0.2 1 2\n`);
    expect(lines).toHaveLength(1);
  });

  test('Windows line ends, blank lines and a missing last line end change nothing', async () => {
    const { lines } = await read(`${LINES.join('\r\n\r\n')}`);
    expect(lines).toEqual(LINES);
  });

  test('where the pieces are cut changes neither lines nor layouts', async () => {
    const text = `${TEXT}${HEADER}\n2 10.0.0.1 10.0.0.2 1 2\n${HEADER} action\n2 10.0.0.1 10.0.0.2 1 2 ACCEPT`;
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
        const cut = await read(text, size);
        expect(cut.lines).toEqual(whole.lines);
        const identities = cut.batches.map(({ identity }) => identity);
        expect(new Set(identities).size).toBe(identities.length);
      }),
      { numRuns: 40 },
    );
  });

  test('a line of 10 MB is counted once, with its beginning, and its neighbours are read', async () => {
    const long = 'x'.repeat(10_000_000);
    const { lines, faults, samples } = await read(`${LINES[0]}\n${long}\n${LINES[1]}\n`, 65_536);
    expect(lines).toEqual([LINES[0], LINES[1]]);
    expect(faults).toEqual({ 'line-too-long': 1 });
    expect(samples).toEqual([['line-too-long', 'x'.repeat(120)]]);
  });

  test('a file that is one long line without an end is counted and holds no memory', async () => {
    const { lines, faults } = await read('y'.repeat(3_000_000), 65_536);
    expect(lines).toEqual([]);
    expect(faults).toEqual({ 'line-too-long': 1 });
  });
});

describe('a pipe', () => {
  const PATIENCE = 20;

  /** Batches of a source that says something and then nothing until it is released. */
  function readSilent(first: string, rest: string) {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* pieces() {
      yield Buffer.from(first);
      await held;
      yield Buffer.from(rest);
    }
    const options = { layoutsOf: () => [DEFAULT_LAYOUT], patience: PATIENCE };
    const outcome = { recognised: false };
    return { batches: readBatches('-', pieces(), options, outcome), release };
  }

  test('hands on its whole lines after a while, though more may come', async () => {
    const [beginning, end] = [LINES[1].slice(0, 30), LINES[1].slice(30)];
    const { batches, release } = readSilent(`${LINES[0]}\n${beginning}`, `${end}\n`);
    expect(linesOf((await batches.next()).value)).toEqual([LINES[0]]);
    release();
    expect(linesOf((await batches.next()).value)).toEqual([LINES[1]]);
    expect((await batches.next()).done).toBe(true);
  });

  test('hands on log events the same way', async () => {
    const [one, two] = LINES.map((message) => `${JSON.stringify({ message })}\n`);
    const { batches, release } = readSilent(one.padEnd(300), two);
    expect(linesOf((await batches.next()).value)).toEqual([LINES[0]]);
    release();
    expect(linesOf((await batches.next()).value)).toEqual([LINES[1]]);
  });
});

describe('CloudWatch Logs exports', () => {
  const exported = LINES.map((line, i) => `2026-01-01T00:0${i}:00.000Z ${line}`);

  test('the timestamp before the record is taken off and kept as its time', async () => {
    const { lines, batches } = await read(gzip(`${exported.join('\n')}\n`));
    expect(lines).toEqual(LINES);
    expect([...(batches[0].lines.times ?? [])]).toEqual([
      1_767_225_600, 1_767_225_660, 1_767_225_720,
    ]);
  });

  test('aws logs tail puts the stream between them', async () => {
    const tail = LINES.map((line) => `2026-01-01T00:00:00+00:00 eni-0a1b2c3d-all ${line}`);
    expect((await read(tail.join('\n'))).lines).toEqual(LINES);
  });

  test('a first field that is an interface is not taken for a stream', async () => {
    const { lines } = await read('2026-01-01T00:00:00.000Z eni-0a1b2c3d 10.0.0.1\n');
    expect(lines).toEqual(['eni-0a1b2c3d 10.0.0.1']);
  });

  test('what the export writes to test its rights is no record and no damage', async () => {
    expect(await read('Permission Check Successful')).toMatchObject({
      batches: [],
      outcome: { recognised: true },
    });
  });
});

describe('gzip', () => {
  test('members one after another are one text', async () => {
    const bytes = Buffer.concat(LINES.map((line) => gzip(`${line}\n`)));
    for (const size of [undefined, 7]) expect((await read(bytes, size)).lines).toEqual(LINES);
  });

  test('gzip in gzip is unpacked twice', async () => {
    expect((await read(gzip(gzip(TEXT)))).lines).toEqual(LINES);
  });

  test('of a file cut short, whole lines are kept, the cut one is counted, and it is told', async () => {
    const text = Array.from({ length: 5_000 }, (_, i) => record(i, i)).join('\n');
    const bytes = gzip(text);
    const { lines, faults, outcome } = await read(bytes.subarray(0, bytes.length - 2_000), 4_096);
    expect(lines.length).toBeGreaterThan(3_000);
    expect(lines.length).toBeLessThan(5_000);
    expect(text.startsWith(lines.join('\n'))).toBe(true);
    expect(faults).toEqual({ 'cut-off': 1 });
    expect(outcome.damage).toBe('the gzip data is cut short');
  });

  test('a file that lacks only its last byte is told to be cut short', async () => {
    const { lines, outcome } = await read(gzip(TEXT).subarray(0, -1));
    expect(lines).toEqual(LINES);
    expect(outcome.damage).toBe('the gzip data is cut short');
  });

  test('a whole file is not', async () => {
    expect((await read(gzip(TEXT))).outcome.damage).toBeUndefined();
  });

  test('corrupt data keeps what came before it, and is told from a cut', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => record(i, i)).join('\n');
    const bytes = gzip(text);
    bytes[bytes.length - 6] ^= 0xff;
    const { lines, outcome } = await read(bytes);
    expect(lines.length).toBeGreaterThan(10_000);
    expect(text.startsWith(lines.join('\n'))).toBe(true);
    expect(outcome.damage).toMatch(/^corrupt gzip data/);
  });
});

describe('subscription payloads', () => {
  const forms: readonly (readonly [string, Uint8Array | string])[] = [
    ['gzip of the JSON', gzip(payload(LINES))],
    ['base64 text of that', gzip(payload(LINES)).toString('base64')],
    [
      'base64 folded into lines',
      (
        gzip(payload(LINES))
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n'),
    ],
    [
      'a Lambda event',
      JSON.stringify({ awslogs: { data: gzip(payload(LINES)).toString('base64') } }),
    ],
    [
      'a Lambda event in many lines',
      JSON.stringify({ awslogs: { data: gzip(payload(LINES)).toString('base64') } }, undefined, 2),
    ],
    ['the JSON itself', payload(LINES)],
    ['the JSON in many lines', JSON.stringify(JSON.parse(payload(LINES)), undefined, 2)],
  ];

  test.each(forms)('%s gives the records of the log group', async (_name, bytes) => {
    for (const size of [undefined, 50]) {
      const { lines, batches, outcome } = await read(bytes, size);
      expect(lines).toEqual(LINES);
      expect(batches[0].source).toEqual({ kind: 'logGroup', name: GROUP, account: '210987654321' });
      expect(outcome).toEqual({ recognised: true });
    }
  });

  test('several in one file, as Firehose writes them, are all read', async () => {
    const both = `${payload([LINES[0]])}${payload([LINES[1]])}`;
    expect((await read(gzip(both), 90)).lines).toEqual(LINES.slice(0, 2));
    const packed = [LINES[0], LINES[1]].map((line) => gzip(payload([line])).toString('base64'));
    expect((await read(`${packed.join('\n')}\n`, 40)).lines).toEqual(LINES.slice(0, 2));
  });

  test('its identity is its own, whatever file holds it', async () => {
    const a = await read(payload(LINES));
    const b = await read(gzip(payload(LINES)));
    expect(a.batches[0].identity).toBe(b.batches[0].identity);
    const other = await read(payload(LINES).replace('"id":"3', '"id":"4'));
    expect(other.batches[0].identity).not.toBe(a.batches[0].identity);
  });

  test('a control message has no record and is no fault', async () => {
    const { batches, faults, outcome } = await read(
      payload(['CWL CONTROL MESSAGE'], 'CONTROL_MESSAGE'),
    );
    expect([batches, faults, outcome]).toEqual([[], {}, { recognised: true }]);
  });

  test('a Lambda event of something else is a fault with its beginning', async () => {
    const { faults, samples, outcome } = await read(JSON.stringify({ Records: [{ s3: {} }] }));
    expect(faults).toEqual({ 'unknown-json': 1 });
    expect(samples[0][1]).toMatch(/^\{"Records"/);
    expect(outcome.recognised).toBe(false);
  });

  test('a Lambda event of broken base64 is a fault', async () => {
    expect((await read(JSON.stringify({ awslogs: { data: 'H4sIAAAA' } }))).faults).toEqual({
      'bad-gzip': 1,
    });
  });
});

describe('log events as JSON', () => {
  const events = LINES.map((message, i) => ({
    eventId: String(i),
    timestamp: 1_767_225_600_000,
    message,
  }));

  test('the answer of filter-log-events is read without holding all of it', async () => {
    const answer = {
      events,
      searchedLogStreams: [{ logStreamName: 'a', searchedCompletely: true }],
    };
    for (const indent of [undefined, 4]) {
      for (const size of [undefined, 33]) {
        const { lines, faults } = await read(JSON.stringify(answer, undefined, indent), size);
        expect([lines, faults]).toEqual([LINES, {}]);
      }
    }
  });

  test('also where events is not its first key, and as a bare list', async () => {
    expect((await read(JSON.stringify({ nextToken: 'x', events }))).lines).toEqual(LINES);
    expect((await read(JSON.stringify(events, undefined, 2))).lines).toEqual(LINES);
  });

  test('an answer without events is recognised', async () => {
    const { batches, outcome } = await read('{"events": [], "searchedLogStreams": []}');
    expect([batches, outcome]).toEqual([[], { recognised: true }]);
  });

  test('JSON lines with a message, as Firehose writes them, lose their line end', async () => {
    const text = LINES.map((line) => JSON.stringify({ message: `${line}\n` })).join('\n');
    for (const size of [undefined, 21]) expect((await read(text, size)).lines).toEqual(LINES);
  });

  test('a broken line among them is counted and costs no other', async () => {
    const good = LINES.map((line) => JSON.stringify({ message: line }));
    const text = [good[0], '{"message": "2 1234', 'not JSON at all', '{"other": 1}', good[1]].join(
      '\n',
    );
    const { lines, faults } = await read(text, 25);
    expect(lines).toEqual(LINES.slice(0, 2));
    expect(faults).toEqual({ 'not-json': 2, 'unknown-json': 1 });
  });

  test('an answer that breaks off keeps its whole events and is told', async () => {
    const text = JSON.stringify({ events });
    const { lines, outcome } = await read(text.slice(0, -60));
    expect(lines).toEqual(LINES.slice(0, 2));
    expect(outcome.damage).toBe('the JSON breaks off before its end');
  });

  test('braces and quotes inside a message are text', async () => {
    const message = `${LINES[0]} "}{ \\`;
    expect((await read(JSON.stringify({ message }), 3)).lines).toEqual([message]);
  });
});

describe('what is no flow log', () => {
  test('nothing, and blanks, are empty', async () => {
    for (const text of ['', ' \n \n']) {
      expect(await read(text)).toMatchObject({ batches: [], outcome: { recognised: false } });
    }
  });

  test.each([
    ['binary data', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0, 0]), /binary/],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4]), /zstd/],
    ['a zip archive', Buffer.from('PK\u0003\u0004abcdef'), /zip archive/],
    ['UTF-16 text', Buffer.from('\ufeff2 123', 'utf16le'), /UTF-16/],
    ['binary data in gzip', gzip(Buffer.alloc(100)), /binary/],
  ])('%s is told by name and not read', async (_name, bytes, why) => {
    const { batches, outcome } = await read(bytes);
    expect(batches).toEqual([]);
    expect(outcome.damage).toMatch(why);
  });

  test('what begins like Parquet and is none is told as damaged', async () => {
    const { batches, outcome } = await read('PAR1 and so on');
    expect(batches).toEqual([]);
    expect(outcome).toEqual({
      recognised: false,
      damage: expect.stringMatching(/the Parquet file cannot be read/),
    });
  });

  test('text that only mentions Parquet is text', async () => {
    expect((await read('PARIS 1\n')).lines).toEqual(['PARIS 1']);
  });

  test('prose is read as lines, for the parser to refuse', async () => {
    expect((await read('This is a README.\nIt has no flows.\n')).lines).toHaveLength(2);
  });
});
