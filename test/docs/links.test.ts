import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, linksOf, pages, proseOf, ROOT } from './pages.ts';

/** Why a link leads nowhere; undefined where it is good. */
function fault(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (target.startsWith('..')) return 'leads out of the project';
  if (!existsSync(join(ROOT, target))) return 'there is no such file';
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md')) return 'anchors are of pages only';
  return anchorsOf(target).has(anchor) ? undefined : `${target} has no heading for it`;
}

const isOutside = (link: string) => /^[a-z]+:/.test(link);

describe('the documents', () => {
  test('are found, in all places', () => {
    const found = pages();
    expect(found).toEqual(expect.arrayContaining(['README.md', 'docs/rules.md']));
    expect(found).toEqual(
      expect.arrayContaining(['docs/iam/README.md', 'docs/decisions/README.md']),
    );
    expect(found.filter((page) => page.includes('node_modules'))).toEqual([]);
  });

  test.each(pages())('%s links only to what is there', (page) => {
    const faults = linksOf(page)
      .filter((link) => !isOutside(link))
      .map((link) => ({ link, fault: fault(page, link) }))
      .filter((one) => one.fault !== undefined);
    expect(faults).toEqual([]);
  });

  test('a link that leads nowhere is noticed', () => {
    expect(fault('README.md', 'docs/no-such-page.md')).toMatch(/no such file/);
    expect(fault('README.md', 'docs/deploy.md#no-such-heading')).toMatch(/no heading/);
    expect(fault('docs/deploy.md', '../../elsewhere.md')).toMatch(/out of the project/);
    expect(fault('README.md', 'docs/deploy.md#removing')).toBeUndefined();
    expect(fault('docs/operations.md', '#dead-letters')).toBeUndefined();
  });

  test('links to other sites are encrypted', () => {
    const plain = pages().flatMap((page) => linksOf(page).filter((link) => /^http:/.test(link)));
    expect(plain).toEqual([]);
  });

  test('every record of a decision is in the list of them', () => {
    const listed = new Set(linksOf('docs/decisions/README.md'));
    const records = pages()
      .filter((page) => /^docs\/decisions\/\d/.test(page))
      .map((page) => page.slice('docs/decisions/'.length));
    expect(records.length).toBeGreaterThan(10);
    expect(records.filter((record) => !listed.has(record))).toEqual([]);
    for (const [index, record] of records.entries()) {
      expect(Number(record.slice(0, 4))).toBe(index + 1);
      const parts = proseOf(`docs/decisions/${record}`).match(/^\*\*\w+\.\*\*/gm);
      expect({ record, parts }).toEqual({
        record,
        parts: ['**Context.**', '**Choice.**', '**Cost.**'],
      });
    }
  });

  test('files that the documents name as pictures are not empty', () => {
    const pictures = pages().flatMap((page) =>
      linksOf(page)
        .filter((link) => link.endsWith('.svg'))
        .map((link) => join(ROOT, dirname(page), link)),
    );
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) expect(statSync(picture).size).toBeGreaterThan(1_000);
  });
});
