/** Takes a channel's secrets out of what others say of it. */
import { type Channel, secretsOf } from './channel.ts';

const STAND_IN = '[secret]';
/** Shorter parts of an address are words such as `services`, not secrets. */
const SHORTEST_PART = 9;

/** A function that replaces every form of the channel's secrets in a text. */
export function redactorOf(channel: Channel): (text: string) => string {
  const forms = [...new Set(secretsOf(channel).flatMap(partsOf).flatMap(spellingsOf))]
    .filter((form) => form !== '')
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, STAND_IN), text);
}

/** A secret and, of an address, what errors quote of it: path, segments, values of the query. */
function partsOf(secret: string): string[] {
  const url = URL.parse(secret, 'https://host.invalid');
  const isAddress = secret.startsWith('/') || URL.canParse(secret);
  if (!url || !isAddress) return [secret];
  const pieces = [...url.pathname.split('/'), ...url.searchParams.values()];
  const path = `${url.pathname}${url.search}`;
  return [
    secret,
    url.href,
    ...(path.length > 1 ? [path, path.slice(1)] : []),
    ...(url.pathname.length > 1 ? [url.pathname] : []),
    ...pieces.filter((piece) => piece.length >= SHORTEST_PART),
  ];
}

function spellingsOf(part: string): string[] {
  const spelled = [
    part,
    encodeURI(part),
    encodeURIComponent(part),
    JSON.stringify(part).slice(1, -1),
  ];
  try {
    spelled.push(decodeURIComponent(part));
  } catch {
    // A lone percent sign is no encoding.
  }
  return spelled;
}
