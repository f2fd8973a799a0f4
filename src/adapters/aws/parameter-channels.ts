import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  type Parameter,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { ChannelStore, ChannelText } from '../../ports/channel-source.ts';

/** The most that GetParametersByPath gives at once. */
const PAGE = 10;

export interface ParameterChannelsOptions {
  readonly client: SSMClient;
  /** Of the stage, e.g. `/flowlog-alerts/prod`. */
  readonly path: string;
  /** KMS key for what is written, where it is not the account's own for parameters. */
  readonly keyId?: string | undefined;
}

/** Channels as SecureStrings of Parameter Store, one below `channels/` each. */
export class ParameterChannels implements ChannelStore {
  readonly #client: SSMClient;
  readonly #path: string;
  readonly #keyId: string | undefined;

  constructor({ client, path, keyId }: ParameterChannelsOptions) {
    this.#client = client;
    this.#path = `${path.replace(/\/+$/, '')}/channels`;
    this.#keyId = keyId;
  }

  async read(): Promise<ChannelText[]> {
    try {
      const parameters = await this.#list(true);
      return parameters.map((parameter) => this.#textOf(parameter));
    } catch (error) {
      if (!isAboutKeys(error)) throw error;
    }
    // One that cannot be decrypted makes the whole call fail: each is asked for alone.
    const names = await this.#list(false);
    return Promise.all(names.map((parameter) => this.#readOne(parameter)));
  }

  async put(name: string, text: string): Promise<void> {
    await this.#client.send(
      new PutParameterCommand({
        Name: `${this.#path}/${name}`,
        Value: text,
        Type: 'SecureString',
        Overwrite: true,
        ...(this.#keyId !== undefined && { KeyId: this.#keyId }),
      }),
    );
  }

  async remove(name: string): Promise<boolean> {
    try {
      await this.#client.send(new DeleteParameterCommand({ Name: `${this.#path}/${name}` }));
      return true;
    } catch (error) {
      if (error instanceof ParameterNotFound) return false;
      throw error;
    }
  }

  async #list(WithDecryption: boolean): Promise<Parameter[]> {
    const found: Parameter[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new GetParametersByPathCommand({
          Path: this.#path,
          WithDecryption,
          MaxResults: PAGE,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      found.push(...(page.Parameters ?? []));
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  async #readOne(parameter: Parameter): Promise<ChannelText> {
    const { Name = '' } = parameter;
    try {
      const command = new GetParameterCommand({ Name, WithDecryption: true });
      return this.#textOf((await this.#client.send(command)).Parameter ?? parameter);
    } catch (error) {
      const { name, message } = error as Error;
      const { text: _, ...rest } = this.#textOf(parameter);
      return { ...rest, problem: `${Name} cannot be read: ${name}: ${message}` };
    }
  }

  #textOf({ Name = '', Type, Value = '' }: Parameter): ChannelText {
    return {
      name: Name.slice(this.#path.length + 1),
      origin: Name,
      text: Value,
      ...(Type !== 'SecureString' && { plain: true }),
    };
  }
}

/** What SSM says of a key that is disabled, gone, or not the caller's to use. */
function isAboutKeys(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'InvalidKeyId' || /kms|decrypt|ciphertext/i.test(`${name} ${message}`);
}
