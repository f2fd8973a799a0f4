import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type {
  DeliveryBook,
  DeliveryKey,
  DeliveryRow,
  DeliveryState,
} from '../../ports/delivery-book.ts';
import { type Item, queried } from './dynamo-table.ts';
import { ttlOf } from './ttl.ts';

/** Digits of an order in the sort key: milliseconds of the year 5000 fit. */
const ORDER_DIGITS = 15;

/** Words that DynamoDB keeps to itself. */
const NAMES = { '#state': 'state', '#ttl': 'ttl' };

const FREE =
  'attribute_not_exists(pk) OR (#state IN (:claimed, :again) AND notBefore <= :now) OR (#state = :parked AND message <> :message)';

/** Partition key of an alert's rows, and the sort key of one. */
export function deliveryItemKey({ id, order, channel }: DeliveryKey): Item {
  return { pk: { S: id }, sk: { S: `${String(order).padStart(ORDER_DIGITS, '0')}#${channel}` } };
}

/** The book of deliveries in a DynamoDB table of its own. */
export class DynamoDeliveryBook implements DeliveryBook {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) {
    this.#client = client;
    this.#table = table;
  }

  async of(id: string): Promise<DeliveryRow[]> {
    const rows: DeliveryRow[] = [];
    const items = queried(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: id } },
    });
    for await (const item of items) rows.push(rowOf(item));
    return rows;
  }

  async claim(
    key: DeliveryKey,
    { message, now, until, peers }: Parameters<DeliveryBook['claim']>[1],
  ): Promise<DeliveryRow | undefined> {
    const values: Item = {
      ':claimed': { S: 'claimed' },
      ':again': { S: 'again' },
      ':parked': { S: 'parked' },
      ':message': { S: message },
      ':now': { N: String(now) },
      ':until': { N: String(until) },
      ':ttl': { N: String(ttlOf(now)) },
      ':peers': { SS: [...new Set(peers)] },
      ':zero': { N: '0' },
      ':one': { N: '1' },
    };
    try {
      const { Attributes = {} } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: deliveryItemKey(key),
          ConditionExpression: FREE,
          UpdateExpression:
            'SET #state = :claimed, message = :message, notBefore = :until, peers = :peers, #ttl = :ttl, since = if_not_exists(since, :now), attempts = if_not_exists(attempts, :zero) + :one',
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return rowOf(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return this.#ownClaim(key, message, until);
      throw error;
    }
  }

  /** A claim whose answer was lost is tried again by the SDK, and then stands in its own way. */
  async #ownClaim(
    { id, order, channel }: DeliveryKey,
    message: string,
    until: number,
  ): Promise<DeliveryRow | undefined> {
    const rows = await this.of(id);
    const row = rows.find((one) => one.order === order && one.channel === channel);
    const isOwn = row?.state === 'claimed' && row.message === message && row.notBefore === until;
    return isOwn ? row : undefined;
  }

  async postpone(
    key: DeliveryKey,
    { message, now, notBefore, peers, reason }: Parameters<DeliveryBook['postpone']>[1],
  ): Promise<void> {
    await this.#update({
      Key: deliveryItemKey(key),
      ConditionExpression: 'attribute_not_exists(pk) OR #state = :again',
      UpdateExpression:
        'SET #state = :again, message = :message, notBefore = :notBefore, peers = :peers, reason = :reason, #ttl = :ttl, since = if_not_exists(since, :now)',
      ExpressionAttributeValues: {
        ':again': { S: 'again' },
        ':message': { S: message },
        ':notBefore': { N: String(notBefore) },
        ':now': { N: String(now) },
        ':peers': { SS: [...new Set(peers)] },
        ':reason': { S: reason },
        ':ttl': { N: String(ttlOf(now)) },
      },
    });
  }

  async settle(
    key: DeliveryKey,
    { state, message, now, notBefore = 0, reason }: Parameters<DeliveryBook['settle']>[1],
  ): Promise<void> {
    const values: Item = {
      ':state': { S: state },
      ':delivered': { S: 'delivered' },
      ':message': { S: message },
      ':notBefore': { N: String(notBefore) },
      ':ttl': { N: String(ttlOf(now)) },
      ...(reason !== undefined && { ':reason': { S: reason } }),
    };
    // What was parked starts from the beginning when a person sends it back.
    const fresh = state === 'parked' ? ['since', 'attempts'] : [];
    const gone = [...(reason === undefined ? ['reason'] : []), ...fresh];
    const set = `SET #state = :state, message = :message, notBefore = :notBefore, #ttl = :ttl${reason === undefined ? '' : ', reason = :reason'}`;
    await this.#update({
      Key: deliveryItemKey(key),
      ConditionExpression: 'attribute_not_exists(pk) OR #state <> :delivered',
      UpdateExpression: gone.length === 0 ? set : `${set} REMOVE ${gone.join(', ')}`,
      ExpressionAttributeValues: values,
    });
  }

  /** A row that is further than the caller knows is left as it is. */
  async #update(
    input: Omit<UpdateItemCommandInput, 'TableName' | 'ExpressionAttributeNames'>,
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...input,
          TableName: this.#table,
          ExpressionAttributeNames: NAMES,
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** Reads an item. */
export function rowOf(item: Item): DeliveryRow {
  const sk = item.sk?.S ?? '';
  const mark = sk.indexOf('#');
  const channel = sk.slice(mark + 1);
  const number = (value: AttributeValue | undefined) => Number(value?.N ?? 0);
  return {
    id: item.pk?.S ?? '',
    order: Number(sk.slice(0, mark)),
    channel,
    state: item.state?.S as DeliveryState,
    message: item.message?.S ?? '',
    since: number(item.since),
    attempts: number(item.attempts),
    notBefore: number(item.notBefore),
    peers: item.peers?.SS ?? [channel],
    ...(item.reason?.S !== undefined && { reason: item.reason.S }),
  };
}
