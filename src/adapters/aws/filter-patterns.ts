import {
  type CloudWatchLogsClient,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FilterPatterns } from '../../ports/filter-patterns.ts';
import { inTurn } from '../../subscribe/in-turn.ts';
import { filterName } from '../../subscribe/names.ts';

/** CloudWatch Logs allows some five of these calls a second. */
const AT_ONCE = 2;

/** Patterns of a stage's own filters, whoever made them: the stack or `subscribe`. */
export class LogsFilterPatterns implements FilterPatterns {
  readonly #client: CloudWatchLogsClient;
  readonly #name: string;

  constructor({
    client,
    stage,
  }: { readonly client: CloudWatchLogsClient; readonly stage: string }) {
    this.#client = client;
    this.#name = filterName(stage);
  }

  async of(groups: readonly string[]): Promise<Record<string, string>> {
    const found = await inTurn(groups, AT_ONCE, async (group) => [group, await this.#of(group)]);
    return Object.fromEntries(found.filter(([, pattern]) => pattern !== ''));
  }

  async #of(logGroupName: string): Promise<string> {
    const command = new DescribeSubscriptionFiltersCommand({
      logGroupName,
      filterNamePrefix: this.#name,
    });
    try {
      const { subscriptionFilters = [] } = await this.#client.send(command);
      const own = subscriptionFilters.find(({ filterName: name }) => name === this.#name);
      return own?.filterPattern?.trim() ?? '';
    } catch (error) {
      // A flow log may name a group that is not there yet, or one that has no filters.
      const { name } = error as Error;
      if (name === 'ResourceNotFoundException' || name === 'InvalidParameterException') return '';
      throw error;
    }
  }
}
