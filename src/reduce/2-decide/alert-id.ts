import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Names an episode: the first 26 characters of base32 (RFC 4648) of
 * sha256(rule id, 0 byte, canonical group, 0 byte, firing slot).
 * @param group JSON array of the group's values in the order of `by`
 * @param slot start of the firing slot, Unix seconds
 */
export function alertId(rule: string, group: string, slot: number): string {
  const hash = createHash('sha256').update(`${rule}\0${group}\0${slot}`).digest();
  let bits = 0;
  let held = 0;
  let id = '';
  for (const byte of hash) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && id.length < 26) {
      bits -= 5;
      id += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
    if (id.length === 26) break;
  }
  return id;
}
