import {
  type CloudWatchLogsClient,
  DeleteQueryDefinitionCommand,
  DescribeQueryDefinitionsCommand,
  PutQueryDefinitionCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { SavedQuery, SavedQueryStore, StoredQuery } from '../../ports/saved-query-store.ts';
import { queryFolder } from '../../saved-queries/desired.ts';
import { asked, isMissing } from './refusal.ts';

export interface LogsSavedQueryStoreOptions {
  readonly client: CloudWatchLogsClient;
  readonly stage: string;
}

/** Saved queries of CloudWatch Logs Insights (query definitions, as the API calls them). */
export class LogsSavedQueryStore implements SavedQueryStore {
  readonly #client: CloudWatchLogsClient;
  readonly #folder: string;

  constructor({ client, stage }: LogsSavedQueryStoreOptions) {
    this.#client = client;
    this.#folder = queryFolder(stage);
  }

  async list(): Promise<StoredQuery[]> {
    const queries: StoredQuery[] = [];
    let token: string | undefined;
    do {
      const page = await asked(
        this.#client.send(
          new DescribeQueryDefinitionsCommand({
            queryDefinitionNamePrefix: this.#folder,
            maxResults: 1000,
            ...(token !== undefined && { nextToken: token }),
          }),
        ),
      );
      for (const query of page.queryDefinitions ?? []) {
        const { queryDefinitionId: id, name = '', queryString: text = '' } = query;
        if (id === undefined || !name.startsWith(this.#folder)) continue;
        queries.push({ id, name, text, logGroups: query.logGroupNames ?? [] });
      }
      token = page.nextToken || undefined;
    } while (token !== undefined);
    return queries;
  }

  async put({ name, text, logGroups }: SavedQuery, id?: string): Promise<void> {
    const query = {
      name,
      queryString: text,
      ...(logGroups.length > 0 && { logGroupNames: [...logGroups] }),
    };
    const put = (queryDefinitionId?: string) =>
      asked(
        this.#client.send(
          new PutQueryDefinitionCommand({
            ...query,
            ...(queryDefinitionId !== undefined && { queryDefinitionId }),
          }),
        ),
      );
    try {
      await put(id);
    } catch (error) {
      if (id === undefined || !isMissing(error)) throw error;
      // Deleted since it was listed.
      await put();
    }
  }

  async delete(id: string): Promise<void> {
    try {
      await asked(this.#client.send(new DeleteQueryDefinitionCommand({ queryDefinitionId: id })));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
