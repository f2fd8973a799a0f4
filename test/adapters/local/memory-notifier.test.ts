import { expect, test } from '@jest/globals';
import { MemoryNotifier } from '../../../src/adapters/local/memory-notifier.ts';
import { alertNamed } from '../alert.ts';

test('what is published is kept, in order, and errors come as ordered', async () => {
  const notifier = new MemoryNotifier();
  notifier.failNext(new Error('busy'));
  await expect(notifier.publish(alertNamed('a'))).rejects.toThrow('busy');
  await notifier.publish(alertNamed('a'));
  await notifier.publish(alertNamed('b'));
  expect(notifier.published.map(({ id }) => id)).toEqual(['a', 'b']);
});
