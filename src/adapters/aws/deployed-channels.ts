/** A stage's channels and what they reach, for who is not one of its functions. */
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ChannelStore, ChannelText } from '../../ports/channel-source.ts';
import type { Findings, Topics } from '../../ports/receivers.ts';
import { ParameterChannels } from './parameter-channels.ts';
import { PARAMETER_STORE_RETRIES } from './parameter-store.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { asked } from './refusal.ts';
import { SecurityHubFindings } from './security-hub-findings.ts';
import { SnsTopics } from './sns-topics.ts';

export interface DeployedChannelsOptions extends PersonOptions {
  readonly stage: string;
  /** KMS key for what is written. */
  readonly keyId?: string | undefined;
}

export class DeployedChannels implements ChannelStore {
  readonly topics: Topics;
  readonly findings: Findings;
  readonly #ssm: SSMClient;
  readonly #store: ParameterChannels;

  constructor({ stage, keyId, ...person }: DeployedChannelsOptions) {
    const config = personConfig(person);
    this.#ssm = new SSMClient({ ...config, ...PARAMETER_STORE_RETRIES });
    this.#store = new ParameterChannels({
      client: this.#ssm,
      path: `/flowlog-alerts/${stage}`,
      keyId,
    });
    this.topics = new SnsTopics({ client: new SNSClient(config) });
    this.findings = new SecurityHubFindings({ client: new SecurityHubClient(config) });
  }

  /** @throws Refusal when no region is known */
  region(): Promise<string> {
    return asked(this.#ssm.config.region());
  }

  read(): Promise<ChannelText[]> {
    return asked(this.#store.read());
  }

  put(name: string, text: string): Promise<void> {
    return asked(this.#store.put(name, text));
  }

  remove(name: string): Promise<boolean> {
    return asked(this.#store.remove(name));
  }
}
