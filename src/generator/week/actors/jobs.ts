/** Work by the clock: backups at night, hourly copies, and the batch cluster. */
import { S3_ADDRESS } from '../../internet.ts';
import { type Scene, standing, talk } from '../conversation.ts';
import { standingPort } from '../station.ts';

const toS3 = { awsService: 'S3', path: 7 } as const;

/** From two to twenty to three everything is copied to the backup host, which copies it to S3. */
export function backups(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  if (minute.hour === 2 && minute.minute < 40) {
    const sources = [...site.apps, site.fileServer, site.repository, site.relay, ...site.search];
    for (const host of sources) {
      const sent = random.between(30_000_000, 90_000_000);
      emit(
        standing(scene, host, site.backup, {
          port: 10_080,
          sent,
          received: sent / 60,
          age: minute.day,
        }),
      );
    }
    const sent = random.between(700_000_000, 1_500_000_000);
    emit({
      ...standing(scene, site.backup, S3_ADDRESS, {
        port: 443,
        sent,
        received: sent / 80,
        age: minute.day,
      }),
      ...toS3,
    });
  }
  if (minute.minute === 17) {
    for (const feed of site.feeds) {
      const sent = random.between(2_000_000, 30_000_000);
      emit(
        talk(scene, feed, site.fileServer, { port: 873, sent, received: 90_000, at: 3, lasts: 30 }),
      );
    }
  }
}

/** Workers keep to their head, read and write S3, and pass data among each other on ports of the day. */
export function batchCluster(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const workers = site.workersUp(minute);
  const run = minute.week * 14 + minute.day * 2 + (minute.hour > 12 ? 1 : 0);
  for (const worker of workers) {
    emit(
      standing(scene, worker, site.batchHead, {
        port: 8_786,
        sent: 9_000,
        received: 14_000,
        age: run,
      }),
    );
    if (random.chance(500)) {
      const received = random.between(5_000_000, 60_000_000);
      emit({
        ...talk(scene, worker, S3_ADDRESS, { port: 443, sent: 9_000, received, lasts: 9 }),
        ...toS3,
      });
    }
    for (let peers = 2; peers > 0; peers--) {
      const peer = random.pick(workers);
      if (peer === worker) continue;
      const port = 33_000 + (standingPort(peer.number, run) % 12_000);
      emit(
        talk(scene, worker, peer, {
          port,
          sent: random.between(20_000, 4_000_000),
          received: 4_000,
        }),
      );
    }
  }
}
