import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackReader, StageStack } from '../../ports/stage-stack.ts';
import { type PersonOptions, personConfig } from './person-config.ts';

/** The stack of a stage, as CloudFormation tells it. */
export class AwsStackReader implements StackReader {
  readonly #client: CloudFormationClient;
  readonly #name: string;

  constructor({ stage, ...options }: PersonOptions & { readonly stage: string }) {
    this.#client = new CloudFormationClient(personConfig(options));
    this.#name = `flowlog-alerts-${stage}`;
  }

  async read(): Promise<StageStack | undefined> {
    const StackName = this.#name;
    const command = new DescribeStacksCommand({ StackName });
    let date: string | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        date = (result.response as { headers?: Record<string, string> }).headers?.date;
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    try {
      const { Stacks = [] } = await this.#client.send(command);
      const clockSkew = skewOf(date, Date.now());
      const [stack] = Stacks;
      if (stack?.StackId === undefined || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
      const [, , , region = '', account = ''] = stack.StackId.split(':');
      const outputs: Record<string, string> = {};
      for (const { OutputKey, OutputValue } of stack.Outputs ?? []) {
        if (OutputKey !== undefined && OutputValue !== undefined) outputs[OutputKey] = OutputValue;
      }
      return {
        name: StackName,
        id: stack.StackId,
        region,
        account,
        status: stack.StackStatus ?? '',
        ...(stack.StackStatusReason !== undefined && { statusReason: stack.StackStatusReason }),
        outputs,
        logGroups: await this.#logGroups(),
        ...(clockSkew !== undefined && { clockSkew }),
      };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'ValidationError' && /does not exist/.test(message)) return undefined;
      throw error;
    }
  }

  /** From the template: a filter's physical id does not tell its log group in every region. */
  async #logGroups(): Promise<string[]> {
    const { TemplateBody = '{}' } = await this.#client.send(
      new GetTemplateCommand({ StackName: this.#name }),
    );
    const { Resources = {} } = JSON.parse(TemplateBody) as Template;
    return Object.values(Resources).flatMap(({ Type, Properties }) => {
      const group = Properties?.LogGroupName;
      return Type === 'AWS::Logs::SubscriptionFilter' && typeof group === 'string' ? [group] : [];
    });
  }
}

/** @param date of an answer's header @param now Unix ms when it came */
function skewOf(date: string | undefined, now: number): number | undefined {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(theirs) ? undefined : now - theirs;
}

interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}
