/** What the week's owner has configured. */
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import type { WeekFormat } from '../../src/generator/week/lines.ts';
import type { ConfigDocument } from '../../src/ports/config-source.ts';

/** The site's lists; in the default format, which names no AWS services, also the addresses of these. */
export async function siteDocuments(format: WeekFormat): Promise<ConfigDocument[]> {
  const site = await new DirectorySource('bench/site').read();
  if (format !== 'v2') return site;
  const own = await new DirectorySource('bench/site-v2').read();
  const replaced = new Set(own.map(({ path }) => path));
  return [...site.filter(({ path }) => !replaced.has(path)), ...own];
}
