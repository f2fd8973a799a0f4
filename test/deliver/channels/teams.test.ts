import { describe, expect, test } from '@jest/globals';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, sent } from './contexts.ts';
import { schemaCheck } from './schemas.ts';

interface Run {
  readonly text: string;
}

interface Card {
  readonly fallbackText: string;
  readonly body: readonly {
    readonly style?: string;
    readonly items: readonly { readonly inlines: readonly Run[] }[];
  }[];
  readonly actions: readonly { readonly title: string; readonly url: string }[];
}

const wrong = schemaCheck('adaptive-card-1.5.json');

function card(alert = aFullAlert()): Card {
  const message = sent(alert, CHANNELS.teams) as {
    readonly type: string;
    readonly attachments: readonly { readonly contentType: string; readonly content: Card }[];
  };
  expect(message.type).toBe('message');
  expect(message.attachments).toHaveLength(1);
  expect(message.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
  const { content } = message.attachments[0];
  // Of Teams alone, and so not in the schema.
  const { msteams, ...rest } = content as Card & { readonly msteams: unknown };
  expect(msteams).toEqual({ width: 'Full' });
  expect(wrong(rest)).toEqual([]);
  return content;
}

const lines = ({ body }: Card): string[] =>
  body.flatMap(({ items }) => items.map(({ inlines }) => inlines.map(({ text }) => text).join('')));

describe('a Teams card', () => {
  test('reads from top to bottom as the mail does', () => {
    expect(lines(card())).toEqual([
      '[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
      'Port probing from the internet',
      'Who  198.51.100.7 -> 10.0.0.5',
      'To  web-1 (instance i-0abc, vpc-1)',
      'Value  120 records in 5 minutes, threshold 100, 4.8 kB in 120 packets',
      'Seen  2026-11-23 10:31:02 to 10:35:41 UTC',
      'Top dstport  22 (20), 3389 (18), 445 (12), +1 more',
      'Over time  ▂▂█▄▂ up to 64 records a minute',
      '10:31:02 REJECT tcp 198.51.100.7:51515 -> 10.0.0.5:22 (ssh) 3 packets 120 B',
      '10:31:03 REJECT tcp 198.51.100.7:51516 -> 10.0.0.5:3389 (ms-wbt-server) 1 packet 40 B',
      'Silence it for two hours:',
      "npx flowlog-alerts silence add --stage prod --region eu-west-1 --match rule=port-probing --match srcaddr=198.51.100.7 --match dstaddr=10.0.0.5 --for 2h --reason 'alert ABCDEFGHIJKLMNOPQRSTUVWXYZ'",
      'stage prod, account 123456789012, eu-west-1, /vpc/flow-logs',
      'rule port-probing, alert ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    ]);
  });

  test('the head has the colour of the severity, and green once it is over', () => {
    expect(card().body[0].style).toBe('attention');
    expect(card(aFullAlert({ rule: { ...anAlert().rule, severity: 'info' } })).body[0].style).toBe(
      'emphasis',
    );
    expect(card(anOver()).body[0].style).toBe('good');
  });

  test('the lock screen of a phone shows what happened', () => {
    expect(card().fallbackText).toBe(lines(card())[0]);
  });

  test('buttons lead to the runbook and to Logs Insights, and to nothing else', () => {
    expect(card().actions.map(({ title }) => title)).toEqual(['Runbook', 'Logs Insights']);
    const javascript = { ...anAlert().rule, runbook: 'javascript:alert(1)' };
    expect(card(anAlert({ rule: javascript })).actions).toEqual([]);
  });

  test('what a record holds is no Markdown', () => {
    const whole = card(anAlert({ message: '**x** [here](https://evil.example) # y' }));
    expect(lines(whole)[0]).toBe('[HIGH] **x** [here](https://evil.example) # y');
    expect(JSON.stringify(whole)).not.toContain('"TextBlock"');
  });
});
