const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

const AMOUNT = /^(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)$/i;

/** Reads plain decimal digits; anything else is undefined. */
export function parseWholeNumber(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Reads a number of bytes: `1500`, `1MB` (10^6), `1MiB` (2^20), `1.5GB`, units in any case.
 * @returns undefined for anything else, and for what is no whole number of bytes
 */
export function parseBytes(text: string): number | undefined {
  const parts = AMOUNT.exec(text.trim());
  if (!parts) return parseWholeNumber(text.trim());
  // 1.1 * 1e6 is 1100000.0000000002: rounding to a millionth takes such noise away.
  const bytes = Math.round(Number(parts[1]) * UNITS[parts[2].toUpperCase()] * 1e6) / 1e6;
  return Number.isInteger(bytes) ? bytes : undefined;
}

/** Fields that count bytes, so that conditions and sums on them may carry a unit. */
export const BYTE_FIELDS: ReadonlySet<string> = new Set(['bytes']);
