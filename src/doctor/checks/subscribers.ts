/** Whether anyone reads the alerts and the service's own troubles. */
import type { TopicSubscription } from '../../ports/stage-health.ts';
import { type Check, type Fact, known } from '../facts.ts';
import { bad, type Finding, listed, ok, warn } from '../finding.ts';

export const subscribersCheck: Check = ({
  alertSubscribers,
  opsSubscribers,
  parameters,
  stack,
}) => {
  const channels = (known(parameters) ?? []).some(({ path }) => path.startsWith('channels/'));
  const { AlertTopicArn = '', OpsTopicArn = '' } = stack.outputs;
  return [
    ...ofTopic(alertSubscribers, 'the alerts', AlertTopicArn, stack.region, channels),
    ...ofTopic(
      opsSubscribers,
      'the troubles of the service itself',
      OpsTopicArn,
      stack.region,
      false,
    ),
  ];
};

function ofTopic(
  fact: Fact<readonly TopicSubscription[]>,
  what: string,
  arn: string,
  region: string,
  otherWay: boolean,
): Finding[] {
  const subscriptions = known(fact);
  if (subscriptions === undefined) return [];
  const pending = subscriptions.filter((one) => one.pending);
  // The queue to `deliver` reads every alert, and tells nobody where there is no channel.
  const readers = subscriptions.filter((one) => !one.pending && one.protocol !== 'sqs');
  const subscribe = `aws sns subscribe --region ${region} --topic-arn ${arn} --protocol email --notification-endpoint ADDRESS`;
  const findings = pending.map(({ protocol, endpoint }) =>
    warn(
      'Alerts',
      `${endpoint} (${protocol}) has not confirmed that it wants ${what}`,
      `follow the link in the mail, which lasts three days; for another one: ${subscribe.replace('email', protocol).replace('ADDRESS', endpoint)}`,
    ),
  );
  if (readers.length > 0) {
    const names = readers.map(({ protocol, endpoint }) => `${endpoint} (${protocol})`);
    findings.push(ok('Alerts', `${what} go to ${listed(names, 3)}`));
  } else if (otherWay) {
    findings.push(ok('Alerts', `${what} go to channels`));
  } else if (pending.length === 0) {
    const one = `nobody reads ${what}`;
    findings.push(
      what === 'the alerts' ? bad('Alerts', one, subscribe) : warn('Alerts', one, subscribe),
    );
  }
  return findings;
}
