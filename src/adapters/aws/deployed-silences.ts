import { SSMClient } from '@aws-sdk/client-ssm';
import type { ConfigDocument, ConfigSource } from '../../ports/config-source.ts';
import { PARAMETER_STORE_RETRIES, ParameterStoreSource } from './parameter-store.ts';
import { type PersonOptions, personConfig } from './person-config.ts';

/** The silences of a stage alone: a tree of a thousand rules takes a hundred calls to read. */
export function deployedSilences({
  stage,
  ...options
}: PersonOptions & { readonly stage: string }): ConfigSource {
  const client = new SSMClient({ ...personConfig(options), ...PARAMETER_STORE_RETRIES });
  const source = new ParameterStoreSource({ client, path: `/flowlog-alerts/${stage}/silences` });
  return {
    read: async (): Promise<ConfigDocument[]> => {
      const documents = await source.read();
      return documents.map((document) => ({ ...document, path: `silences/${document.path}` }));
    },
  };
}
