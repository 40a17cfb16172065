import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { ProviderError } from '../../providers/errors.ts';
import { createConnections } from '../../providers/http/connections.ts';
import { type DeadlineLimits, startDeadlines } from '../../providers/http/deadlines.ts';
import type { UpstreamResponse } from '../../providers/http/dispatch.ts';
import { ask, toHttpResponse } from '../../providers/http/send.ts';
import { createConcurrencyLimit } from '../concurrency-limit.ts';
import { createGuardedConnector } from './guarded-connector.ts';

export interface DownloadOptions {
  readonly limits: DeadlineLimits & { readonly connectTimeoutMs: number };
  /** What is asked for, such as `image/*`. */
  readonly accept: string;
  readonly maxBytes: number;
  /** Origins that may be on a private network, such as those of the configured providers. */
  readonly trustedOrigins: readonly string[];
  /** Of some of these origins the certificates in PEM that are trusted there, beside those that Node trusts. */
  readonly certificates?: ReadonlyMap<string, readonly string[]>;
  /** How names become addresses. @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
}

export interface Downloaded {
  readonly bytes: Uint8Array;
  /** As the server says, which need not be true; empty where it says nothing. */
  readonly contentType: string;
}

/** Reads what somebody else linked to. */
export interface Download {
  /**
   * Reads it from the public internet or a trusted origin, at most `maxBytes` of it. The
   * first byte has to come within `firstPartTimeoutMs`, redirects included. Follows up to 5 redirects, each guarded like
   * the first address, and none from https to http.
   * @throws ProviderError `BLOCKED` for an address that is refused, `TOO_LARGE`, `BAD_RESPONSE`, and what the way there
   * and the status give; the signal's reason when that aborts, which closes the connection.
   */
  read(address: string, signal: AbortSignal): Promise<Downloaded>;
  /** Ends all connections, also those with a download on them. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** No cookie, no key, no configured header: the address is somebody else's word, and may lead to anybody. */
const HEADERS = { 'accept-encoding': 'identity', 'user-agent': 'modelql' };

/**
 * Downloads that cannot be turned against the networks this server is in. They use no proxy, neither a provider's nor
 * the environment's: a proxy looks names up by itself, behind the guard. Where only a proxy leads outside, nothing
 * can be fetched, and only links are passed on.
 */
export function createDownload({
  limits,
  accept,
  maxBytes,
  trustedOrigins,
  certificates = new Map(),
  lookup,
}: DownloadOptions): Download {
  const { connectTimeoutMs } = limits;
  const trusted = new Set(trustedOrigins);
  const guarded = createGuardedConnector({ trustedOrigins: trusted, certificates, connectTimeoutMs, lookup });
  // No connection waits for another download from the same host.
  const way = createConnections(({ wrap }) => new Agent({ connect: wrap(guarded), pipelining: 0 }));

  // Whoever names links does not decide how many are read at a time.
  const line = createConcurrencyLimit('The reading of links', {
    maxConcurrent: 16,
    maxQueued: 1000,
    queueTimeoutMs: 60_000,
  });

  return {
    async read(address, signal) {
      let url = parseAddress(address);
      const leave = await line.enter(signal);
      const deadlines = startDeadlines({ name: url.host, limits, signal });
      try {
        for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
          const name = url.host;
          const request = { name, deadlines, url, method: 'GET', headers: { accept, ...HEADERS } } as const;
          const response = await ask(way, request);
          if (!isRedirect(response)) {
            const answer = await toHttpResponse(response, {
              name,
              deadlines,
              asked: `GET ${url.pathname}`,
              maxBytes,
              secrets: [],
            });
            checkLength(response, name, maxBytes);
            return { bytes: await answer.bytes(), contentType: answer.contentType };
          }
          response.body.drop();
          url = followRedirect(response, url);
        }
        throw new ProviderError('BAD_RESPONSE', `${url.host} redirected more than ${MAX_REDIRECTS} times`);
      } finally {
        deadlines.end();
        leave();
      }
    },

    close: way.close,
  };
}

function parseAddress(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new ProviderError('BAD_RESPONSE', 'The address is not a URL');
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new ProviderError('BLOCKED', `The address begins with ${url.protocol}, expected http: or https:`);
}

function isRedirect({ status, headers }: UpstreamResponse): boolean {
  return REDIRECTS.has(status) && headers.location !== undefined;
}

function followRedirect({ headers }: UpstreamResponse, from: URL): URL {
  const url = URL.parse(String(headers.location), from);
  if (!url) throw new ProviderError('BAD_RESPONSE', `${from.host} redirected to something that is not a URL`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:')) return url;
  throw new ProviderError('BLOCKED', `${from.host} redirected from ${from.protocol} to ${url.protocol}: not followed`);
}

/** What is said to be too large is not begun. */
function checkLength({ headers, body }: UpstreamResponse, name: string, maxBytes: number): void {
  if (!(Number(headers['content-length']) > maxBytes)) return;
  body.drop();
  throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
}
