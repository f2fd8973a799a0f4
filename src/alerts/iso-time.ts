/** ISO 8601 UTC, to the second, as alerts and documents have it. @param seconds Unix seconds */
export function iso(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
