/** Client settings of a command that a person runs, with the credentials of that person. */

export interface PersonOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

export interface PersonConfig {
  readonly region?: string;
  readonly profile?: string;
  readonly maxAttempts: number;
}

/** Describe calls are throttled as a matter of course where an account has many log groups. */
const MAX_ATTEMPTS = 8;

export function personConfig({ region, profile }: PersonOptions): PersonConfig {
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    maxAttempts: MAX_ATTEMPTS,
  };
}
