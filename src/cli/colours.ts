import pc from 'picocolors';
import type { Colours } from '../alerts/terminal.ts';
import type { Io, Output } from './io.ts';

/** Colours for a stream: on a terminal, unless NO_COLOR is set; FORCE_COLOR turns them on anyway. */
export function coloursFor(stream: Output, env: Io['env']): Colours {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = env;
  if (no !== undefined && no !== '') return pc.createColors(false);
  if (force !== undefined && force !== '' && force !== '0') return pc.createColors(true);
  return pc.createColors(stream.isTTY === true && term !== 'dumb');
}
