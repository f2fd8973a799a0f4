/** A CloudFormation template and the values its intrinsic functions have in a deployed stack. */

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface StackNames {
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  /** Physical ids by logical id. */
  readonly physical: ReadonlyMap<string, string>;
  /** Attributes that do not follow from the physical id, as `DigestTable.StreamArn`. */
  readonly attributes: ReadonlyMap<string, string>;
}

const NO_VALUE = Symbol('AWS::NoValue');

export class Resolver {
  readonly #template: Template;
  readonly #names: StackNames;

  constructor(template: Template, names: StackNames) {
    this.#template = template;
    this.#names = names;
  }

  /** The value with every intrinsic function replaced by what it stands for. */
  resolve<T = unknown>(value: unknown): T {
    return this.#resolve(value) as T;
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.#resolve(item)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name === 'Ref') return this.#ref(String(argument));
    if (entries.length === 1 && name === 'Fn::GetAtt') {
      const path = Array.isArray(argument) ? argument : String(argument).split('.');
      return this.#attribute(String(path[0]), String(path[1]));
    }
    if (entries.length === 1 && name === 'Fn::Sub') return this.#sub(String(argument));
    if (entries.length === 1 && name?.startsWith('Fn::')) {
      throw new Error(`The harness does not know the intrinsic function ${name}`);
    }
    const resolved = entries.map(([key, item]) => [key, this.#resolve(item)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
  }

  #sub(text: string): string {
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) =>
      name.includes('.')
        ? this.#attribute(name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1))
        : String(this.#ref(name)),
    );
  }

  #ref(name: string): unknown {
    const { account, region, stackId, stackName } = this.#names;
    switch (name) {
      case 'AWS::NoValue':
        return NO_VALUE;
      case 'AWS::AccountId':
        return account;
      case 'AWS::Region':
        return region;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::StackId':
        return stackId;
      case 'AWS::StackName':
        return stackName;
      default:
        return this.#physical(name);
    }
  }

  #physical(name: string): string {
    const id = this.#names.physical.get(name);
    if (id === undefined) throw new Error(`The stack has no resource ${name}`);
    return id;
  }

  #attribute(name: string, attribute: string): string {
    const known = this.#names.attributes.get(`${name}.${attribute}`);
    if (known !== undefined) return known;
    const id = this.#physical(name);
    const { account, region } = this.#names;
    const arn = (service: string, rest: string) =>
      `arn:aws:${service}:${region}:${account}:${rest}`;
    const last = id.slice(id.lastIndexOf('/') + 1);
    switch (`${this.#template.Resources[name]?.Type}.${attribute}`) {
      case 'AWS::Lambda::Function.Arn':
        return arn('lambda', `function:${id}`);
      case 'AWS::DynamoDB::Table.Arn':
        return arn('dynamodb', `table/${id}`);
      case 'AWS::SQS::Queue.Arn':
        return arn('sqs', last);
      case 'AWS::SQS::Queue.QueueName':
        return last;
      case 'AWS::S3::Bucket.Arn':
        return `arn:aws:s3:::${id}`;
      case 'AWS::Kinesis::Stream.Arn':
        return arn('kinesis', `stream/${id}`);
      case 'AWS::IAM::Role.Arn':
        return `arn:aws:iam::${account}:role/${id}`;
      case 'AWS::Logs::LogGroup.Arn':
        return arn('logs', `log-group:${id}:*`);
      case 'AWS::Logs::Destination.Arn':
        return arn('logs', `destination:${id}`);
      case 'AWS::KMS::Key.Arn':
        return arn('kms', `key/${id}`);
      case 'AWS::Events::Rule.Arn':
        return arn('events', `rule/${id}`);
      default:
        throw new Error(`The harness does not know the attribute ${name}.${attribute}`);
    }
  }
}

/**
 * Types the emulator's CloudFormation passes over in silence, and those whose behaviour the
 * harness takes over: it must not run functions on its own account.
 */
const TAKEN_OVER = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Logs::Destination',
  'AWS::Logs::SubscriptionFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/**
 * The template without what the harness takes over, and with a deletion policy the emulator knows
 * in place of its newer form.
 */
export function emulatedPart(template: Template): Template {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => !TAKEN_OVER.has(Type));
  const ids = new Set(kept.map(([id]) => id));
  const resources = kept.map(([id, resource]) => {
    const { DependsOn, DeletionPolicy, ...others } = resource;
    const policy = DeletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : DeletionPolicy;
    const rest = policy === undefined ? others : { ...others, DeletionPolicy: policy };
    const wanted = [DependsOn ?? []].flat().filter((one) => ids.has(one));
    return [id, wanted.length > 0 ? { ...rest, DependsOn: wanted } : rest] as const;
  });
  // An output of what is not there would be an error.
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, { Value }]) => {
    const [id] = (Value as { 'Fn::GetAtt'?: readonly string[] })['Fn::GetAtt'] ?? [];
    return id === undefined || ids.has(id);
  });
  return {
    ...template,
    Resources: Object.fromEntries(resources),
    ...(template.Outputs && { Outputs: Object.fromEntries(outputs) }),
  };
}
