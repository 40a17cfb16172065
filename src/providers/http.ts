import { Agent, buildConnector, EnvHttpProxyAgent, Pool, ProxyAgent } from 'undici';
import type { HttpAnswer } from './answer.ts';
import { joinUrl, querySecrets } from './base-url.ts';
import { startCall } from './call.ts';
import { createCallConnector } from './connector.ts';
import type { ProviderError } from './errors.ts';
import { ask, toAnswer, type Way } from './exchange.ts';
import { toBodyError } from './http-errors.ts';
import type { UpstreamSettings } from './options.ts';

export interface HttpClientOptions extends UpstreamSettings {
  /** The provider's name, as messages show it. */
  readonly name: string;
  /** Without a trailing slash. Its query stands behind every path, and its values are in no message. */
  readonly baseUrl: string;
  readonly proxy?: string | undefined;
  /** Configured headers: they win over those of a request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Joined to the base URL, in front of its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bounds the whole call, to the last byte of the answer. */
  readonly timeoutMs?: number;
}

export interface HttpClient {
  /**
   * Sends one request, follows no redirect.
   * @throws ProviderError for every failure of the upstream or the way to it; the signal's reason when that aborts.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** What an `error` means that an upstream put into a 2xx answer; quoted as those of bad statuses are. */
  toError(error: unknown): ProviderError;
  /** Ends all connections, also those with a call on them. */
  close(): Promise<void>;
}

/** HTTP to one upstream: proxy, headers, deadlines and bounds in one place. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, baseUrl, headers: configured = {}, cookie, limits } = options;
  const way = createWay(options);
  const own = { ...lowerCaseNames(configured), ...(cookie === undefined ? {} : { cookie }) };
  const secrets = [
    ...Object.entries(own).flatMap(([header, value]) => [value, ...secretsIn(header, value)]),
    ...querySecrets(baseUrl),
    ...proxySecrets(options),
  ];

  return {
    async send({ method, path, headers, body, timeoutMs }, signal) {
      const call = startCall({ name, limits, timeoutMs, signal });
      const url = joinUrl(baseUrl, path);
      const request = { name, call, url, method, headers: { ...PLAIN, ...headers, ...own }, body };
      const response = await ask(way, request);
      return toAnswer(response, { name, call, maxBytes: limits.maxAnswerBytes, secrets });
    },

    toError: (error) => toBodyError({ name, error, secrets }),

    close: () => way.dispatcher.destroy(),
  };
}

/** Whoever gets no such header may compress, and hold small pieces back for that. */
const PLAIN = { 'accept-encoding': 'identity' };

/**
 * Of one HTTP/2 connection, where the upstream allows as many. Undici opens such connections one after another, and
 * what is sent meanwhile waits: with its own 100 a wave of calls to one upstream would be slowed down.
 */
const MOST_STREAMS = 1000;

function createWay({ proxy, limits, environmentProxies }: HttpClientOptions): Way {
  const { connectTimeoutMs } = limits;
  const connector = createCallConnector();
  const createPool = (origin: string | URL, { connect, ...options }: Pool.Options) =>
    new Pool(origin, {
      ...options,
      connect: connector.wrap(typeof connect === 'function' ? connect : buildConnector({ timeout: connectTimeoutMs })),
    });
  const options = {
    connectTimeout: connectTimeoutMs,
    factory: createPool,
    h2Options: { maxConcurrentStreams: MOST_STREAMS },
    /** The connections on which a proxy is asked for a tunnel. */
    clientFactory: (proxyUrl: URL, connection: object) =>
      createPool(proxyUrl, { ...connection, headersTimeout: connectTimeoutMs }),
  };
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = environmentProxies;
  if (proxy !== undefined) return { connector, dispatcher: new ProxyAgent({ ...options, uri: proxy }) };
  if (httpProxy || httpsProxy) {
    return { connector, dispatcher: new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy }) };
  }
  return { connector, dispatcher: new Agent(options) };
}

/** What an upstream may say of a header's value without the rest of it: a token, or what a cookie holds. */
function secretsIn(header: string, value: string): string[] {
  if (header === 'authorization') return value.split(/\s+/).slice(1);
  if (header === 'cookie') return value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [];
}

/** The credentials in the proxies' URLs, and the token that goes to the proxy in their place. */
function proxySecrets({ proxy, environmentProxies }: HttpClientOptions): string[] {
  const { httpProxy, httpsProxy } = environmentProxies;
  const proxies = proxy === undefined ? [httpProxy, httpsProxy] : [proxy];
  return proxies.filter(Boolean).flatMap((uri) => {
    const { username, password } = new URL(uri ?? '');
    const credentials = [username, password].map(decodeURIComponent);
    return [...credentials, Buffer.from(credentials.join(':')).toString('base64')];
  });
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
}
