import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FetchPost } from '../../src/adapters/http/fetch-post.ts';
import { type Behaviour, ReceiverServer } from './receiver-server.ts';
import { SECRET, World } from './world.ts';

const MINUTE = 60_000;
const PATH = '/in/s3cret-path-of-ops';

let receiver: ReceiverServer;
let world: World;

beforeAll(async () => {
  receiver = await ReceiverServer.start();
});
afterAll(() => receiver.stop());

beforeEach(() => {
  receiver.received.length = 0;
  world = new World();
  world.restart({ post: new FetchPost({ timeoutMs: 300 }) });
  const url = `${receiver.url}${PATH}`;
  world.channel('ops', `{ type: webhook, url: "${url}", secret: ${SECRET} }`);
});
afterEach(() => {
  for (const secret of [SECRET, 's3cret-path']) expect(world.said()).not.toContain(secret);
});

/** Answers in turn, then 200. */
function script(...behaviours: Behaviour[]): void {
  receiver.behaviour = () => behaviours.shift() ?? { status: 200 };
}

describe('A receiver on the network that', () => {
  const echo = `${PATH} ${SECRET}`;
  test.each<[string, Behaviour, string]>([
    ['fails and repeats the secrets', { status: 500, body: echo }, 'it answered 500: [secret]'],
    ['is busy', { status: 429, headers: { 'retry-after': '20' } }, 'it answered 429'],
    ['never answers', 'never', 'no answer: none within 0.3 s'],
    ['breaks the connection', 'reset', 'no answer: ECONNRESET'],
    ['answers without an end', 'endless', 'it answered 500: xxx'],
  ])('%s gets the alert at a later try', async (_, behaviour, reason) => {
    script(behaviour);
    world.alert({ to: ['ops'] });
    await world.pump();
    expect(world.outcomes()).toEqual(['ops again']);
    expect(world.lines[0]?.reason).toContain(reason);
    await world.pass(2 * MINUTE);
    expect(world.outcomes().at(-1)).toBe('ops delivered');
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
  });

  test('is not there gets it when it is', async () => {
    const gone = await ReceiverServer.start();
    const url = `${gone.url}${PATH}`;
    await gone.stop();
    world.channel('ops', `{ type: webhook, url: "${url}", secret: ${SECRET} }`);
    world.alert({ to: ['ops'] });
    await world.pump();
    expect(world.lines[0]).toMatchObject({ outcome: 'again', reason: 'no answer: ECONNREFUSED' });
    const back = `${receiver.url}${PATH}`;
    world.channel('ops', `{ type: webhook, url: "${back}", secret: ${SECRET} }`);
    await world.pass(2 * MINUTE);
    expect(receiver.received).toHaveLength(1);
  });

  test('sends elsewhere is not followed, and the alert is parked', async () => {
    script({ status: 307, headers: { location: 'https://elsewhere.example.com/' } });
    world.alert({ to: ['ops'] });
    await world.pump();
    expect(world.letters.letters).toMatchObject([{ channel: 'ops', reason: 'it answered 307' }]);
  });
});
