/**
 * Addresses of the CloudWatch console. Its fragment keeps state in a notation of its own: the page's
 * query is percent-encoded with `$` for `%`, and Logs Insights' state inside it is JSURL, whose
 * strings escape with `*`.
 */

/** Console hosts by the prefix of their regions; the last one is the commercial partition. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/^[a-z]{2}-[a-z]+-\d+$/, 'console.aws.amazon.com'],
];

/** `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1`; undefined for regions of no known partition. */
export function cloudWatchConsole(region: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(region)) return undefined;
  const host = HOSTS.find(([pattern]) => pattern.test(region))?.[1];
  return host && `https://${region}.${host}/cloudwatch/home?region=${region}`;
}

/** A value for the console's fragment: percent-encoded twice, `$` for `%`. */
export function fragmentValue(text: string): string {
  return encodeURIComponent(encodeURIComponent(text.toWellFormed())).replaceAll('%', '$');
}

/** What JSURL can say: strings, numbers, lists and objects of them. */
export type JsurlValue =
  | string
  | number
  | readonly JsurlValue[]
  | { readonly [key: string]: JsurlValue };

/** JSURL, e.g. `~(start~'2026-01-01~source~(~'*2fvpc))`. */
export function jsurl(value: JsurlValue): string {
  if (typeof value === 'number') return `~${value}`;
  if (typeof value === 'string') return `~'${jsurlText(value)}`;
  if (Array.isArray(value)) return `~(${value.map(jsurl).join('') || '~'})`;
  const members = Object.entries(value).map(([key, member]) => `${jsurlText(key)}${jsurl(member)}`);
  return `~(${members.join('~')})`;
}

function jsurlText(text: string): string {
  return text.replace(/[^\w.-]/g, (character) => {
    const code = character.charCodeAt(0);
    if (character === '$') return '!';
    const hex = code.toString(16);
    return code < 0x100 ? `*${hex.padStart(2, '0')}` : `**${hex.padStart(4, '0')}`;
  });
}
