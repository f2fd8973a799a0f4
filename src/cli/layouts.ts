/** Which layouts the lines of a source may have where no header says so. */
import { formatsFor } from '../config/glob.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Source } from '../ports/source.ts';
import { DEFAULT_LAYOUT, type Layout, LayoutError, parseLayout } from '../records/layout.ts';
import type { LayoutChooser } from '../replay/inputs/payloads.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * The format named on the command line, else what the settings say of a log group, else AWS's
 * default format.
 * @throws CommandError on a format that is none
 */
export function layoutChooser(
  format: string | undefined,
  formats: Snapshot['formats'],
): LayoutChooser {
  const given = format === undefined ? undefined : [layoutOf(format)];
  const chosen = new Map<string, readonly Layout[]>();
  return (source: Source) => {
    if (given) return given;
    if (source.kind !== 'logGroup') return [DEFAULT_LAYOUT];
    let layouts = chosen.get(source.name);
    if (!layouts) {
      layouts = formatsFor(formats, source.name)?.map(parseLayout) ?? [DEFAULT_LAYOUT];
      chosen.set(source.name, layouts);
    }
    return layouts;
  };
}

function layoutOf(format: string): Layout {
  try {
    return parseLayout(format);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    throw new CommandError(EXIT.usage, `--format: ${error.message}`);
  }
}
