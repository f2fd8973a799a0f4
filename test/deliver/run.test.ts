import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { anAlert } from '../alerts/an-alert.ts';
import { hook, OK, SECRET, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;

beforeEach(() => {
  world = new World();
});

// The grep over everything that any of these tests lets be logged, thrown, parked or published.
afterEach(() => {
  for (const secret of [SECRET, 's3cret-path', 'hooks.example.com/']) {
    expect(world.said()).not.toContain(secret);
  }
});

const to = (...names: string[]) => ({ to: names });
const failing = () => ({ status: 500, body: 'down' });

describe('An alert', () => {
  test('goes to each of its channels, once, and the message is done', async () => {
    world.webhook('ops');
    world.webhook('pager');
    world.alert(to('ops', 'pager'));
    await world.pump();
    expect(world.gotten('ops')).toEqual([anAlert(to('ops', 'pager'))]);
    expect(world.gotten('pager')).toHaveLength(1);
    expect(world.outcomes()).toEqual(['ops delivered', 'pager delivered']);
    expect(world.queue).toEqual([]);
  });

  test('for `default` goes to the channel of that name', async () => {
    world.webhook('default');
    world.alert(to('default'));
    await world.pump();
    expect(world.gotten('default')).toHaveLength(1);
  });

  test('for `default` where there is no such channel is done: e-mail has it', async () => {
    world.alert(to('default'));
    await world.pump();
    expect([world.queue, world.outcomes(), world.notices]).toEqual([[], [], []]);
    expect(world.metrics.points).toEqual([]);
  });

  test('in the envelope of SNS is the same alert', async () => {
    world.webhook('ops');
    const Message = JSON.stringify(anAlert(to('ops')));
    world.send(JSON.stringify({ Type: 'Notification', MessageId: 'm', Message }));
    await world.pump();
    expect(world.gotten('ops')).toEqual([anAlert(to('ops'))]);
  });

  test('that comes twice is sent once, and the log says that it is a duplicate', async () => {
    world.webhook('ops');
    world.alert(to('ops'));
    world.alert(to('ops'));
    await world.pump();
    expect(world.gotten('ops')).toHaveLength(1);
    expect(world.outcomes()).toEqual(['ops delivered', 'ops duplicate']);
  });

  test('with another seq is another message', async () => {
    world.webhook('ops');
    world.alert(to('ops'));
    world.alert({ ...to('ops'), seq: 1, status: 'updated' });
    await world.pump();
    expect(world.gotten('ops').map(({ seq }) => seq)).toEqual([0, 1]);
  });
});

describe('Two at once', () => {
  test('of one message post once', async () => {
    let other: Promise<void> | undefined;
    const id = world.alert(to('ops'));
    world.webhook('ops', () => {
      // While the post is on its way, the queue hands the message out once more.
      other ??= world.handOut([id], world.another());
      return other.then(() => OK);
    });
    await world.handOut([id]);
    expect(world.gotten('ops')).toHaveLength(1);
    expect(world.outcomes()).toEqual(['ops delivered']);
  });

  test('a function that dies between post and record leaves a double of the same name, after its lease', async () => {
    world.webhook('ops');
    const id = world.alert(to('ops'));
    const dying = world.another({
      book: {
        of: (alert) => world.book.of(alert),
        claim: (key, claim) => world.book.claim(key, claim),
        postpone: (key, wait) => world.book.postpone(key, wait),
        settle: () => new Promise(() => undefined),
      },
    });
    void world.handOut([id], dying);
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.gotten('ops')).toHaveLength(1);
    await world.pass(59_000);
    expect(world.gotten('ops')).toHaveLength(1);
    await world.pass(5 * MINUTE);
    const names = world.gotten('ops').map(({ id: name, seq }) => `${name} ${seq}`);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(1);
    expect(world.queue).toEqual([]);
  });

  test('a record that cannot be written after the post is no reason to post again', async () => {
    world.webhook('ops');
    world.webhook('broken', failing);
    world.alert(to('ops', 'broken'));
    world.book.failNext('settle', new Error('throttled'));
    await world.pump();
    await world.pass(10 * MINUTE);
    expect(world.gotten('ops')).toHaveLength(1);
    expect(world.gotten('broken').length).toBeGreaterThan(1);
  });

  test('where the book does not answer, nothing is sent before it does', async () => {
    world.webhook('ops');
    world.alert(to('ops'));
    world.book.failNext('claim', new Error('throttled'));
    await world.pump();
    expect(world.posted).toEqual([]);
    await world.pass(MINUTE);
    expect(world.gotten('ops')).toHaveLength(1);
  });
});

describe('A channel that fails', () => {
  test('for an hour loses nothing, and gets everything once', async () => {
    let down = true;
    world.webhook('ops', () => (down ? failing() : OK));
    for (let minute = 0; minute < 60; minute++) {
      world.alert({ ...to('ops'), id: `ALERT${minute}` });
      await world.pass(MINUTE);
    }
    down = false;
    const before = world.posted.length;
    await world.pass(20 * MINUTE);
    expect(world.queue).toEqual([]);
    const delivered = world.posted.slice(before).map(({ body }) => JSON.parse(body).id);
    expect(delivered).toHaveLength(60);
    expect(new Set(delivered).size).toBe(60);
    expect(world.letters.letters).toEqual([]);
  });

  test('does not let the others get anything twice', async () => {
    world.webhook('ops');
    world.webhook('broken', failing);
    world.alert(to('broken', 'ops'));
    await world.pass(HOUR);
    expect(world.gotten('ops')).toHaveLength(1);
    expect(world.outcomes().filter((line) => line.startsWith('ops'))).toEqual(['ops delivered']);
    expect(world.gotten('broken').length).toBeGreaterThan(5);
  });

  test('is tried after 1, 2, 4, 8 and then every 15 minutes, and given up after six hours', async () => {
    world.webhook('broken', failing);
    const began = world.now;
    world.alert(to('broken'));
    await world.pass(7 * HOUR);
    const minutes = world.posted.map(({ at }) => Math.round((at - began) / MINUTE));
    expect(minutes.slice(0, 7)).toEqual([0, 1, 3, 7, 15, 30, 45]);
    expect(minutes.at(-1)).toBe(360);
    expect(world.letters.letters).toEqual([
      {
        kind: 'notification',
        channel: 'broken',
        reason: 'it answered 500: down',
        body: JSON.stringify(anAlert(to('broken'))),
      },
    ]);
    expect(world.queue).toEqual([]);
    expect(world.outcomes().at(-1)).toBe('broken parked');
    expect(world.failures({ Stage: 'prod' })).toBe(1);
    expect(world.failures({ Stage: 'prod', Channel: 'broken' })).toBe(1);
  });

  test('needs no more receives than the queue allows before it gives up', async () => {
    world.webhook('a', failing);
    world.webhook('b', () => ({ status: 429, body: '', retryAfter: '7' }));
    world.webhook('c', () => Promise.reject(new Error('ECONNRESET')));
    const id = world.alert(to('a', 'b', 'c'));
    let receives = 0;
    while (world.queue.length > 0) {
      await world.pass(MINUTE);
      receives = world.queue.find((message) => message.id === id)?.receives ?? receives;
    }
    expect(world.letters.letters.map(({ channel }) => channel).sort()).toEqual(['a', 'b', 'c']);
    expect(receives).toBeLessThan(150);
  });

  test('that says it will never take it is not asked again', async () => {
    world.webhook('gone', () => ({ status: 410, body: 'channel_is_archived' }));
    world.alert(to('gone'));
    await world.pass(HOUR);
    expect(world.posted).toHaveLength(1);
    expect(world.letters.letters).toMatchObject([
      { channel: 'gone', reason: 'it answered 410: channel_is_archived' },
    ]);
  });

  test('that asks for a pause gets it, for all alerts', async () => {
    let answers = 0;
    world.webhook('busy', () =>
      answers++ === 0 ? { status: 429, body: '', retryAfter: '30' } : OK,
    );
    const began = world.now;
    world.alert({ ...to('busy'), id: 'A' });
    world.alert({ ...to('busy'), id: 'B' });
    await world.pass(HOUR);
    expect(world.posted.map(({ at }) => (at - began) / 1000)).toEqual([0, 30, 30]);
    expect(world.letters.letters).toEqual([]);
  });

  test('that does not answer is not waited for by every alert of a batch', async () => {
    world.webhook('dead', () => Promise.reject(new Error('none within 10 s')));
    world.webhook('ops');
    for (const id of ['A', 'B', 'C', 'D', 'E']) world.alert({ ...to('dead', 'ops'), id });
    await world.pump();
    expect(world.gotten('dead')).toHaveLength(1);
    expect(world.gotten('ops')).toHaveLength(5);
  });

  test('and a dead-letter queue that fails as well keep the alert in the queue', async () => {
    world.webhook('gone', () => ({ status: 404, body: 'no_service' }));
    world.restart({
      deadLetters: { park: () => Promise.reject(new Error('AccessDenied')) },
    });
    world.alert(to('gone'));
    await world.pass(HOUR);
    expect(world.queue).toHaveLength(1);
    world.restart();
    await world.pass(HOUR);
    expect(world.letters.letters).toHaveLength(1);
  });

  test('gets what was parked when a person sends the letter back, and no other channel does', async () => {
    let status = 404;
    world.webhook('gone', () => ({ status, body: '' }));
    world.webhook('ops');
    world.alert(to('gone', 'ops'));
    await world.pump();
    const [letter] = world.letters.letters;
    status = 200;
    world.send(JSON.stringify(letter));
    await world.pump();
    expect(world.gotten('gone')).toHaveLength(2);
    expect(world.gotten('ops')).toHaveLength(1);
    expect(world.outcomes().at(-1)).toBe('gone delivered');
  });
});

describe('Order', () => {
  test('the end of an alert waits for its beginning on a channel that fails', async () => {
    let down = true;
    world.webhook('ops', () => (down ? failing() : OK));
    world.webhook('pager');
    world.alert(to('ops', 'pager'));
    await world.pass(2 * MINUTE);
    world.alert({ ...to('ops', 'pager'), seq: 1, status: 'resolved' });
    await world.pass(5 * MINUTE);
    expect(world.gotten('pager').map(({ status }) => status)).toEqual(['firing', 'resolved']);
    expect(world.gotten('ops').every(({ status }) => status === 'firing')).toBe(true);
    down = false;
    const before = world.gotten('ops').length;
    await world.pass(HOUR);
    const sent = world.gotten('ops').slice(before);
    expect(sent.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  test('an end that the queue hands out first waits for its beginning', async () => {
    world.webhook('ops');
    world.alert({ ...to('ops'), seq: 1, status: 'resolved' });
    await world.pump();
    expect(world.posted).toEqual([]);
    world.alert(to('ops'));
    await world.pass(MINUTE);
    expect(world.gotten('ops').map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  test('both in one batch go out in order', async () => {
    world.webhook('ops');
    world.alert({ ...to('ops'), seq: 1, status: 'resolved' });
    world.alert(to('ops'));
    await world.pump();
    expect(world.gotten('ops').map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  test('an end whose beginning never comes goes out after five minutes', async () => {
    world.webhook('ops');
    world.alert({ ...to('ops'), seq: 3, status: 'resolved' });
    await world.pass(4 * MINUTE);
    expect(world.posted).toEqual([]);
    await world.pass(2 * MINUTE);
    expect(world.gotten('ops')).toHaveLength(1);
  });

  test('an end goes at once to a channel that the beginning was not for', async () => {
    world.webhook('ops');
    world.webhook('late');
    world.alert(to('ops'));
    await world.pump();
    world.alert({ ...to('ops', 'late'), seq: 1, status: 'resolved' });
    await world.pump();
    expect(world.gotten('late')).toHaveLength(1);
  });

  test('the end follows a beginning that was parked', async () => {
    let status = 400;
    world.webhook('ops', () => ({ status, body: '' }));
    world.alert(to('ops'));
    await world.pump();
    status = 200;
    world.alert({ ...to('ops'), seq: 1, status: 'resolved' });
    await world.pump();
    expect(world.gotten('ops').map(({ seq }) => seq)).toEqual([0, 1]);
  });
});

describe('Channels that are not there', () => {
  test('are counted and logged for each alert, and told to the owner once', async () => {
    world.webhook('ops');
    for (const id of ['A', 'B', 'C']) world.alert({ ...to('ops', 'opps'), id });
    await world.pass(HOUR);
    expect(world.gotten('ops')).toHaveLength(3);
    expect(world.outcomes().filter((line) => line === 'opps parked')).toHaveLength(3);
    expect(world.failures({ Stage: 'prod', Channel: 'opps' })).toBe(3);
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]?.subject).toBe('flowlog-alerts prod: channel opps does not exist');
    expect(world.notices[0]?.text).toContain('flowlog-alerts channels set opps --stage prod');
    expect(world.queue).toEqual([]);
  });

  test('are counted once for an alert that comes again for another channel', async () => {
    world.webhook('broken', failing);
    world.alert(to('broken', 'opps'));
    await world.pass(HOUR);
    expect(world.failures({ Stage: 'prod', Channel: 'opps' })).toBe(1);
  });

  test('a channel with a wrong document is told once, and gets its alerts when it is mended', async () => {
    world.channel('ops', `{ type: webhook, url: "${hook('ops')}", sercet: ${SECRET} }`);
    world.alert(to('ops'));
    await world.pass(10 * MINUTE);
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]?.subject).toBe('flowlog-alerts prod: channel ops cannot be used');
    world.webhook('ops');
    await world.pass(20 * MINUTE);
    expect(world.gotten('ops')).toHaveLength(1);
  });

  test('a channel that is removed while an alert waits for it lets the alert go', async () => {
    world.webhook('ops', failing);
    world.alert(to('ops'));
    await world.pump();
    world.channels.delete('ops');
    await world.pass(HOUR);
    expect(world.queue).toEqual([]);
    expect(world.outcomes().at(-1)).toBe('ops parked');
  });
});

describe('What is no alert', () => {
  test.each([
    ['a text', 'plain words', 'it is not JSON'],
    ['another object', '{"hello": 1}', 'it is neither an alert nor an alarm'],
    ['a list', '[]', 'it is neither an alert nor an alarm'],
    ['null', 'null', 'it is not JSON'],
    [
      'an alert of a later version',
      JSON.stringify({ ...anAlert(), version: 2 }),
      'it is an alert of version 2',
    ],
  ])('%s is parked with its reason, and counted', async (_, body, reason) => {
    world.send(body);
    await world.pump();
    expect(world.letters.letters).toEqual([
      { kind: 'notification', reason: expect.stringContaining(reason), body },
    ]);
    expect(world.failures({ Stage: 'prod' })).toBe(1);
    expect(world.queue).toEqual([]);
  });

  test('does not keep the alerts of its batch back', async () => {
    world.webhook('ops');
    world.send('{');
    world.alert(to('ops'));
    await world.pump();
    expect(world.gotten('ops')).toHaveLength(1);
  });
});

describe('The service’s own troubles', () => {
  const alarm = (state: string, at: string, name = 'flowlog-alerts/prod/service/tick-missing') =>
    JSON.stringify({
      AlarmName: name,
      AlarmDescription: 'The clock stands still.',
      AWSAccountId: '123456789012',
      NewStateValue: state,
      NewStateReason: 'no datapoints',
      StateChangeTime: at,
      Region: 'EU (Ireland)',
      AlarmArn: `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`,
      OldStateValue: 'OK',
      Trigger: { MetricName: 'Invocations', Namespace: 'AWS/Lambda' },
    });

  test('an alarm of the service goes to the owner’s channel, and its end follows', async () => {
    world.webhook('owner');
    world.webhook('ops');
    world.delivery = { owner: 'owner', routes: [{ match: {}, to: ['ops'] }] };
    world.send(alarm('ALARM', '2026-11-23T11:59:00.000+0000'));
    world.send(alarm('OK', '2026-11-23T12:03:00.000+0000'));
    await world.pump();
    expect(world.gotten('owner').map(({ type, status }) => [type, status])).toEqual([
      ['service', 'firing'],
      ['service', 'resolved'],
    ]);
    expect(world.gotten('ops')).toEqual([]);
  });

  test('the second ALARM of one alarm is no duplicate of the first', async () => {
    world.webhook('owner');
    world.delivery = { owner: 'owner', routes: [] };
    for (const minute of ['01', '02', '03']) {
      world.send(alarm(minute === '02' ? 'OK' : 'ALARM', `2026-11-23T12:${minute}:00.000+0000`));
    }
    await world.pump();
    expect(world.gotten('owner')).toHaveLength(3);
  });

  test('the end of an alarm waits for its beginning on a channel that fails', async () => {
    let down = true;
    world.webhook('owner', () => (down ? failing() : OK));
    world.delivery = { owner: 'owner', routes: [] };
    world.send(alarm('ALARM', '2026-11-23T12:00:00.000+0000'));
    await world.pass(2 * MINUTE);
    world.send(alarm('OK', '2026-11-23T12:02:00.000+0000'));
    await world.pass(MINUTE);
    down = false;
    const before = world.gotten('owner').length;
    await world.pass(HOUR);
    const after = world.gotten('owner').slice(before);
    expect(after.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  test('a notice to the owner goes to the owner’s channel as it was written', async () => {
    world.webhook('owner');
    world.delivery = { owner: 'owner', routes: [] };
    world.send(
      JSON.stringify({
        Type: 'Notification',
        MessageId: 'a-1',
        Subject: 'flowlog-alerts prod: configuration, 1 with errors',
        Message: 'rules/broken:3: match.dstprt',
        Timestamp: '2026-11-23T12:00:00.000Z',
      }),
    );
    await world.pump();
    expect(world.gotten('owner')).toMatchObject([
      {
        type: 'service',
        rule: { title: 'flowlog-alerts prod: configuration, 1 with errors' },
        message: 'rules/broken:3: match.dstprt',
      },
    ]);
  });

  test('without an owner’s channel they stay with e-mail', async () => {
    world.webhook('ops');
    world.send(alarm('ALARM', '2026-11-23T12:00:00.000+0000'));
    await world.pump();
    expect([world.posted, world.queue, world.letters.letters]).toEqual([[], [], []]);
  });
});

describe('A function that runs out of time', () => {
  test('leaves the rest of its batch to the next', async () => {
    world.webhook('ops', () => {
      world.now += 30_000;
      return OK;
    });
    for (const id of ['A', 'B', 'C']) world.alert({ ...to('ops'), id });
    await world.handOut(
      world.queue.map(({ id }) => id),
      undefined,
      world.now + 40_000,
    );
    expect(world.gotten('ops')).toHaveLength(2);
    expect(world.queue).toHaveLength(1);
    await world.pass(MINUTE);
    expect(world.gotten('ops')).toHaveLength(3);
  });

  test('throws where nothing could be done for any message', async () => {
    world.webhook('ops');
    world.alert(to('ops'));
    world.book.failNext('of', new Error('the table does not answer'));
    await world.pump();
    expect(world.lines).toContainEqual({ thrown: 'Error: the table does not answer' });
  });
});
