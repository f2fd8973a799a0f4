import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** Items of a partition in the order of their keys, as they are now, page by page. */
export async function* queried(
  client: DynamoDBClient,
  input: QueryCommandInput,
): AsyncGenerator<Item> {
  let next: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        ...input,
        ConsistentRead: true,
        ...(next === undefined ? {} : { ExclusiveStartKey: next }),
      }),
    );
    yield* page.Items ?? [];
    next = page.LastEvaluatedKey;
  } while (next !== undefined);
}
