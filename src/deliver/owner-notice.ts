/** What the service tells its owner in a text: as an alert for a channel, and what `deliver` has to tell. */
import type { Alert } from '../alerts/alert.ts';
import { bareAlert } from '../alerts/bare-alert.ts';
import type { RenderContext } from './channel.ts';

export interface Notice {
  /** The topic's name for it. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A text of the topic for the service's own troubles, as the owner's channel shows it. */
export function alertOfNotice(notice: Notice, { stage, account, region }: RenderContext): Alert {
  const { at, id, subject, text } = notice;
  return bareAlert({
    type: 'service',
    stage,
    id: `notice-${id}`,
    rule: { id: 'service-notice', title: subject, severity: 'low', tags: [], references: [] },
    window: { start: at, end: at },
    value: 1,
    threshold: 0,
    message: text,
    sources: [{ account, region, records: 0 }],
  });
}

/** A channel that alerts are to go to and cannot: what the owner is told, once. */
export function channelNotice(
  stage: string,
  name: string,
  problem: string | undefined,
  rule: string,
): { readonly subject: string; readonly text: string } {
  const put = `flowlog-alerts channels set ${name} --stage ${stage} < ${name}.yaml`;
  const text =
    problem === undefined
      ? [
          `Alerts are to go to the channel ${name}, and there is none of that name.`,
          `The first was an alert of the rule ${rule}. Such alerts reach the readers of the topic and`,
          'their other channels alone.',
          '',
          `Make the channel (${put}), or take the name out of the rule's "to" or of the settings' "routes" and "owner".`,
        ]
      : [
          `The channel ${name} cannot be used: ${problem}`,
          'Alerts for it are kept and tried again for six hours.',
          '',
          `Mend it: ${put}`,
        ];
  return {
    subject: `flowlog-alerts ${stage}: channel ${name} ${problem === undefined ? 'does not exist' : 'cannot be used'}`,
    text: text.join('\n'),
  };
}
