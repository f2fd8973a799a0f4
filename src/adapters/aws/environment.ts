/**
 * A variable that the stack gives the function.
 * @throws Error when it is missing
 */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}
