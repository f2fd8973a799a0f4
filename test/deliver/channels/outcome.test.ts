import { describe, expect, test } from '@jest/globals';
import { outcomeOf } from '../../../src/deliver/channels/outcome.ts';
import { CHANNELS } from './contexts.ts';

describe('an answer', () => {
  test.each([
    ['slack', 200, 'ok', 'delivered'],
    ['slack', 400, 'invalid_blocks', 'never'],
    ['slack', 403, 'action_prohibited', 'never'],
    ['slack', 404, 'no_service', 'never'],
    ['slack', 410, 'channel_is_archived', 'never'],
    ['slack', 429, '', 'again'],
    ['slack', 500, 'rollup_error', 'again'],
    ['pagerduty', 202, '{"status":"success"}', 'delivered'],
    ['pagerduty', 400, '{"status":"invalid event"}', 'never'],
    ['pagerduty', 429, '', 'again'],
    ['pagerduty', 503, '', 'again'],
    ['teams', 202, '', 'delivered'],
    ['teams', 200, '1', 'delivered'],
    ['teams', 200, 'Microsoft Teams endpoint returned HTTP error 429 with ContextId x', 'again'],
    ['teams', 200, 'Microsoft Teams endpoint returned HTTP error 403 with ContextId x', 'never'],
    ['slack', 200, 'endpoint returned HTTP error 429', 'delivered'],
    ['webhook', 204, '', 'delivered'],
    ['webhook', 301, '', 'never'],
    ['webhook', 401, '', 'never'],
    ['webhook', 408, '', 'again'],
    ['webhook', 425, '', 'again'],
    ['webhook', 422, '', 'never'],
    ['ocsf', 502, '', 'again'],
  ] as const)('of %s with %i %j is %s', (type, status, body, outcome) => {
    expect(outcomeOf(CHANNELS[type], status, body)).toBe(outcome);
  });
});
