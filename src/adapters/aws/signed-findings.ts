import { PermanentNotifyError } from '../../ports/notifier.ts';
import type { Findings } from '../../ports/receivers.ts';
import { refusedBy, type SignedAws, type SignedRequest } from './signed-aws.ts';

interface Imported {
  readonly FailedCount?: number;
  readonly FailedFindings?: readonly {
    readonly ErrorCode?: string;
    readonly ErrorMessage?: string;
  }[];
}

/**
 * Puts findings into Security Hub by signed requests, without the SDK.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
export class SignedFindings implements Findings {
  readonly #aws: SignedAws;

  constructor({ aws }: { readonly aws: SignedAws }) {
    this.#aws = aws;
  }

  async put(finding: Readonly<Record<string, unknown>>): Promise<void> {
    const request: SignedRequest = {
      service: 'securityhub',
      method: 'POST',
      url: `${this.#aws.findingsEndpoint()}/findings/import`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Findings: [finding] }),
    };
    const answer = await this.#aws.send(request);
    const text = new TextDecoder().decode(answer.body);
    if (answer.status !== 200) {
      const code = answer.headers.get('x-amzn-errortype')?.split(':')[0];
      const told = `${refusedBy(request, answer).message}${code === undefined ? '' : ` (${code})`}`;
      // Refused rights and a hub that is not enabled are for a person to mend.
      throw code === 'InvalidInputException' ? new PermanentNotifyError(told) : new Error(told);
    }
    const { FailedCount = 0, FailedFindings = [] } = JSON.parse(text) as Imported;
    if (FailedCount === 0) return;
    const [{ ErrorCode = 'Unknown', ErrorMessage = '' } = {}] = FailedFindings;
    const told = `Security Hub did not take the finding: ${ErrorCode}: ${ErrorMessage}`;
    throw ErrorCode === 'InvalidInput' ? new PermanentNotifyError(told) : new Error(told);
  }
}
