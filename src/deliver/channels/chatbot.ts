/** Amazon Q Developer in chat applications (AWS Chatbot): its custom notification, through ChatTopic. */
import type { Alert } from '../../alerts/alert.ts';
import { cleanLine, cut } from '../../alerts/clean.ts';
import { type Outgoing, outsideKey, type RenderContext } from '../channel.ts';
import { type Button, type Content, contentOf } from './content.ts';
import { codeWithin, escaped, escapedWithin, linesWithin } from './mrkdwn.ts';

/** Characters; https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
const LONGEST = { title: 250, step: 350, keyword: 75 } as const;
const LONGEST_URL = 1_500;

/** Characters of the description's parts, which takes 8,000 in all. */
const PARTS = { outcome: 700, facts: 1_800, samples: 1_200, line: 300 } as const;
const MOST_KEYWORDS = 10;

/** All messages of an alert share one thread. Anything outside the schema is dropped without a word. */
export function renderChatbot(alert: Alert, context: RenderContext): Outgoing {
  const content = contentOf(alert, context, LONGEST_URL);
  const message = {
    version: '1.0',
    source: 'custom',
    id: `${alert.id}-${alert.seq}`,
    content: {
      textType: 'client-markdown',
      title: escapedWithin(content.headline, LONGEST.title),
      description: description(content),
      ...nextSteps(content),
      keywords: keywords(alert),
    },
    metadata: {
      threadId: outsideKey(alert, context),
      summary: escapedWithin(content.headline, LONGEST.title),
      eventType: `${alert.type} ${alert.status}`,
      additionalContext: { rule: alert.rule.id, severity: alert.rule.severity, stage: alert.stage },
    },
  };
  return { via: 'sns', topic: 'chat', message: JSON.stringify(message) };
}

function description({ title, outcome, facts, samples, buttons, origin }: Content): string {
  const blocks = [
    [title, outcome].map((text) => escapedWithin(text, PARTS.outcome)),
    linesWithin(
      facts.map(
        ({ name, text }) => `*${escapedWithin(name, 80)}*  ${escapedWithin(text, PARTS.line)}`,
      ),
      PARTS.facts,
    ),
    samples.length === 0 ? [] : [`\`\`\`\n${codeWithin(samples, PARTS.samples)}\n\`\`\``],
    buttons.filter((button) => !fitsStep(button)).map(link),
    origin.map((line) => escapedWithin(line, PARTS.line)),
  ];
  return blocks
    .map((lines) => lines.filter(Boolean).join('\n'))
    .filter(Boolean)
    .join('\n\n');
}

/** A longer address stands in the description. */
function fitsStep(button: Button): boolean {
  return link(button).length <= LONGEST.step;
}

/** In angle brackets, as a console's address ends in brackets that a chat would not take for its own. */
function link({ text, url }: Button): string {
  return `<${escaped(url)}|${text}>`;
}

function nextSteps({ buttons, silence }: Content): { nextSteps?: string[] } {
  const steps = buttons.filter(fitsStep).map(link);
  const command = silence === undefined ? '' : `Silence it: \`${escaped(silence)}\``;
  if (command !== '' && command.length <= LONGEST.step) steps.push(command);
  return steps.length === 0 ? {} : { nextSteps: steps };
}

function keywords({ rule, stage }: Alert): string[] {
  return [...new Set([rule.severity, rule.id, stage, ...rule.tags])]
    .map((word) => cut(cleanLine(word), LONGEST.keyword))
    .filter(Boolean)
    .slice(0, MOST_KEYWORDS);
}
