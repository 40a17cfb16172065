import type { SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { CallConnector } from './call-connector.ts';
import { createTunnelPool, toProxyConnector } from './proxy-failure.ts';
import { ReusingClient } from './reusing-client.ts';

interface DispatcherOptions {
  /** Its URL. */
  readonly proxy: string | undefined;
  /** Whose certificates are trusted. @default those that Node trusts */
  readonly secureContext: SecureContext | undefined;
  readonly connectTimeoutMs: number;
  readonly connector: CallConnector;
}

/**
 * Of one HTTP/2 connection, where the upstream allows as many. Undici opens such connections one after another, and
 * what is sent meanwhile waits: with its own 100 a wave of calls to one upstream would be slowed down.
 */
const MOST_STREAMS = 1000;

/** What sends requests to an upstream, through a proxy or directly. */
export function createDispatcher({ proxy, secureContext, connectTimeoutMs, connector }: DispatcherOptions): Dispatcher {
  const { wrap } = connector;
  const tls = secureContext ? { secureContext } : {};
  const connectDirectly = buildConnector({ ...tls, timeout: connectTimeoutMs });
  const options = {
    connectTimeout: connectTimeoutMs,
    h2Options: { maxConcurrentStreams: MOST_STREAMS },
    factory: (origin: string | URL, { connect, ...rest }: Pool.Options) =>
      new Pool(origin, {
        ...rest,
        factory: (url: URL, settings: object) => new ReusingClient(url, settings),
        connect: wrap(typeof connect === 'function' ? connect : connectDirectly),
      }),
  };
  if (proxy === undefined) return new Agent(options);
  if (/^socks/i.test(proxy)) {
    return new Socks5ProxyAgent(proxy, {
      connectTimeout: connectTimeoutMs,
      requestTls: tls,
      connect: toProxyConnector(wrap(buildConnector({ timeout: connectTimeoutMs }))),
    });
  }
  const { href } = new URL(proxy);
  return new ProxyAgent({
    ...options,
    uri: proxy,
    ...(secureContext && { requestTls: tls, proxyTls: tls }),
    /** The proxy is asked by its own URL for what is not encrypted. */
    factory: (origin: string | URL, { connect, ...rest }: Pool.Options) =>
      options.factory(origin, {
        ...rest,
        ...(typeof connect === 'function' && {
          connect: String(origin) === href ? toProxyConnector(connect) : connect,
        }),
      }),
    clientFactory: (url: URL, { connect }: Pool.Options) =>
      createTunnelPool(url, connector, {
        headersTimeout: connectTimeoutMs,
        ...(typeof connect === 'function' && { connect: wrap(connect) }),
      }),
  });
}
