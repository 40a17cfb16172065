import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import * as z from 'zod';
import { ConfigError } from './config/load.ts';
import { Config } from './config/schema.ts';
import { createDownload } from './gateway/download/download.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createImageFiles } from './gateway/image/image-files.ts';
import { createJsonSchemas } from './gateway/json-schemas.ts';
import { createMediaStore } from './gateway/media/media-store.ts';
import { createProcessFolder } from './gateway/media/process-folder.ts';
import type { EnvironmentProxies } from './providers/http/settings.ts';
import { createProviders } from './providers/index.ts';
import { ProviderOptions } from './providers/options.ts';
import type { Provider } from './providers/provider.ts';
import { schema } from './schema/index.ts';
import { createHttpTransport, createListener, type GraphQLServer } from './transport/http.ts';
import { createHttpServer } from './transport/http-server.ts';
import { createOwners } from './transport/keys.ts';
import { createErrorMask } from './transport/mask-error.ts';
import { createOperationLimit } from './transport/operation-limit.ts';
import { createOperations } from './transport/operations.ts';
import { servePages } from './transport/pages.ts';
import { createRateLimit } from './transport/rate-limit.ts';
import { createWebSocketTransport } from './transport/websocket.ts';

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly environmentProxies?: EnvironmentProxies;
  /** The folder of the built pages: the playground and GraphiQL. None: they are not served. */
  readonly pages?: string | undefined;
  /** Other providers than the configured ones. */
  readonly providers?: readonly Provider[];
}

/** The whole server, without a port. */
export interface App {
  /** It does not listen yet. */
  readonly server: Server;
  /** One HTTP request, without a socket. */
  readonly fetch: GraphQLServer['fetch'];
  /** Waits until every upstream that lists its models was asked for them once, or the signal aborts. */
  modelsListed(signal: AbortSignal): Promise<void>;
  /**
   * Refuses new operations from now on, lets streams run for the grace, ends the rest in `SHUTTING_DOWN`, and says
   * goodbye to WebSockets. The caller closes its port afterwards.
   */
  stop(): Promise<void>;
}

/**
 * Loads what the configured providers need, and nothing for those that are not.
 * @throws ConfigError for names in the configuration that name nothing.
 */
export async function createApp({ config, log, environmentProxies = {}, pages, ...rest }: AppOptions): Promise<App> {
  const { limits, auth, server, defaults } = config;
  /** The first line of the log says where it listens: warnings wait for that. */
  const listening = Promise.withResolvers<void>();
  const warn = (message: string) => void listening.promise.then(() => log.warn(message));
  const providers = rest.providers ?? (await createProviders(config.providers, { limits, environmentProxies, warn }));
  let ready = true;
  const isReady = () => ready;

  function reportBug(error: unknown): string {
    const id = randomUUID();
    log.error({ err: error, id }, 'unexpected error');
    return id;
  }

  const jsonSchemas = createJsonSchemas();
  const mediaStore = createMediaStore(limits, createProcessFolder());
  const mediaDownload = createDownload({
    // What a request links to arrives as the request does.
    limits: { ...limits, maxDurationMs: limits.requestTimeoutMs },
    accept: 'image/*, audio/*, application/pdf, text/*;q=0.9, */*;q=0.8',
    maxBytes: limits.maxMediaBytes,
    trustedOrigins: [], // It is the caller who links to it, and not an upstream.
  });
  const gateway = createGateway({
    providers,
    defaults,
    aliases: config.aliases,
    accessOptionsOf: ({ id }) => config.providers[id] ?? ProviderOptions.parse({}),
    chatLimits: limits,
    jsonSchemas,
    media: { ...limits, store: mediaStore, download: mediaDownload },
    reportBug,
  });
  checkNames(config, gateway);
  const operations = createOperations(log, createOperationLimit(limits));
  const ownerOf = createOwners(auth.keys);
  const upstreams = upstreamsOf(config.providers);
  const imageDownload = createDownload({
    limits,
    accept: 'image/*',
    maxBytes: limits.maxImageBytes,
    trustedOrigins: upstreams.map(({ origin }) => origin),
    certificates: new Map(upstreams.flatMap(({ origin, ca }) => (ca ? [[origin, ca]] : []))),
  });
  const imageFiles = createImageFiles(imageDownload);
  const createContext = () => ({
    gateway,
    imageFiles,
    maxImagesPerRequest: limits.maxImagesPerRequest,
    maxMessages: limits.maxMessages,
  });
  const common = {
    operations,
    ownerOf,
    isReady,
    countOperation: createRateLimit(limits.requestsPerMinute),
    maskError: createErrorMask(reportBug),
  };
  const graphql = createHttpTransport({ ...common, config, schema, createContext, mediaStore });
  const webSocket = createWebSocketTransport({
    ...common,
    graphql,
    log,
    maxMessageBytes: limits.maxBodyBytes,
    keepAliveMs: limits.keepAliveMs,
    origins: server.cors.origins,
  });

  const toGraphQL = createListener(graphql, { keepAliveMs: limits.keepAliveMs, reportBug });
  const { path, playground, graphiql } = server;
  const listener = pages ? servePages({ folder: pages, path, playground, graphiql }, toGraphQL) : toGraphQL;

  return {
    server: createHttpServer({ config, listener, upgrade: webSocket.upgrade }).once('listening', listening.resolve),
    fetch: graphql.fetch,
    async modelsListed(signal) {
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await Promise.race([aborted, Promise.all(providers.map((provider) => provider.modelsListed))]);
    },
    async stop() {
      ready = false;
      gateway.stopHealthChanges();
      await operations.stop(limits.shutdownGraceMs);
      await webSocket.close();
      jsonSchemas.close();
      await Promise.all([
        ...providers.map((provider) => provider.close?.()),
        imageDownload.close(),
        mediaDownload.close(),
        mediaStore.close(),
      ]);
    },
  };
}

/**
 * Where the configured upstreams are, and whose certificates are trusted there: whoever runs the server put them there,
 * on a private network or not.
 */
function upstreamsOf(providers: Config['providers']) {
  return Object.values(providers).flatMap((options) => {
    const { data } = Upstream.safeParse(options);
    return data ? [{ origin: new URL(data.baseUrl).origin, ca: data.ca }] : [];
  });
}

/** What is needed of the options of a provider that is enabled and calls an upstream. */
const Upstream = z.object({ enabled: z.literal(true), baseUrl: z.url(), ca: z.array(z.string()).optional() });

/**
 * The defaults and aliases have to name models, as far as all models are known at the start.
 * @throws ConfigError
 */
function checkNames({ defaults, aliases }: Config, gateway: Gateway): void {
  const isFoundOutLater = (name: string) =>
    gateway.providers.some(
      ({ id, models }) => models.length === 0 && (name.startsWith(`${id}/`) || !name.includes('/')),
    );
  const standard = Config.parse({}).defaults;
  const problems = (['chat', 'image'] as const).flatMap((kind) => {
    const name = defaults[kind];
    if (name === standard[kind] || isFoundOutLater(name)) return []; // The standard one may have been switched off.
    try {
      const isProvider = gateway.providers.some(({ id }) => id === name);
      gateway.choose(isProvider ? { provider: name } : { model: name }, kind === 'chat' ? 'CHAT' : 'IMAGE');
      return [];
    } catch (error) {
      return [`defaults.${kind}: ${error instanceof Error ? error.message : error}`];
    }
  });
  for (const [alias, ids] of Object.entries(aliases)) {
    for (const [at, id] of ids.entries()) {
      if (!gateway.model(id) && !isFoundOutLater(id))
        problems.push(`aliases.${alias}.${at}: there is no model '${id}'`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
