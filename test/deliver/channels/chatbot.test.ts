import { describe, expect, test } from '@jest/globals';
import { render } from '../../../src/deliver/channels/render.ts';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, CONTEXT, sent } from './contexts.ts';

interface Notification {
  readonly content: {
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: { readonly threadId: string; readonly eventType: string };
}

const chatbot = (alert = aFullAlert()): Notification =>
  sent(alert, CHANNELS.chatbot) as unknown as Notification;

describe('a notification for Amazon Q', () => {
  test('goes to the chat topic in the only schema that is not dropped', () => {
    expect(render(aFullAlert(), CHANNELS.chatbot, CONTEXT)).toMatchObject({
      via: 'sns',
      topic: 'chat',
    });
    expect(chatbot()).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-0',
      content: {
        textType: 'client-markdown',
        title: '[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
      },
    });
  });

  test('tells the facts and the first records', () => {
    const { description } = chatbot().content;
    expect(description).toContain('*Who*  198.51.100.7 -&gt; 10.0.0.5\n');
    expect(description).toContain('```\n10:31:02 REJECT tcp 198.51.100.7:51515 -&gt; 10.0.0.5:22');
    expect(description).toContain('stage prod, account 123456789012, eu-west-1, /vpc/flow-logs');
  });

  test('next steps are the runbook and silence; a longer address is in the description', () => {
    const { nextSteps, description } = chatbot().content;
    expect(nextSteps?.[0]).toBe('<https://example.com/runbook#port-probing|Runbook>');
    expect(nextSteps?.[1]).toMatch(/^Silence it: `npx flowlog-alerts silence add .*`$/);
    expect(description).toMatch(
      /<https:\/\/eu-west-1\.console\.aws\.amazon\.com\/.*\|Logs Insights>/,
    );
    expect(chatbot(anOver({ rule: { ...anAlert().rule, runbook: '' } })).content.nextSteps).toBe(
      undefined,
    );
  });

  test('all messages of an alert share a thread, and another alert has another', () => {
    const threads = [chatbot(), chatbot(anOver()), chatbot(anAlert({ id: 'OTHER' }))].map(
      ({ metadata }) => metadata.threadId,
    );
    expect(threads[1]).toBe(threads[0]);
    expect(threads[2]).not.toBe(threads[0]);
    expect(chatbot(anOver()).metadata.eventType).toBe('alert resolved');
  });

  test('keywords are severity, rule, stage and tags', () => {
    expect(chatbot().content.keywords).toEqual(['high', 'port-probing', 'prod', 'attack.t1046']);
  });
});
