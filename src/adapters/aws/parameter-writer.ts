import {
  DeleteParametersCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type {
  ParameterChange,
  ParameterSource,
  ParameterWriter,
} from '../../ports/parameter-writer.ts';
import { PARAMETER_STORE_RETRIES, ParameterStoreSource } from './parameter-store.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { asked } from './refusal.ts';

export interface ParameterWriterOptions {
  readonly client: SSMClient;
  /** Where the tree begins, e.g. `/flowlog-alerts/prod`. */
  readonly path: string;
}

export interface DeployedTreeOptions extends PersonOptions {
  readonly stage: string;
}

/** A stage's tree, for who is not one of its functions. */
export function deployedTree({ stage, region, profile }: DeployedTreeOptions): {
  readonly source: ParameterSource;
  readonly writer: ParameterWriter;
} {
  const client = new SSMClient({
    ...personConfig({ region, profile }),
    ...PARAMETER_STORE_RETRIES,
  });
  const path = `/flowlog-alerts/${stage}`;
  return {
    source: new ParameterStoreSource({ client, path }),
    writer: new SsmParameterWriter({ client, path }),
  };
}

/** Writes Strings below a path. It never touches channels, whose values are secrets. */
export class SsmParameterWriter implements ParameterWriter {
  readonly #client: SSMClient;
  readonly #path: string;

  constructor({ client, path }: ParameterWriterOptions) {
    this.#client = client;
    this.#path = path.replace(/\/+$/, '');
  }

  async put(path: string, text: string, create: boolean): Promise<number | 'exists'> {
    const command = new PutParameterCommand({
      Name: this.#nameOf(path),
      Value: text,
      Type: 'String',
      Overwrite: !create,
      // Above 4 KB it becomes an advanced parameter, and one that is advanced already stays so.
      Tier: 'Intelligent-Tiering',
    });
    try {
      const { Version } = await asked(this.#client.send(command));
      return Version ?? 1;
    } catch (error) {
      if ((error as Error).name === 'ParameterAlreadyExists') return 'exists';
      throw error;
    }
  }

  async delete(paths: readonly string[]): Promise<void> {
    const Names = paths.map((path) => this.#nameOf(path));
    await asked(this.#client.send(new DeleteParametersCommand({ Names })));
  }

  async history(path: string): Promise<ParameterChange[]> {
    const changes: ParameterChange[] = [];
    let token: string | undefined;
    do {
      const command = new GetParameterHistoryCommand({
        Name: this.#nameOf(path),
        ...(token !== undefined && { NextToken: token }),
      });
      try {
        const page = await asked(this.#client.send(command));
        for (const { Version, Value, LastModifiedUser, LastModifiedDate } of page.Parameters ??
          []) {
          changes.push({
            version: Version ?? 0,
            text: Value ?? '',
            ...(LastModifiedUser && { user: LastModifiedUser }),
            ...(LastModifiedDate && { modified: LastModifiedDate.getTime() }),
          });
        }
        token = page.NextToken;
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return [];
        throw error;
      }
    } while (token !== undefined && token !== '');
    return changes.sort((a, b) => a.version - b.version);
  }

  #nameOf(path: string): string {
    // A last fence: whoever calls has left channels out long before.
    if (path === 'channels' || path.startsWith('channels/')) {
      throw new Error(`${path}: channels are not written with the rest of the tree`);
    }
    return `${this.#path}/${path}`;
  }
}
