/**
 * Space-delimited filter patterns on one line, by
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: one part a
 * field, `&&` before `||`, `*` in texts, `%regex%`, numbers compare with numbers alone.
 */

const ALLOWED_REGEX = /^[A-Za-z0-9:_#=@/;,^$?[\]{}|\\*+.-]*$/;

/** @throws Error on what CloudWatch would refuse */
export function patternPasses(pattern: string, line: string): boolean {
  if (pattern === '') return true;
  if (pattern.length > 1_024) throw new Error('a pattern has 1,024 characters at most');
  const inner = /^\[(.*)\]$/.exec(pattern)?.[1];
  if (inner === undefined) throw new Error(`no space-delimited pattern: ${pattern}`);
  const regexes = inner.match(/%[^%]*%/g) ?? [];
  if (regexes.length > 2) throw new Error('a pattern holds two regular expressions');
  for (const regex of regexes) {
    if (!ALLOWED_REGEX.test(regex.slice(1, -1))) throw new Error(`not allowed: ${regex}`);
  }
  const parts = (inner.match(/(?:"[^"]*"|%[^%]*%|[^,"%])+/g) ?? []).map((part) => part.trim());
  const values = line.split(/ +/);
  if (parts.length !== values.length) return false;
  return parts.every((part, i) => partPasses(part, values[i]));
}

function partPasses(part: string, value: string): boolean {
  if (/^[A-Za-z]\w*$/.test(part)) return true;
  const name = /^[A-Za-z]\w*/.exec(part)?.[0];
  return part
    .split(' || ')
    .some((alternative) =>
      alternative.split(' && ').every((term) => termPasses(term, name, value)),
    );
}

function termPasses(term: string, name: string | undefined, value: string): boolean {
  const found = /^([A-Za-z]\w*)(!=|<=|>=|=|<|>)(.+)$/.exec(term);
  if (!found || found[1] !== name) throw new Error(`cannot read ${term}`);
  const [, , operator, wanted] = found;
  if (wanted.startsWith('%')) {
    if (operator !== '=') throw new Error('a regular expression stands behind =');
    return new RegExp(wanted.slice(1, -1)).test(value);
  }
  if (operator === '=' || operator === '!=') {
    return equal(wanted, value) === (operator === '=');
  }
  if (!/^-?\d+$/.test(value)) return false;
  const [a, b] = [Number(value), Number(wanted)];
  return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[operator] ?? false;
}

function equal(wanted: string, value: string): boolean {
  if (!wanted.startsWith('"')) return Number(wanted) === Number(value) && value !== '-';
  const text = wanted
    .slice(1, -1)
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*');
  return new RegExp(`^${text}$`).test(value);
}
