import type { Call } from './call.ts';
import { s3Target } from './call.ts';
import type { Wish } from './policy.ts';

/** Where calls land, for ARNs. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What IAM is asked when this call is made; a resource that is not known here is `*`. */
export function wishOf(call: Call, place: Place): Wish {
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${place.region}:${place.account}:${rest}`;
  const { action, input } = call;
  switch (call.service) {
    case 'dynamodb':
      return {
        action: `dynamodb:${action}`,
        resource: arn('dynamodb', `table/${input.TableName}`),
      };
    case 's3': {
      const { bucket, key } = objectOf(call);
      return { action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}${key && `/${key}`}` };
    }
    case 'sns':
      return { action: `sns:${action}`, resource: String(input.TopicArn) };
    case 'sqs':
      return { action: `sqs:${action}`, resource: queueArn(String(input.QueueUrl), place) };
    case 'monitoring':
      return {
        action: `cloudwatch:${action}`,
        resource: alarmArn(input, (name) => arn('cloudwatch', `alarm:${name}`)),
        context: { 'cloudwatch:namespace': String(input.Namespace) },
      };
    case 'ssm':
      return {
        action: `ssm:${action}`,
        resource: arn('ssm', `parameter${input.Path ?? input.Name ?? firstOf(input.Names)}`),
      };
    case 'cloudformation': {
      const name = String(input.StackName ?? '');
      const stack = name.startsWith('arn:') ? name : arn('cloudformation', `stack/${name}/id`);
      return { action: `cloudformation:${action}`, resource: name === '' ? '*' : stack };
    }
    case 'lambda': {
      const name = decodeURIComponent(call.url.pathname.split('/')[3] ?? '');
      const resource = name.startsWith('arn:') ? name : arn('lambda', `function:${name}`);
      return {
        action: action === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${action}`,
        resource,
      };
    }
    case 'logs': {
      const group = arn('logs', `log-group:${input.logGroupName}:*`);
      const saved = /QueryDefinitions?$/.test(action);
      return { action: `logs:${action}`, resource: saved ? '*' : group };
    }
    default:
      return { action: `${call.service}:${action}`, resource: '*' };
  }
}

/** Of several the first, which stands for all. */
function firstOf(names: unknown): string {
  return Array.isArray(names) ? String(names[0]) : '';
}

/** The alarm of a call; of several the first, which stands for all. A composite alarm has none. */
function alarmArn(input: Call['input'], arnOf: (name: string) => string): string {
  const { AlarmName, AlarmNames, AlarmRule, ResourceARN } = input;
  if (typeof ResourceARN === 'string') return ResourceARN;
  if (typeof AlarmName === 'string') return AlarmRule === undefined ? arnOf(AlarmName) : '*';
  return Array.isArray(AlarmNames) ? arnOf(String(AlarmNames[0])) : '*';
}

/** The object of a call; of a deletion of many the first, which stands for all. */
function objectOf(call: Call): { readonly bucket: string; readonly key: string } {
  const { bucket, key } = s3Target(call.url);
  const first = /<Key>([^<]*)<\/Key>/.exec(call.body.toString('latin1'))?.[1];
  return { bucket, key: call.url.searchParams.has('delete') && first ? first : key };
}

/** Queue URLs end in `/{account}/{name}`. */
function queueArn(url: string, place: Place): string {
  return `arn:aws:sqs:${place.region}:${place.account}:${url.slice(url.lastIndexOf('/') + 1)}`;
}
