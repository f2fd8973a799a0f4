/** What a rule keeps between records, and how much of it there can be. */
import { formatBytes, formatDuration, formatNumber } from '../alerts/english.ts';
import type { EngineSettings } from '../config/snapshot.ts';
import { carriedBy } from '../detect/index.ts';
import type { Carried } from '../detect/kind.ts';
import { MOST_SPANS } from '../detect/parts.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { effectiveWindow, slotCount } from '../rules/windows.ts';

/** Totals, a sample or two and the commonest values of a group and slot, as measured; bytes. */
const SLOT_BYTES = 400;
/** A number of six or seven bytes, and one of one or two. */
const LARGE = 7;
const SMALL = 2;
/** A number in a group's memory beside its slots. */
const KEPT = 8;
const DAY = 86_400;

export interface RuleMemory {
  readonly words: readonly string[];
  /** Slots a group may have. */
  readonly slots: number;
  /** Roughly, of a group that fills every slot; `mostBytes` where it also fills what slots hold beside totals. */
  readonly groupBytes: number;
  readonly mostBytes: number;
  /** Groups that are remembered at most. */
  readonly mostGroups: number;
}

/** @param groupBytes of one group in a digest, where that was measured */
export function memoryOf(rule: CompiledRule, settings: EngineSettings, groupBytes = 0): RuleMemory {
  const { detect, window } = rule;
  const slots = window === undefined ? 1 : slotCount(window);
  const own = ownMemory(rule);
  const slotBytes = groupBytes === 0 ? SLOT_BYTES : groupBytes;
  const kept = keptSeconds(rule) + settings.lateness;
  return {
    words: [
      ...(detect.kind === 'visibility'
        ? ['lines, skipped and unreadable ones of each source, by minute']
        : [
            `${formatNumber(slots)} slot${slots === 1 ? '' : 's'} a group: records, bytes, packets, a few samples, the commonest values`,
            ...carriedWords(carriedBy(detect)),
          ]),
      ...own.words,
      `kept for ${formatDuration(kept)} after the last record, lateness included`,
    ],
    slots,
    groupBytes: slots * slotBytes + own.bytes,
    mostBytes: slots * (slotBytes + carriedBytes(carriedBy(detect))) + own.bytes,
    mostGroups: Math.min(settings.maxMemory, settings.maxGroups * Math.ceil(kept / 60)),
  };
}

function carriedWords(carried: Carried): string[] {
  switch (carried.what) {
    case 'nothing':
      return [];
    case 'share':
      return ['in each, how many records also meet the condition'];
    case 'members':
      return [
        `in each, up to ${formatNumber(carried.above + 1)} distinct ${carried.fields.join(', ')}, ${LARGE} bytes each`,
      ];
    case 'connections': {
      const answers = carried.answers
        ? ['accepted records that may be answers, by five-tuple']
        : [];
      return [
        `in each, up to ${formatNumber(MOST_SPANS)} connections with their times`,
        ...answers,
      ];
    }
    case 'steps':
      return ['in each, how far the records of every step go'];
  }
}

function carriedBytes(carried: Carried): number {
  switch (carried.what) {
    case 'nothing':
      return 0;
    case 'share':
      return SMALL;
    case 'members':
      return (carried.above + 1) * LARGE;
    case 'connections':
      return MOST_SPANS * (LARGE + 2 * SMALL);
    case 'steps':
      return carried.steps.reduce(
        (sum, step) => sum + SMALL + (step?.what === 'members' ? (step.above + 1) * LARGE : 0),
        0,
      );
  }
}

/** What a group is remembered by beside slots. */
function ownMemory({ detect, window = 0 }: CompiledRule): {
  readonly words: readonly string[];
  readonly bytes: number;
} {
  if (detect.kind === 'spike') {
    const windows = Math.ceil(detect.baseline / effectiveWindow(window)) + 2;
    return {
      words: [`what each of the last ${formatNumber(windows)} windows came to`],
      bytes: windows * 2 * KEPT,
    };
  }
  if (detect.kind === 'new') return { words: ['when each group was seen last'], bytes: 2 * KEPT };
  if (detect.kind === 'absent') {
    return { words: ['when each group was seen last, and how often'], bytes: 4 * KEPT };
  }
  return { words: [], bytes: 0 };
}

function keptSeconds({ detect, window = 60 }: CompiledRule): number {
  if (detect.kind === 'new') return detect.forget;
  if (detect.kind === 'absent') return Math.max(10 * detect.for, DAY);
  if (detect.kind === 'spike') return detect.baseline + effectiveWindow(window);
  return effectiveWindow(window) * (detect.kind === 'unanswered' ? 2 : 1);
}

/** `about 1.2 kB a group, at most 3 kB; 17,500 groups at most`. */
export function sizeWords({ groupBytes, mostBytes, mostGroups }: RuleMemory): string {
  const most = mostBytes > 1.05 * groupBytes ? `, at most ${formatBytes(mostBytes)}` : '';
  return `about ${formatBytes(groupBytes)} a group${most}; at most ${formatNumber(mostGroups)} groups, of which the largest stay`;
}
