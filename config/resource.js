/** Parts of CloudFormation resources that several files here write. */

export const sub = (text) => ({ 'Fn::Sub': text });
export const att = (id, name) => ({ 'Fn::GetAtt': [id, name] });

export const allow = (Action, Resource, Condition) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/** Statements that let a service decrypt for the role; none without keys. @param {readonly string[]} keys ARNs */
export const decryptedBy = (service, keys) =>
  keys.length === 0
    ? []
    : [
        allow('kms:Decrypt', keys, {
          StringEquals: {
            'kms:ViaService': sub(`${service}.\${AWS::Region}.\${AWS::URLSuffix}`),
          },
        }),
      ];

/**
 * The role of one of the service's functions.
 * @param {string} name of its policy
 * @param {{ assumedByLambda: object, permissionsBoundary: unknown }} role what every role has
 */
export const functionRole = (name, Statement, { assumedByLambda, permissionsBoundary }) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    PermissionsBoundary: permissionsBoundary,
    AssumeRolePolicyDocument: assumedByLambda,
    Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
  },
});
