import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../config/load.ts';
import { type Config, isGuarded, UNGUARDED } from '../config/schema.ts';
import { keepNumbers } from './keep-numbers.ts';

/** What a process does not change while it runs. */
const FIXED: readonly (readonly [name: string, read: (config: Config) => unknown])[] = [
  ['server.host', ({ server }) => server.host],
  ['server.port', ({ server }) => server.port],
  ['cluster', ({ cluster }) => cluster],
  ['telemetry', ({ telemetry }) => telemetry],
  ['log', ({ log }) => log],
];

/**
 * A configuration that is to follow another while the server runs, with what that one has of these, so that the next is
 * compared with what runs, and the names that its keys without one have been given.
 * @returns `kept` names what else it would be, and takes a restart
 * @throws ConfigError where it would open the place that it was not made for
 */
export function keepFixed(current: Config, next: Config): { readonly config: Config; readonly kept: string[] } {
  const kept = FIXED.filter(([, read]) => !isDeepStrictEqual(read(current), read(next))).map(([name]) => name);
  const {
    server: { host, port },
    telemetry,
    log,
  } = current;
  const auth = { ...next.auth, keys: keepNumbers(current.auth.keys, next.auth.keys) };
  const config = { ...next, auth, server: { ...next.server, host, port }, telemetry, log };
  if (!isGuarded(config)) throw new ConfigError([`server.host: it stays ${host} until a restart, and ${UNGUARDED}`]);
  return { config, kept };
}
