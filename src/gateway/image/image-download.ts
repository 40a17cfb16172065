import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { ProviderError } from '../../providers/errors.ts';
import { createConnections } from '../../providers/http/connections.ts';
import { type DeadlineLimits, startDeadlines } from '../../providers/http/deadlines.ts';
import type { UpstreamResponse } from '../../providers/http/dispatch.ts';
import { ask, toHttpResponse } from '../../providers/http/send.ts';
import { createGuardedConnector } from './guarded-connector.ts';

export interface ImageDownloadLimits extends DeadlineLimits {
  readonly connectTimeoutMs: number;
  readonly maxImageBytes: number;
}

export interface ImageDownloadOptions {
  readonly limits: ImageDownloadLimits;
  /** Origins that may be on a private network, such as those of the configured providers. */
  readonly trustedOrigins: readonly string[];
  /** Of some of these origins the certificates in PEM that are trusted there, beside those that Node trusts. */
  readonly certificates?: ReadonlyMap<string, readonly string[]>;
  /** How names become addresses. @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
}

export interface ImageDownload {
  /**
   * Reads what an upstream linked to, from the public internet or a trusted origin, at most `maxImageBytes` of it. The
   * first byte has to come within `firstPartTimeoutMs`, redirects included. Follows up to 5 redirects, each guarded like
   * the first address, and none from https to http.
   * @throws ProviderError `BLOCKED` for an address that is refused, `TOO_LARGE`, `BAD_RESPONSE`, and what the way there
   * and the status give; the signal's reason when that aborts, which closes the connection.
   */
  read(address: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends all connections, also those with a download on them. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** No cookie, no key, no configured header: the address is the upstream's word, and may lead to anybody. */
const HEADERS = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'modelql' };

/**
 * Downloads that cannot be turned against the networks this server is in. They use no proxy, neither a provider's nor
 * the environment's: a proxy looks names up by itself, behind the guard. Where only a proxy leads outside, pictures
 * cannot be fetched, and clients have their urls.
 */
export function createImageDownload({
  limits,
  trustedOrigins,
  certificates = new Map(),
  lookup,
}: ImageDownloadOptions): ImageDownload {
  const { connectTimeoutMs, maxImageBytes } = limits;
  const trusted = new Set(trustedOrigins);
  const guarded = createGuardedConnector({ trustedOrigins: trusted, certificates, connectTimeoutMs, lookup });
  // No connection waits for another download from the same host.
  const way = createConnections(({ wrap }) => new Agent({ connect: wrap(guarded), pipelining: 0 }));

  return {
    async read(address, signal) {
      let url = parseAddress(address);
      const deadlines = startDeadlines({ name: url.host, limits, signal });
      try {
        for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
          const name = url.host;
          const request = { name, deadlines, url, method: 'GET', headers: HEADERS } as const;
          const response = await ask(way, request);
          if (!isRedirect(response)) {
            const answer = await toHttpResponse(response, {
              name,
              deadlines,
              asked: `GET ${url.pathname}`,
              maxBytes: maxImageBytes,
              secrets: [],
            });
            checkLength(response, name, maxImageBytes);
            return await answer.bytes();
          }
          response.body.drop();
          url = followRedirect(response, url);
        }
        throw new ProviderError('BAD_RESPONSE', `${url.host} redirected more than ${MAX_REDIRECTS} times`);
      } finally {
        deadlines.end();
      }
    },

    close: way.close,
  };
}

function parseAddress(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new ProviderError('BAD_RESPONSE', 'The address of the picture is not a URL');
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new ProviderError(
    'BLOCKED',
    `The address of the picture begins with ${url.protocol}, expected http: or https:`,
  );
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
