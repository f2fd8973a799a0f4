/** Slack, by an incoming webhook: one attachment of Block Kit in the colour of the severity. */
import type { Alert } from '../../alerts/alert.ts';
import { fitted } from '../../alerts/fit.ts';
import type { Severity } from '../../rules/compiled.ts';
import type { Outgoing, RenderContext } from '../channel.ts';
import { type Content, contentOf } from './content.ts';
import { jsonPost } from './json-post.ts';
import { codeWithin, escaped, escapedWithin, linesWithin } from './mrkdwn.ts';

/**
 * Characters over all texts. Slack documents 3,000 a section, but refuses messages above some 13,200
 * in all with `msg_blocks_too_long`: https://github.com/slackapi/bolt-js/issues/2509
 */
const MOST_CHARACTERS = 12_500;
const LONGEST_URL = 3_000;

/** Characters of each part once escaped; together with one long address they fit in any case. */
const LONGEST = {
  headline: 1_500,
  outcome: 1_500,
  facts: 2_500,
  code: 1_500,
  command: 1_400,
  line: 600,
} as const;

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#8b0a50',
  high: '#d92d20',
  medium: '#e8710a',
  low: '#f2c037',
  info: '#6b7280',
};
const RESOLVED = '#2e9d5b';

export interface SlackText {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Neither addresses nor names in it become links. */
  readonly verbatim: true;
}

export type SlackBlock =
  | { readonly type: 'section'; readonly text: SlackText }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] }
  | { readonly type: 'actions'; readonly elements: readonly SlackButton[] };

export interface SlackButton {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: { readonly type: 'plain_text'; readonly text: string };
  readonly url: string;
}

/** The body of the request. */
export interface SlackMessage {
  /** The headline, which a phone shows on its lock screen as well. */
  readonly text: string;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly attachments: readonly {
    readonly color: string;
    readonly blocks: readonly SlackBlock[];
  }[];
}

/** What does not fit is left out, samples first, and counted where it stood. */
export function renderSlack(
  alert: Alert,
  { url }: { readonly url: string },
  context: RenderContext,
): Outgoing {
  const message = fitted(alert, (candidate) => {
    const whole = slackMessage(candidate, contentOf(candidate, context, LONGEST_URL));
    return charactersOf(whole) <= MOST_CHARACTERS ? whole : undefined;
  });
  return jsonPost(url, message);
}

function slackMessage(alert: Alert, content: Content): SlackMessage {
  const { headline, title, outcome, facts, samples, buttons, silence, origin } = content;
  const blocks: (SlackBlock | undefined)[] = [
    section(LONGEST.outcome, [bold(title), escapedWithin(outcome, LONGEST.outcome / 2)]),
    section(
      LONGEST.facts,
      facts.map(({ name, text }) => `${bold(name)}  ${escapedWithin(text, LONGEST.line)}`),
    ),
    code('', samples),
    buttons.length === 0
      ? undefined
      : {
          type: 'actions',
          elements: buttons.map(({ text, url }, index) => ({
            type: 'button',
            action_id: `open-${index}`,
            text: { type: 'plain_text', text },
            url,
          })),
        },
    silence === undefined || escaped(silence).length > LONGEST.command
      ? undefined
      : code('Silence it for two hours:', [silence]),
    { type: 'context', elements: origin.map((line) => mrkdwn(escapedWithin(line, LONGEST.line))) },
  ];
  return {
    text: bold(headline, LONGEST.headline),
    unfurl_links: false,
    unfurl_media: false,
    attachments: [
      {
        color: alert.status === 'resolved' ? RESOLVED : COLOURS[alert.rule.severity],
        blocks: blocks.filter((block) => block !== undefined),
      },
    ],
  };
}

function mrkdwn(text: string): SlackText {
  return { type: 'mrkdwn', text, verbatim: true };
}

function section(longest: number, lines: readonly string[]): SlackBlock | undefined {
  const text = linesWithin(lines.filter(Boolean), longest).join('\n');
  return text === '' ? undefined : { type: 'section', text: mrkdwn(text) };
}

function code(lead: string, lines: readonly string[]): SlackBlock | undefined {
  if (lines.length === 0) return undefined;
  const text = codeWithin(lines, LONGEST.code);
  const opening = lead === '' ? '' : `${lead}\n`;
  return { type: 'section', text: mrkdwn(`${opening}\`\`\`${text}\`\`\``) };
}

/** An asterisk inside would end it. */
function bold(text: string, longest: number = LONGEST.line): string {
  return text === '' ? '' : `*${escapedWithin(text.replaceAll('*', '∗'), longest - 2)}*`;
}

/** As Slack counts: the texts, and nothing around them. */
export function charactersOf(message: SlackMessage): number {
  const texts = message.attachments.flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      if (block.type === 'section') return [block.text.text];
      if (block.type === 'context') return block.elements.map(({ text }) => text);
      return block.elements.flatMap(({ text, url }) => [text.text, url]);
    }),
  );
  return [message.text, ...texts].reduce((sum, text) => sum + text.length, 0);
}
