import { GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterSource, StoredParameter } from '../../ports/parameter-writer.ts';

/**
 * Client settings for reading a tree: at ten parameters a call and forty calls a second for the
 * whole account, a large tree is throttled as a matter of course.
 */
export const PARAMETER_STORE_RETRIES = { maxAttempts: 10 } as const;

/** The most that GetParametersByPath gives at once. */
const PAGE = 10;

/** Stands for the text of a parameter that cannot be read; no kind of document is a plain text. */
const UNREADABLE = '"a SecureString, which is not decrypted: rules, lists and filters are Strings"';

export interface ParameterStoreOptions {
  readonly client: SSMClient;
  /** Where the tree begins, e.g. `/flowlog-alerts/prod`. */
  readonly path: string;
}

/** The configuration tree in Parameter Store. Nothing is decrypted, and channels are left out. */
export class ParameterStoreSource implements ParameterSource {
  readonly #client: SSMClient;
  readonly #path: string;

  constructor({ client, path }: ParameterStoreOptions) {
    this.#client = client;
    this.#path = path.replace(/\/+$/, '');
  }

  async read(): Promise<StoredParameter[]> {
    const documents: StoredParameter[] = [];
    let token: string | undefined;
    do {
      // A page may be empty and still have another one after it.
      const page = await this.#client.send(
        new GetParametersByPathCommand({
          Path: this.#path,
          Recursive: true,
          WithDecryption: false,
          MaxResults: PAGE,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const parameter of page.Parameters ?? []) {
        const document = this.#document(parameter);
        if (document) documents.push(document);
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return documents;
  }

  #document(parameter: Parameter): StoredParameter | undefined {
    const { Name, Type, Value, LastModifiedDate, Version, ARN } = parameter;
    if (Name === undefined) return undefined;
    const path = Name.slice(this.#path.length + 1);
    if (path.startsWith('channels/')) return undefined;
    return {
      path,
      text: Type === 'SecureString' ? UNREADABLE : (Value ?? ''),
      origin: Name,
      ...(LastModifiedDate && { modified: LastModifiedDate.getTime() }),
      version: Version ?? 1,
      ...(ARN?.endsWith(Name) && { place: `${ARN.slice(0, -Name.length)}${this.#path}` }),
      ...(Type === 'SecureString' && { secure: true }),
    };
  }
}
