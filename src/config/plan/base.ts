/**
 * What a folder and a stage had in common last: the base by which changes on either side are told
 * apart, as the common ancestor of a merge is.
 */
import { createHash } from 'node:crypto';
import { compare } from '../tree.ts';
import type { WantedParameter } from './parameters.ts';

export interface BaseParameter {
  readonly hash: string;
  readonly version: number;
}

export interface Base {
  /** Account, region and path of the tree; undefined while it was empty. */
  readonly place?: string;
  /** By path of the parameter. */
  readonly parameters: ReadonlyMap<string, BaseParameter>;
}

/** A parameter a line, so that two versions of the file can be merged. */
export function serializeBase({ place, parameters }: Base): string {
  const lines = [...parameters]
    .sort(([a], [b]) => compare(a, b))
    .map(([path, { hash, version }]) => `  ${JSON.stringify(path)}: ["${hash}", ${version}]`);
  const named = place === undefined ? '' : `"place": ${JSON.stringify(place)}, `;
  const body = lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`;
  return `{ "version": 1, ${named}"parameters": {${body}} }\n`;
}

/** @throws Error where the text is not of this version; the message goes after the file's name */
export function parseBase(text: string): Base {
  let file: { version?: unknown; place?: unknown; parameters?: unknown } | null;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON; delete it to start afresh');
  }
  const { version, place, parameters } = file ?? {};
  if (version !== 1 || typeof parameters !== 'object' || parameters === null) {
    throw new Error(
      'this version of flowlog-alerts does not read it; use a newer one, or delete it to start afresh',
    );
  }
  const entries = Object.entries(parameters as Record<string, [string, number]>);
  return {
    ...(typeof place === 'string' && { place }),
    parameters: new Map(entries.map(([path, [hash, version]]) => [path, { hash, version }])),
  };
}

export function hashOf({ text }: Pick<WantedParameter, 'text'>): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

/** Whether a parameter is what the base had. */
export function isAsBefore(base: Base, parameter: WantedParameter): boolean {
  return base.parameters.get(parameter.path)?.hash === hashOf(parameter);
}
