/**
 * Stands in for @aws-sdk/credential-provider-node in the functions' bundles (serverless.yml, esbuild
 * `alias`). Lambda gives a function its role's keys in the environment and nowhere else; the SDK's
 * own chain brings SSO, STS and sign-in clients, 90 KB that every cold start would load.
 */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** @throws Error outside Lambda, where no keys are in the environment */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('No credentials in the environment: AWS_ACCESS_KEY_ID is not set');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
};
