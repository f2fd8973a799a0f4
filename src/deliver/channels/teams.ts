/** Microsoft Teams, by a Workflows webhook: an Adaptive Card that reads on a phone. */
import type { Alert } from '../../alerts/alert.ts';
import { fitted } from '../../alerts/fit.ts';
import type { Severity } from '../../rules/compiled.ts';
import type { Outgoing, RenderContext } from '../channel.ts';
import { type Content, contentOf } from './content.ts';
import { jsonPost } from './json-post.ts';

/**
 * Bytes of a request; 28 KB are allowed.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
const MOST_BYTES = 28_000;
const LONGEST_URL = 3_000;

type Style = 'attention' | 'warning' | 'accent' | 'emphasis' | 'good';

const STYLES: Readonly<Record<Severity, Style>> = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
  info: 'emphasis',
};

/** Runs, unlike text blocks, know no Markdown: what a record holds stays what it is. */
interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Medium' | 'Small';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
}

interface RichTextBlock {
  readonly type: 'RichTextBlock';
  readonly spacing?: 'None' | 'Small' | 'Medium';
  readonly separator?: true;
  readonly inlines: readonly TextRun[];
}

interface Container {
  readonly type: 'Container';
  readonly style?: Style;
  readonly bleed?: true;
  readonly spacing?: 'Medium';
  readonly items: readonly RichTextBlock[];
}

/** Everything else that does not fit is left out, samples first, and counted where it stood. */
export function renderTeams(
  alert: Alert,
  { url }: { readonly url: string },
  context: RenderContext,
): Outgoing {
  return fitted(alert, (candidate) => {
    const card = cardOf(candidate, contentOf(candidate, context, LONGEST_URL));
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: card };
    const post = jsonPost(url, { type: 'message', attachments: [attachment] });
    return post.via === 'http' && Buffer.byteLength(post.body) <= MOST_BYTES ? post : undefined;
  });
}

function cardOf(alert: Alert, content: Content): Record<string, unknown> {
  const { headline, facts, samples, buttons, silence, origin } = content;
  const body: readonly (Container | undefined)[] = [
    head(alert, content),
    group(facts.map(({ name, text }) => [run(`${name}  `, { weight: 'Bolder' }), run(text)])),
    group(samples.map((line) => [run(line, { fontType: 'Monospace', size: 'Small' })])),
    silence === undefined
      ? undefined
      : group([
          [run('Silence it for two hours:')],
          [run(silence, { fontType: 'Monospace', size: 'Small' })],
        ]),
    group(origin.map((line) => [run(line, { isSubtle: true, size: 'Small' })])),
  ];
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    // What a phone shows on its lock screen, and what a client without cards shows at all.
    fallbackText: headline,
    msteams: { width: 'Full' },
    body: body.filter((container) => container !== undefined),
    actions: buttons.map(({ text, url }) => ({ type: 'Action.OpenUrl', title: text, url })),
  };
}

function head(alert: Alert, { headline, title, outcome }: Content): Container {
  const lines: RichTextBlock[] = [block([run(headline, { weight: 'Bolder', size: 'Medium' })])];
  for (const text of [title, outcome]) if (text !== '') lines.push(block([run(text)]));
  const style = alert.status === 'resolved' ? 'good' : STYLES[alert.rule.severity];
  return { type: 'Container', style, bleed: true, items: lines };
}

function group(lines: readonly (readonly TextRun[])[]): Container | undefined {
  if (lines.length === 0) return undefined;
  return { type: 'Container', spacing: 'Medium', items: lines.map((line) => block(line)) };
}

function block(inlines: readonly TextRun[]): RichTextBlock {
  return { type: 'RichTextBlock', spacing: 'Small', inlines };
}

function run(text: string, look: Omit<TextRun, 'type' | 'text'> = {}): TextRun {
  return { type: 'TextRun', text, ...look };
}
