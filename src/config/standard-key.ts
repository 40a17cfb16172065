import { randomBytes } from 'node:crypto';
import { isLoopback } from './loopback.ts';

export interface StandardKey {
  /** As a file would have it. */
  readonly auth: object;
  /** What whoever started the server has to be told, as it stands nowhere else. */
  readonly made: string | undefined;
}

/**
 * Who may use a server that has no configuration file, where more than this machine may reach it: whoever has
 * MODELQL_KEY, or else a key that is made for as long as the process runs.
 */
export function createStandardKey({ MODELQL_KEY: given }: NodeJS.ProcessEnv, host = ''): StandardKey | undefined {
  if (host === '' || isLoopback(host)) return undefined;
  if (given) return { auth: { keys: [{ name: 'MODELQL_KEY', key: '${MODELQL_KEY}' }] }, made: undefined };
  const made = randomBytes(24).toString('base64url');
  return { auth: { keys: [{ name: 'made-at-start', key: made }] }, made };
}
