/** The project's Markdown pages and what is in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths of all pages, from the project's root. */
export function pages(): string[] {
  return globSync('**/*.md', {
    cwd: ROOT,
    ignore: ['**/node_modules/**', 'test/fixtures/**', 'coverage/**'],
  }).sort();
}

export function textOf(page: string): string {
  return readFileSync(`${ROOT}${page}`, 'utf8');
}

/** The text without fenced code and comments, in which nothing is a link or a heading. */
export function proseOf(page: string): string {
  return textOf(page)
    .replace(/^( *)```.*?^\1```/gms, '')
    .replace(/<!--.*?-->/gs, '');
}

/** Targets of all links and pictures. */
export function linksOf(page: string): string[] {
  const text = proseOf(page).replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Fenced blocks that stand right after the comment `<!-- mark -->`, in order. */
export function blocksMarked(page: string, ...marks: readonly string[]): MarkedBlock[] {
  const pattern = /^<!-- ([a-z]+) -->\n```[a-z]*\n(.*?)^```$/gms;
  return [...textOf(page).matchAll(pattern)]
    .map(([, mark = '', text = '']) => ({ mark, text }))
    .filter(({ mark }) => marks.includes(mark));
}

export interface MarkedBlock {
  readonly mark: string;
  readonly text: string;
}
