/** E-mail subscriptions to the two topics, for the addresses that were given. */
const subscription = (topic, address) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: topic }, Protocol: 'email', Endpoint: address },
});

/**
 * @param {string} alertEmail who reads alerts, or ''
 * @param {string} ownerEmail who looks after the service, or ''
 * @returns CloudFormation resources by logical id
 */
export function emailResources(alertEmail, ownerEmail) {
  return {
    ...(alertEmail && { AlertEmail: subscription('AlertTopic', alertEmail) }),
    ...(ownerEmail && { OwnerEmail: subscription('OpsTopic', ownerEmail) }),
  };
}

export default async function emails({ resolveVariable }) {
  const { alertEmail, ownerEmail } = await resolveVariable('self:custom.params');
  return { Resources: emailResources(alertEmail, ownerEmail) };
}
