import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool, ProxyAgent } from 'undici';
import { createAnswer, type HttpAnswer } from './answer.ts';
import { startCall } from './call.ts';
import { ProviderError } from './errors.ts';
import { toStatusError, toTransportError } from './http-errors.ts';
import type { UpstreamSettings } from './options.ts';

export interface HttpClientOptions extends UpstreamSettings {
  /** The provider's name, as messages show it. */
  readonly name: string;
  readonly baseUrl: string;
  readonly proxy?: string | undefined;
  /** Configured headers: they win over those of a request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Joined to the base URL. */
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
  /** Ends all connections, also those with a call on them. */
  close(): Promise<void>;
}

/** HTTP to one upstream: proxy, headers, deadlines and bounds in one place. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, baseUrl, headers: configured = {}, cookie, limits } = options;
  const dispatcher = createDispatcher(options);
  const own = { ...lowerCaseNames(configured), ...(cookie === undefined ? {} : { cookie }) };
  const secrets = [
    ...Object.values(own).flatMap((value) => [value, ...value.split(/[\s;,=]+/)]),
    ...proxySecrets(options),
  ];

  return {
    async send({ method, path, headers, body, timeoutMs }, signal) {
      const call = startCall({ name, limits, timeoutMs, signal });
      const explain = (error: unknown) => (call.signal.aborted ? call.signal.reason : toTransportError(name, error));
      const url = new URL(`${baseUrl}${path}`);
      let response: Dispatcher.ResponseData;
      try {
        const sent = dispatcher.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { ...headers, ...own },
          body: body ?? null,
          // These deadlines are coarse and count bytes: the call's are used instead.
          headersTimeout: 0,
          bodyTimeout: 0,
          signal: call.signal,
        });
        response = await unlessAborted(sent, call.signal);
      } catch (error) {
        call.end();
        throw explain(error);
      }

      const { statusCode: status, headers: received, body: stream } = response;
      const good = status >= 200 && status <= 299;
      const answer = createAnswer({
        name,
        contentType: String(received['content-type'] ?? ''),
        body: stream,
        maxBytes: good ? limits.maxAnswerBytes : MAX_ERROR_BYTES,
        call,
        explain,
      });
      if (!good) {
        const said = await answer.text().catch((error: unknown) => {
          if (signal.aborted) throw error;
          return ''; // The status tells enough of a body that broke off.
        });
        throw toStatusError({ name, status, headers: received, body: said, secrets });
      }
      const encoding = received['content-encoding'] ?? 'identity';
      if (encoding !== 'identity') {
        call.end();
        stream.on('error', () => {}).destroy();
        throw new ProviderError('BAD_RESPONSE', `${name} compressed its answer (${encoding}), which was not asked for`);
      }
      return answer;
    },

    close: () => dispatcher.destroy(),
  };
}

/** As much of an error's body as is read. */
const MAX_ERROR_BYTES = 65_536;

/** undici heeds a signal only once it has a connection, and that may take as long as the connect timeout. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
  return Promise.race([promise, aborted.promise]);
}

function createDispatcher({ proxy, limits, environmentProxies }: HttpClientOptions): Dispatcher {
  const { connectTimeoutMs } = limits;
  const options = {
    connectTimeout: connectTimeoutMs,
    /** The connections on which a proxy is asked for a tunnel. */
    clientFactory: (origin: URL, connection: object) =>
      new Pool(origin, { ...connection, headersTimeout: connectTimeoutMs }),
  };
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = environmentProxies;
  if (proxy !== undefined) return new ProxyAgent({ ...options, uri: proxy });
  if (httpProxy || httpsProxy) return new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy });
  return new Agent(options);
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
