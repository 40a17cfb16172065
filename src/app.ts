import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Config } from './config/schema.ts';
import { createGateway } from './gateway/gateway.ts';
import { createProviders } from './providers/index.ts';
import type { EnvironmentProxies } from './providers/options.ts';
import type { Provider } from './providers/provider.ts';
import { schema } from './schema/index.ts';
import { createHttpTransport, type GraphQLServer } from './transport/http.ts';
import { createKeyCheck } from './transport/keys.ts';
import { createOperations } from './transport/operations.ts';
import { createWebSocketTransport } from './transport/websocket.ts';

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly environmentProxies?: EnvironmentProxies;
  /** Other providers than the configured ones. */
  readonly providers?: readonly Provider[];
}

/** The whole server, without a port. */
export interface App {
  /** For `http.createServer`. */
  readonly listener: RequestListener;
  /** For the server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** One HTTP request, without a socket. */
  readonly fetch: GraphQLServer['fetch'];
  /**
   * Refuses new operations from now on, lets streams run for the grace, ends the rest in `SHUTTING_DOWN`, and says
   * goodbye to WebSockets. The caller closes its port afterwards.
   */
  stop(): Promise<void>;
}

export function createApp({ config, log, environmentProxies = {}, ...rest }: AppOptions): App {
  const { limits, auth, server, defaults } = config;
  const providers = rest.providers ?? createProviders(config.providers, { limits, environmentProxies });
  let ready = true;
  const isReady = () => ready;

  function reportBug(error: unknown): string {
    const id = randomUUID();
    log.error({ err: error, id }, 'unexpected error');
    return id;
  }

  const gateway = createGateway({ providers, defaults, reportBug });
  for (const kind of ['chat', 'image'] as const) {
    if (!gateway.model(defaults[kind])) log.warn(`defaults.${kind}: there is no model '${defaults[kind]}'`);
  }
  const operations = createOperations(log);
  const isAuthorized = createKeyCheck(auth.keys);
  const context = { gateway, maxMessages: limits.maxMessages };
  const graphql = createHttpTransport({ config, schema, context, operations, isAuthorized, isReady, reportBug });
  const webSocket = createWebSocketTransport({
    graphql,
    operations,
    isAuthorized,
    isReady,
    log,
    maxMessageBytes: limits.maxBodyBytes,
    keepAliveMs: limits.keepAliveMs,
    origins: server.cors.origins,
  });

  return {
    listener: graphql,
    fetch: graphql.fetch,
    upgrade: webSocket.upgrade,
    async stop() {
      ready = false;
      await operations.stop(limits.shutdownGraceMs);
      await webSocket.close();
      await Promise.all(providers.map((provider) => provider.close?.()));
    },
  };
}
