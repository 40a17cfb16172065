import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { ProviderError } from '../../providers/errors.ts';
import { trust } from '../../providers/http/certificates.ts';
import { isPublicAddress } from './public-address.ts';

interface GuardOptions {
  /** Such as `http://127.0.0.1:11434`: reached wherever they are. */
  readonly trustedOrigins: ReadonlySet<string>;
  /** Of some of these origins the certificates in PEM that are trusted there, beside those that Node trusts. */
  readonly certificates: ReadonlyMap<string, readonly string[]>;
  readonly connectTimeoutMs: number;
  /** How names become addresses. @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Opens connections to public addresses only, for URLs that somebody else chose. An address in the URL and every address
 * of a name are checked before anything is sent; the socket's own is checked once more when it is there. The origin has
 * to come from a `URL`, which turns `127.1`, `0x7f.1` and `2130706433` into `127.0.0.1`.
 * The callback gets a `ProviderError` `BLOCKED` for what is refused; it names the host, not what it resolved to.
 */
export function createGuardedConnector({
  trustedOrigins,
  certificates,
  connectTimeoutMs,
  lookup = systemLookup,
}: GuardOptions): buildConnector.connector {
  const shared = { timeout: connectTimeoutMs, allowH2: false };
  const connectTrusted = buildConnector(shared);
  const connectCertified = new Map(
    [...certificates].map(([origin, ca]) => [origin, buildConnector({ ...shared, secureContext: trust(ca) })]),
  );
  const connectPublic = buildConnector({ ...shared, lookup: toPublicLookup(lookup) });

  return (target, callback) => {
    const { protocol, hostname, host = hostname } = target;
    const origin = `${protocol}//${host}`;
    if (trustedOrigins.has(origin)) return (connectCertified.get(origin) ?? connectTrusted)(target, callback);
    if (isIP(hostname) !== 0 && !isPublicAddress(hostname)) return callback(refusal(hostname), null);
    return connectPublic(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (isPublicAddress(socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      callback(refusal(hostname), null);
    });
  };
}

/** One address that is not public is enough: nobody has both for an honest reason. */
function toPublicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      if (error || addresses.every(isPublicAddress)) callback(error, found, family);
      else callback(refusal(hostname), found, family);
    });
}

function refusal(hostname: string): ProviderError {
  return new ProviderError('BLOCKED', `${hostname} is not on the public internet: nothing is fetched from there`);
}
