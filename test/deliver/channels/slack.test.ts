import { describe, expect, test } from '@jest/globals';
import type { MessageAttachment } from '@slack/types';
import { charactersOf, type SlackMessage } from '../../../src/deliver/channels/slack.ts';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, sent } from './contexts.ts';

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** The compiler holds our message against Slack's own types. */
const asSlackSays = (message: Mutable<SlackMessage>): MessageAttachment[] => message.attachments;

const slack = (alert = aFullAlert()): SlackMessage =>
  sent(alert, CHANNELS.slack) as unknown as SlackMessage;

const texts = (message: SlackMessage): string[] =>
  asSlackSays(message as Mutable<SlackMessage>).flatMap(({ blocks = [] }) =>
    blocks.flatMap((block) => ('text' in block && block.text ? [JSON.stringify(block.text)] : [])),
  );

describe('a Slack message', () => {
  test('says what happened in one line, in the colour of the severity', () => {
    const message = slack();
    expect(message.text).toBe(
      '*[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes*',
    );
    expect(message.attachments[0].color).toBe('#d92d20');
    expect(
      slack(aFullAlert({ rule: { ...anAlert().rule, severity: 'low' } })).attachments[0].color,
    ).toBe('#f2c037');
  });

  test('tells who to whom, the top talkers, when, and the course over time, then the records', () => {
    const [title, facts, records] = slack().attachments[0].blocks;
    expect(title).toMatchObject({
      type: 'section',
      text: { text: '*Port probing from the internet*' },
    });
    expect(facts).toMatchObject({
      text: {
        type: 'mrkdwn',
        verbatim: true,
        text: [
          '*Who*  198.51.100.7 -&gt; 10.0.0.5',
          '*To*  web-1 (instance i-0abc, vpc-1)',
          '*Value*  120 records in 5 minutes, threshold 100, 4.8 kB in 120 packets',
          '*Seen*  2026-11-23 10:31:02 to 10:35:41 UTC',
          '*Top dstport*  22 (20), 3389 (18), 445 (12), +1 more',
          '*Over time*  ▂▂█▄▂ up to 64 records a minute',
        ].join('\n'),
      },
    });
    expect(JSON.stringify(records)).toContain('```10:31:02 REJECT tcp 198.51.100.7:51515 -&gt;');
  });

  test('has buttons to the runbook and to Logs Insights', () => {
    const actions = slack().attachments[0].blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({
      elements: [
        {
          type: 'button',
          text: { text: 'Runbook' },
          url: 'https://example.com/runbook#port-probing',
        },
        {
          text: { text: 'Logs Insights' },
          url: expect.stringMatching(/^https:\/\/eu-west-1\.console/),
        },
      ],
    });
  });

  test('has no button where there is nowhere to go, or the address is none', () => {
    const { runbook: _, ...rule } = anAlert().rule;
    for (const alert of [
      anAlert({ rule, links: {} }),
      anAlert({ rule: { ...rule, runbook: 'see the wiki' } }),
      anAlert({ rule: { ...rule, runbook: `https://example.com/${'x'.repeat(3_000)}` } }),
    ]) {
      expect(slack(alert).attachments[0].blocks.map(({ type }) => type)).not.toContain('actions');
    }
  });

  test('ends with a command that silences its like, ready to be pasted', () => {
    expect(texts(slack()).join()).toContain(
      "```npx flowlog-alerts silence add --stage prod --region eu-west-1 --match rule=port-probing --match srcaddr=198.51.100.7 --match dstaddr=10.0.0.5 --for 2h --reason 'alert ABCDEFGHIJKLMNOPQRSTUVWXYZ'```",
    );
  });

  test('what is over is green, does not read as if it happened now, and needs no silence', () => {
    const message = slack(anOver());
    expect(message.text).toBe(
      '*[RESOLVED] Port probing from the internet: 198.51.100.7 -&gt; 10.0.0.5*',
    );
    expect(message.attachments[0].color).toBe('#2e9d5b');
    expect(texts(message)[0]).toContain('Over: nothing more since 2026-11-23 10:35:41 UTC.');
    expect(JSON.stringify(message)).not.toContain('silence add');
  });

  test('what goes on says so', () => {
    const message = slack(aFullAlert({ status: 'updated', seq: 1 }));
    expect(message.text).toContain('[HIGH, ONGOING]');
    expect(texts(message)[0]).toContain('Not over yet: this is message 2 of the alert.');
  });

  test('a test says that it is one', () => {
    const message = slack(aFullAlert({ type: 'test' }));
    expect(message.text).toContain('[TEST]');
    expect(JSON.stringify(message)).not.toContain('silence add');
  });

  test('a summary can be silenced by its rule, and tells no value twice', () => {
    const { evidence } = anAlert({ evidence: { ...anAlert().evidence, samples: [], top: {} } });
    const summary = anAlert({ type: 'summary', group: {}, evidence, suppressed: 34 });
    expect(texts(slack(summary)).join()).toContain('--match rule=port-probing --for 2h');
    expect(texts(slack(summary)).join()).not.toContain('kept silent');
  });

  test('a record cannot call everybody, nor end the block it stands in', () => {
    const [sample] = anAlert().evidence.samples;
    const alert = anAlert({
      message: '<!channel> & <@U123|x> *bold*',
      evidence: { ...anAlert().evidence, samples: [{ ...sample, action: '```<!here>' }] },
    });
    const message = slack(alert);
    const all = JSON.stringify(message);
    expect(all).not.toMatch(/<[!@#]/);
    expect(message.text).toBe('*[HIGH] &lt;!channel&gt; &amp; &lt;@U123|x&gt; ∗bold∗*');
    expect(all).toContain("```10:31:02 '''&lt;!here&gt; tcp");
  });

  test('a message that would be too long loses lines, and says how many', () => {
    const [sample] = anAlert().evidence.samples;
    const samples = Array.from({ length: 5 }, () => ({ ...sample, action: '&'.repeat(120) }));
    const alert = aFullAlert({
      group: Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`f${n}`, '&'.repeat(120)])),
      message: '&'.repeat(600),
      evidence: { ...anAlert().evidence, samples, top: { dstport: [['&'.repeat(120), 9]] } },
    });
    const message = slack(alert);
    expect(charactersOf(message)).toBeLessThanOrEqual(12_500);
    expect(texts(message).join()).toMatch(/\+\d more (?:samples|lines)/);
  });
});
