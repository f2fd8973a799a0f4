/** Payloads as CloudWatch Logs delivers them, from the seeded generator. */
import { subscriptionEvent } from '../src/generator/subscription.ts';
import { generateLines } from '../src/generator/volume.ts';

/** Base64 texts of `batches` payloads with `size` default-format records each. */
export function payloads(size: number, batches: number): string[] {
  const lines = [...generateLines(size * batches)];
  return Array.from({ length: batches }, (_, i) => {
    const event = subscriptionEvent({
      logGroup: '/vpc/bench',
      logStream: `eni-0${i.toString(16).padStart(16, '0')}-all`,
      owner: '123456789012',
      lines: lines.slice(i * size, (i + 1) * size),
    });
    return event.awslogs.data;
  });
}
