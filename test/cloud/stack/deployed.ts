import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ACCOUNT, type Clients, REGION } from '../emulator.ts';
import type { Statement } from '../gateway/policy.ts';
import { Resolver, type Resource, type Template } from './template.ts';

export interface SourceMapping {
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly partial: boolean;
  readonly bisect: boolean;
  readonly patterns: readonly Pattern[];
}

/** An EventBridge pattern: nested objects, lists of literals or `{ prefix }` at the leaves. */
export type Pattern = { readonly [key: string]: Pattern | readonly unknown[] };

export interface EventRule {
  readonly id: string;
  readonly arn: string;
  readonly schedule?: string;
  readonly pattern?: Pattern;
  readonly targets: readonly string[];
}

export interface MappingProperties {
  readonly FunctionName: string;
  readonly EventSourceArn: string;
  readonly BatchSize?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly BisectBatchOnFunctionError?: boolean;
  readonly FilterCriteria?: { readonly Filters: readonly { readonly Pattern: string }[] };
}

interface RuleProperties {
  readonly ScheduleExpression?: string;
  readonly EventPattern?: Pattern;
  readonly Targets?: readonly { readonly Arn: string }[];
}

interface RoleProperties {
  readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: Statement[] } }[];
}

/** A stack as it stands: resources with every reference resolved. */
export class DeployedStack {
  readonly name: string;
  readonly id: string;
  readonly template: Template;
  readonly physical: ReadonlyMap<string, string>;
  readonly #resolver: Resolver;

  private constructor(
    name: string,
    id: string,
    template: Template,
    physical: ReadonlyMap<string, string>,
    resolver: Resolver,
  ) {
    this.name = name;
    this.id = id;
    this.template = template;
    this.physical = physical;
    this.#resolver = resolver;
  }

  static async read(name: string, template: Template, aws: Clients): Promise<DeployedStack> {
    const { StackResources = [] } = await aws.cloudformation.send(
      new DescribeStackResourcesCommand({ StackName: name }),
    );
    const physical = new Map<string, string>();
    for (const { LogicalResourceId, PhysicalResourceId } of StackResources) {
      physical.set(LogicalResourceId ?? '', PhysicalResourceId ?? '');
    }
    // What the harness makes in the emulator's place has its name from the template.
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type === 'AWS::Logs::Destination') physical.set(id, String(Properties?.DestinationName));
    }
    const stackId = StackResources[0]?.StackId ?? '';
    const attributes = await tableStreams(template, physical, aws);
    const place = { account: ACCOUNT, region: REGION, stackId, stackName: name };
    const resolver = new Resolver(template, { ...place, physical, attributes });
    return new DeployedStack(name, stackId, template, physical, resolver);
  }

  /** Resolved properties of all resources of a type, by logical id. */
  all<T>(type: string): [id: string, properties: T][] {
    return Object.entries(this.template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [id, this.#properties<T>(resource)]);
  }

  resolve<T>(value: unknown): T {
    return this.#resolver.resolve<T>(value);
  }

  output(name: string): string {
    const output = this.template.Outputs?.[name];
    if (output === undefined) throw new Error(`The stack has no output ${name}`);
    return this.resolve<string>(output.Value);
  }

  /** What a function's role allows. */
  statementsOf(functionId: string): Statement[] {
    const { Role } = this.template.Resources[functionId]?.Properties ?? {};
    const roleId = (Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
    const { Policies = [] } = this.#properties<RoleProperties>(this.template.Resources[roleId]);
    return Policies.flatMap((policy) => policy.PolicyDocument.Statement);
  }

  mappings(): SourceMapping[] {
    return this.all<MappingProperties>('AWS::Lambda::EventSourceMapping').map(([id, mapping]) => ({
      id,
      functionName: mapping.FunctionName,
      sourceArn: mapping.EventSourceArn,
      batchSize: mapping.BatchSize ?? 10,
      partial: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      bisect: mapping.BisectBatchOnFunctionError ?? false,
      patterns: (mapping.FilterCriteria?.Filters ?? []).map(
        (filter) => JSON.parse(filter.Pattern) as Pattern,
      ),
    }));
  }

  rules(): EventRule[] {
    return this.all<RuleProperties>('AWS::Events::Rule').map(([id, rule]) => ({
      id,
      arn: this.resolve<string>({ 'Fn::GetAtt': [id, 'Arn'] }),
      ...(rule.ScheduleExpression !== undefined && { schedule: rule.ScheduleExpression }),
      ...(rule.EventPattern !== undefined && { pattern: rule.EventPattern }),
      targets: (rule.Targets ?? []).map((target) => target.Arn),
    }));
  }

  #properties<T>(resource: Resource | undefined): T {
    return this.resolve<T>(resource?.Properties ?? {});
  }
}

async function tableStreams(
  template: Template,
  physical: ReadonlyMap<string, string>,
  aws: Clients,
): Promise<Map<string, string>> {
  const attributes = new Map<string, string>();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::DynamoDB::Table' || !Properties?.StreamSpecification) continue;
    const { Table } = await aws.dynamodb.send(
      new DescribeTableCommand({ TableName: physical.get(id) }),
    );
    attributes.set(`${id}.StreamArn`, Table?.LatestStreamArn ?? '');
  }
  return attributes;
}
