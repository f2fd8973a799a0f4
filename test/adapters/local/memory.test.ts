import { expect, test } from '@jest/globals';
import { MemoryCheckpointStore } from '../../../src/adapters/local/memory-checkpoint-store.ts';
import { MemoryDeadLetters } from '../../../src/adapters/local/memory-dead-letters.ts';
import { MemoryDigestLog } from '../../../src/adapters/local/memory-digest-log.ts';
import { MemoryMetricSink } from '../../../src/adapters/local/memory-metric-sink.ts';
import { MemoryNotifier } from '../../../src/adapters/local/memory-notifier.ts';
import { MemorySnapshotStore } from '../../../src/adapters/local/memory-snapshot-store.ts';
import { PermanentNotifyError } from '../../../src/ports/notifier.ts';
import { MemoryText } from '../../config/versioned-texts.ts';
import * as checkpointStore from '../../contracts/checkpoint-store.ts';
import * as deadLetters from '../../contracts/dead-letters.ts';
import * as digestLog from '../../contracts/digest-log.ts';
import * as metricSink from '../../contracts/metric-sink.ts';
import * as notifier from '../../contracts/notifier.ts';
import * as snapshotStore from '../../contracts/snapshot-store.ts';
import * as versionedText from '../../contracts/versioned-text.ts';

digestLog.runContract({ name: 'MemoryDigestLog', make: async () => new MemoryDigestLog() });

checkpointStore.runContract({
  name: 'MemoryCheckpointStore',
  async make() {
    const store = new MemoryCheckpointStore();
    return () => store;
  },
});

snapshotStore.runContract({
  name: 'MemorySnapshotStore',
  async make() {
    const store = new MemorySnapshotStore();
    return {
      store,
      publish: async (snapshot) => store.publish(snapshot),
      withdraw: async () => store.withdraw(),
    };
  },
});

metricSink.runContract({
  name: 'MemoryMetricSink',
  async make() {
    const sink = new MemoryMetricSink();
    return {
      sink,
      async sum(name, dimensions) {
        const wanted = JSON.stringify(dimensions);
        const values = sink.points
          .filter((point) => point.name === name && JSON.stringify(point.dimensions) === wanted)
          .map(({ value }) => value);
        return values.length === 0 ? undefined : values.reduce((a, b) => a + b);
      },
    };
  },
});

deadLetters.runContract({
  name: 'MemoryDeadLetters',
  async make() {
    const letters = new MemoryDeadLetters();
    return { letters, parked: async () => letters.letters };
  },
});

notifier.runContract({
  name: 'MemoryNotifier',
  async make() {
    const notifier = new MemoryNotifier();
    return {
      notifier,
      received: async () => notifier.published,
      fail: async () => notifier.failNext(new Error('it does not answer')),
      refuse: async () => notifier.failNext(new PermanentNotifyError('never')),
    };
  },
});

versionedText.runContract({
  name: 'MemoryText',
  async make() {
    const text = new MemoryText();
    return () => text;
  },
});

test('a memory snapshot store may start with a snapshot', async () => {
  const snapshot = snapshotStore.snapshotWith(60);
  expect(await new MemorySnapshotStore(snapshot).load()).toEqual({ snapshot, tag: '1' });
});
