import { type Moto, startMoto } from './server.ts';

declare global {
  var moto: Moto | undefined;
}

/**
 * One emulator for the whole run. Test files share it, so each names its own resources and none
 * resets it. The environment leads every AWS client there, and nowhere else.
 */
export default async function setup(): Promise<void> {
  globalThis.moto = await startMoto();
  const { endpoint } = globalThis.moto;
  Object.assign(process.env, {
    MOTO_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
}
