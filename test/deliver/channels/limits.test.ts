import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { silenceCommand } from '../../../src/alerts/silence-command.ts';
import type { Channel, Outgoing } from '../../../src/deliver/channel.ts';
import { render } from '../../../src/deliver/channels/render.ts';
import { charactersOf, type SlackMessage } from '../../../src/deliver/channels/slack.ts';
import { CHANNELS, CONTEXT, payloadOf } from './contexts.ts';
import { hostileAlert } from './hostile-alert.ts';
import { schemaCheck } from './schemas.ts';

/** Holds for any alert; a channel may also have nothing to say. */
function always(
  channel: Channel,
  check: (outgoing: Outgoing, whole: Record<string, unknown>) => void,
): void {
  fc.assert(
    fc.property(hostileAlert, (alert) => {
      const outgoing = render(alert, channel, CONTEXT);
      if (outgoing.via === 'nothing') return expect(outgoing.why).not.toBe('');
      return check(outgoing, payloadOf(outgoing));
    }),
    { numRuns: 40 },
  );
}

const bytes = (outgoing: Outgoing): number =>
  Buffer.byteLength(outgoing.via === 'http' ? outgoing.body : JSON.stringify(outgoing));

describe('whatever an alert holds', () => {
  test('Slack gets blocks within its limits, and no mention of anybody', () => {
    always(CHANNELS.slack, (_, whole) => {
      const message = whole as unknown as SlackMessage;
      expect(charactersOf(message)).toBeLessThanOrEqual(13_000);
      expect(message.text).not.toBe('');
      const [{ blocks }] = message.attachments;
      expect(blocks.length).toBeGreaterThan(0);
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const block of blocks) {
        if (block.type === 'section') {
          expect(block.text.text.length).toBeGreaterThan(0);
          expect(block.text.text.length).toBeLessThanOrEqual(3_000);
          expect([0, 2]).toContain(block.text.text.match(/```/g)?.length ?? 0);
        } else if (block.type === 'actions') {
          expect(block.elements.length).toBeLessThanOrEqual(25);
          for (const { url } of block.elements) expect(url.length).toBeLessThanOrEqual(3_000);
        } else {
          expect(block.elements.length).toBeLessThanOrEqual(10);
          for (const { text } of block.elements) expect(text.length).toBeGreaterThan(0);
        }
      }
      expect(JSON.stringify(message)).not.toMatch(/<[!@#]/);
    });
  });

  test('Teams gets a valid card of at most 28 KB', () => {
    const wrong = schemaCheck('adaptive-card-1.5.json');
    always(CHANNELS.teams, (outgoing, whole) => {
      expect(bytes(outgoing)).toBeLessThanOrEqual(28_000);
      const [{ content }] = whole.attachments as [{ content: Record<string, unknown> }];
      const { msteams: _, ...card } = content;
      expect(wrong(card)).toEqual([]);
    });
  });

  test('PagerDuty gets a complete event within its limits', () => {
    always(CHANNELS.pagerduty, (outgoing, whole) => {
      expect(bytes(outgoing)).toBeLessThanOrEqual(512_000);
      expect((whole.dedup_key as string).length).toBeLessThanOrEqual(255);
      if (whole.event_action === 'resolve') return;
      const { summary, source, severity } = whole.payload as Record<string, string>;
      expect(summary.length).toBeGreaterThan(0);
      expect(summary.length).toBeLessThanOrEqual(1_024);
      expect(source).not.toBe('');
      expect(['critical', 'error', 'warning', 'info']).toContain(severity);
    });
  });

  test('Amazon Q gets its schema within its limits', () => {
    always(CHANNELS.chatbot, (_, whole) => {
      const {
        title,
        description,
        nextSteps = [],
        keywords = [],
      } = whole.content as {
        title: string;
        description: string;
        nextSteps?: string[];
        keywords?: string[];
      };
      expect(title.length).toBeLessThanOrEqual(250);
      expect(description.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(8_000);
      for (const step of nextSteps) expect(step.length).toBeLessThanOrEqual(350);
      for (const word of keywords) expect(word.length).toBeLessThanOrEqual(75);
      expect(`${title}${description}${nextSteps.join()}`).not.toMatch(/<[!@#]/);
    });
  });

  test('a lake gets a finding of the OCSF schema that fits a message', () => {
    const wrong = schemaCheck('ocsf-detection-finding-1.8.0.json');
    always(CHANNELS.ocsf, (outgoing, whole) => {
      expect(wrong(whole)).toEqual([]);
      expect(bytes(outgoing)).toBeLessThanOrEqual(262_144);
    });
  });

  test('Security Hub gets a finding of its format of at most 240 KB', () => {
    const wrong = schemaCheck('asff-finding.json');
    always(CHANNELS.securityhub, (outgoing, whole) => {
      expect(wrong(whole)).toEqual([]);
      expect(bytes(outgoing)).toBeLessThanOrEqual(240_000);
    });
  });

  test('a webhook gets all of it', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const outgoing = render(alert, CHANNELS.webhook, CONTEXT);
        expect(payloadOf(outgoing)).toEqual(JSON.parse(JSON.stringify(alert)));
      }),
      { numRuns: 20 },
    );
  });

  test('the silence command is one command of safe words', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const command = silenceCommand(alert, 'eu-west-1');
        if (command === undefined) return;
        expect(command.length).toBeLessThanOrEqual(1_000);
        expect(command).toMatch(
          /^(?:[\w@%+=:,./-]+|'[^'`\\]*')(?: (?:[\w@%+=:,./-]+|'[^'`\\]*'))*$/,
        );
      }),
    );
  });
});
