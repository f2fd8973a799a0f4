/** Configuration from a folder, as the command line reads it. */
import type { ConfigDocument } from '../ports/config-source.ts';
import { type CompiledConfig, compileConfig } from './compile.ts';
import type { Formats } from './settings.ts';

/**
 * Compiles a folder's tree: built-in rules are in it only where its settings set `builtin`, and
 * there is no earlier version to fall back on.
 */
export function checkTree(
  documents: readonly ConfigDocument[],
  options: { readonly builtin?: readonly ConfigDocument[]; readonly formats?: Formats } = {},
): CompiledConfig {
  const { builtin = [], formats = {} } = options;
  return compileConfig(documents, { builtin, formats, builtinDefault: false });
}
