import { randomUUID } from 'node:crypto';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { ENDPOINT } from './emulator.ts';

/** An archive with nothing in it. */
const EMPTY_ZIP = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/** A function that nobody will run. @returns its ARN */
export async function newFunction(region?: string): Promise<string> {
  const name = `function-${randomUUID()}`;
  const client = new LambdaClient({ ...clientConfig(), ...(region && { region }) });
  const { FunctionArn } = await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: await newRole(),
      Code: { ZipFile: EMPTY_ZIP },
    }),
  );
  client.destroy();
  return FunctionArn ?? '';
}

/** By hand: the project has no client for IAM. */
async function newRole(): Promise<string> {
  const name = `role-${randomUUID()}`;
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: name,
      AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
    }),
  });
  if (!response.ok) throw new Error(`CreateRole: ${response.status} ${await response.text()}`);
  return `arn:aws:iam::123456789012:role/${name}`;
}
