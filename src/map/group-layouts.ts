/** Which layouts the lines of a log group may have. */
import { formatsFor } from '../config/glob.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Log } from '../ports/log.ts';
import { DEFAULT_LAYOUT, type Layout, LayoutError, parseLayout } from '../records/layout.ts';

const DEFAULT: readonly Layout[] = [DEFAULT_LAYOUT];

/** Layouts of one snapshot; a group's list is made once, so that parsers stay bound to it. */
export class GroupLayouts {
  readonly #formats: Snapshot['formats'];
  readonly #log: Log;
  readonly #known = new Map<string, readonly Layout[]>();

  constructor(formats: Snapshot['formats'], log: Log) {
    this.#formats = formats;
    this.#log = log;
  }

  /** Those of the group's LogFormats; a group that nothing is known of has the default format. */
  of(logGroup: string): readonly Layout[] {
    let layouts = this.#known.get(logGroup);
    if (!layouts) {
      const formats = formatsFor(this.#formats, logGroup) ?? [];
      const usable = formats.flatMap((format) => this.#parse(logGroup, format));
      layouts = usable.length > 0 ? usable : DEFAULT;
      this.#known.set(logGroup, layouts);
    }
    return layouts;
  }

  #parse(logGroup: string, format: string): Layout[] {
    try {
      return [parseLayout(format)];
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      this.#log('error', 'format-unusable', { logGroup, format, reason: error.message });
      return [];
    }
  }
}
