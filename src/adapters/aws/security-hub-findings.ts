import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  type BatchImportFindingsCommandOutput,
  InvalidInputException,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { PermanentNotifyError } from '../../ports/notifier.ts';
import type { Findings } from '../../ports/receivers.ts';

/**
 * Puts findings into Security Hub.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
export class SecurityHubFindings implements Findings {
  readonly #client: SecurityHubClient;

  constructor({ client }: { readonly client: SecurityHubClient }) {
    this.#client = client;
  }

  /** Refused rights and a hub that is not enabled are for a person to mend: the finding waits. */
  async put(finding: Readonly<Record<string, unknown>>): Promise<void> {
    const command = new BatchImportFindingsCommand({
      Findings: [finding as unknown as AwsSecurityFinding],
    });
    let answer: BatchImportFindingsCommandOutput;
    try {
      answer = await this.#client.send(command);
    } catch (error) {
      if (!(error instanceof InvalidInputException)) throw error;
      throw new PermanentNotifyError(`Security Hub: ${error.message}`, { cause: error });
    }
    if ((answer.FailedCount ?? 0) === 0) return;
    const { ErrorCode = 'Unknown', ErrorMessage = '' } = answer.FailedFindings?.[0] ?? {};
    const told = `Security Hub did not take the finding: ${ErrorCode}: ${ErrorMessage}`;
    throw ErrorCode === 'InvalidInput' ? new PermanentNotifyError(told) : new Error(told);
  }
}
