import type { ProviderError } from '../errors.ts';
import { joinUrl, querySecrets } from './base-url.ts';
import { trust } from './certificates.ts';
import { createConnections } from './connections.ts';
import { startDeadlines } from './deadlines.ts';
import { createDispatcher } from './dispatcher.ts';
import { toBodyError, withoutSecrets } from './http-errors.ts';
import { chooseProxy } from './proxies.ts';
import type { HttpResponse } from './response.ts';
import { ask, toHttpResponse } from './send.ts';
import type { OwnDeadlines, UpstreamLimits, UpstreamSettings } from './settings.ts';
import { traceHeaders } from './trace-headers.ts';

export interface HttpClientOptions extends UpstreamSettings, OwnDeadlines {
  /** The provider's name, as messages show it. */
  readonly name: string;
  /** Without a trailing slash. Its query stands behind every path, and its values are in no message. */
  readonly baseUrl: string;
  /** Wins over those of the environment. */
  readonly proxy?: string | undefined;
  /** Certificates in PEM that are trusted beside those that Node trusts. */
  readonly ca?: readonly string[] | undefined;
  /** Configured headers: they win over those of a request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string | undefined;
  /** What else is in no message: keys that are never sent, or only within other things. */
  readonly secrets?: readonly string[];
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Joined to the base URL, in front of its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bounds the whole call, to the last byte of the answer. */
  readonly timeoutMs?: number;
}

export interface HttpClient {
  /**
   * Sends one request, follows no redirect.
   * @throws ProviderError for every failure of the upstream or the way to it; the signal's reason when that aborts.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** What an error means that an upstream put into a 2xx answer, parsed; quoted as those of bad statuses are. */
  toError(body: unknown): ProviderError;
  /** A text of the upstream's without the configured headers, should it echo them. */
  clean(text: string): string;
  /** Ends all connections, also those with a call on them. */
  close(): Promise<void>;
}

/** HTTP to one upstream: proxy, headers, deadlines and bounds in one place. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, baseUrl, ca, headers: configured = {}, cookie, environmentProxies } = options;
  const limits = withOwnDeadlines(options);
  const { connectTimeoutMs } = limits;
  const proxy = options.proxy ?? chooseProxy(baseUrl, environmentProxies);
  const secureContext = ca && trust(ca);
  const way = createConnections((connector) => createDispatcher({ proxy, secureContext, connectTimeoutMs, connector }));
  const own = { ...lowerCaseNames(configured), ...(cookie === undefined ? {} : { cookie }) };
  const secrets = [
    ...(options.secrets ?? []),
    ...Object.entries(own).flatMap(([header, value]) => [value, ...secretsIn(header, value)]),
    ...querySecrets(baseUrl),
    ...proxySecrets(proxy),
  ];

  return {
    async send({ method, path, headers, body, timeoutMs }, signal) {
      const deadlines = startDeadlines({ name, limits, timeoutMs, signal });
      const url = joinUrl(baseUrl, path);
      const request = {
        name,
        deadlines,
        url,
        method,
        headers: { ...PLAIN, ...traceHeaders(), ...headers, ...own },
        body,
      };
      const response = await ask(way, request);
      const asked = `${method} ${url.pathname}`;
      return toHttpResponse(response, { name, deadlines, asked, maxBytes: limits.maxAnswerBytes, secrets });
    },

    toError: (body) => toBodyError({ name, body, secrets }),

    clean: (text) => withoutSecrets(text, secrets),

    close: way.close,
  };
}

/** Whoever gets no such header may compress, and hold small pieces back for that. */
const PLAIN = { 'accept-encoding': 'identity' };

function withOwnDeadlines({ limits, ...own }: HttpClientOptions): UpstreamLimits {
  const {
    firstPartTimeoutMs = limits.firstPartTimeoutMs,
    idleTimeoutMs = limits.idleTimeoutMs,
    maxDurationMs = limits.maxDurationMs,
  } = own;
  return { ...limits, firstPartTimeoutMs, idleTimeoutMs, maxDurationMs };
}

/** What an upstream may say of a header's value without the rest of it: a token, or what a cookie holds. */
function secretsIn(header: string, value: string): string[] {
  if (header === 'authorization') return value.split(/\s+/).slice(1);
  if (header === 'cookie') return value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [];
}

/** The credentials in the URL of a proxy, and the token that goes to it in their place. */
function proxySecrets(proxy: string | undefined): string[] {
  if (proxy === undefined) return [];
  const { username, password } = new URL(proxy);
  const credentials = [username, password].map(decodeURIComponent);
  return [...credentials, Buffer.from(credentials.join(':')).toString('base64')];
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
}
