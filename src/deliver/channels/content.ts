/** What every chat shows of an alert, before it is laid out in the chat's own terms. */

import { alarmOf } from '../../alerts/alarm.ts';
import type { Alert } from '../../alerts/alert.ts';
import { cleanLine, cut } from '../../alerts/clean.ts';
import { originLines, sampleLines } from '../../alerts/email.ts';
import { alertFacts, type Fact } from '../../alerts/facts.ts';
import { silenceCommand } from '../../alerts/silence-command.ts';
import { alertLabel, openingLine, outcomeLine } from '../../alerts/status.ts';
import type { RenderContext } from '../channel.ts';

/** No text of it holds a line break. */
export interface Content {
  /** `[HIGH] 198.51.100.7 probed 10.0.0.5: ...`: what happened, in one line. */
  readonly headline: string;
  /** The rule's title, where the headline does not say it. */
  readonly title: string;
  /** What became of it, for what was told before. */
  readonly outcome: string;
  readonly facts: readonly Fact[];
  readonly samples: readonly string[];
  readonly buttons: readonly Button[];
  readonly silence: string | undefined;
  readonly origin: readonly string[];
}

export interface Button {
  readonly text: string;
  /** http or https. */
  readonly url: string;
}

const LONGEST_HEADLINE = 600;
const LONGEST_TEXT = 400;
const MOST_FACTS = 12;

/** @param longestUrl a button with a longer one is left out, as half an address leads nowhere */
export function contentOf(
  alert: Alert,
  { region }: Pick<RenderContext, 'region'>,
  longestUrl: number,
): Content {
  const opening = openingLine(alert);
  const title = cleanLine(alert.rule.title);
  return {
    headline: cut(`[${alertLabel(alert)}] ${opening}`, LONGEST_HEADLINE),
    title: opening.startsWith(title) ? '' : cut(title, LONGEST_TEXT),
    outcome: cut(outcomeLine(alert), LONGEST_HEADLINE),
    facts: alertFacts(alert)
      .slice(0, MOST_FACTS)
      .map(({ name, text }) => ({ name: cut(name, 80), text: cut(text, LONGEST_TEXT) })),
    samples: sampleLines(alert).map((line) => cut(line, LONGEST_TEXT)),
    buttons: buttonsOf(alert, longestUrl),
    silence: silenceCommand(alert, region),
    origin: originLines(alert).map((line) => cut(line, LONGEST_TEXT)),
  };
}

function buttonsOf(alert: Alert, longestUrl: number): Button[] {
  const { insights, console } = alert.links;
  const watched = alarmOf(alert) === undefined ? 'Log' : 'Alarm';
  const named: readonly (readonly [string, string | undefined])[] = [
    ['Runbook', alert.rule.runbook],
    ['Logs Insights', insights],
    [watched, insights === undefined ? console : undefined],
  ];
  return named.flatMap(([text, url]) =>
    url !== undefined && url.length <= longestUrl && isWeb(url) ? [{ text, url }] : [],
  );
}

/** A runbook may be any text; a button that is no web address makes Slack refuse the whole message. */
function isWeb(url: string): boolean {
  return /^https?:\/\/[^\s<>|"]+$/.test(url) && URL.canParse(url);
}
