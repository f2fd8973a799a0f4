/** Names of log groups with `*` (any run of characters) and `?` (one character). */

export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Whether a glob covers the whole of a name. Time is at most the product of both lengths. */
export function matchesGlob(glob: string, name: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < name.length) {
    if (at < glob.length && (glob[at] === '?' || glob[at] === name[from]) && glob[at] !== '*') {
      at++;
      from++;
    } else if (glob[at] === '*') {
      star = at++;
      resume = from;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/**
 * The formats of a log group: those under its own name, else those of the longest glob that covers
 * it, else undefined, which means the default format.
 */
export function formatsFor(
  formats: Readonly<Record<string, readonly string[]>>,
  logGroup: string,
): readonly string[] | undefined {
  if (Object.hasOwn(formats, logGroup)) return formats[logGroup];
  const globs = Object.keys(formats).filter((key) => isGlob(key) && matchesGlob(key, logGroup));
  const [longest] = globs.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return longest === undefined ? undefined : formats[longest];
}
