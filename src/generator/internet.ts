/**
 * Addresses outside, from blocks that are allocated but not announced to the internet, so that nobody
 * real is named and no bogon filter takes them for impossible.
 */
import type { Random } from './random.ts';

const QUIET_BLOCKS = [22, 26, 28, 29, 30, 33] as const;

export function strangerAddress(random: Random): string {
  const block = random.pick(QUIET_BLOCKS);
  return `${block}.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`;
}

/** Web services the application calls. */
export const PARTNERS: readonly string[] = [
  '25.10.0.10',
  '25.10.0.24',
  '25.20.7.80',
  '25.30.1.40',
  '25.30.1.41',
];

/** In the range of Amazon S3 in eu-west-1. */
export const S3_ADDRESS = '52.218.0.10';

/** Administrators come in through a VPN whose addresses are private. */
export function vpnAddress(random: Random): string {
  return `10.8.0.${random.between(10, 40)}`;
}

export function ephemeralPort(random: Random): number {
  return random.between(32_768, 60_999);
}

/** What the internet knocks at without asking, commonest first. */
const KNOCKED: readonly number[] = [
  23, 22, 445, 8_080, 3_389, 80, 5_900, 1_433, 2_323, 6_379, 8_443, 3_306, 5_060, 5_432, 2_375,
  9_200, 27_017, 25, 21, 11_211, 5_555, 8_728, 37_215, 60_001,
];

export function knockedPort(random: Random): number {
  if (random.chance(300)) return random.between(1, 65_535);
  // The smaller of two draws: commoner ports come more often.
  const index = Math.min(random.below(KNOCKED.length), random.below(KNOCKED.length));
  return KNOCKED[index];
}
