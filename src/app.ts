import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { OtelEnvironment } from './config/otel.ts';
import type { Config } from './config/schema.ts';
import { createGateway } from './gateway/gateway.ts';
import { createGatewayStats } from './gateway/gateway-stats.ts';
import { createJsonSchemas } from './gateway/json-schemas.ts';
import { createMediaStore } from './gateway/media/media-store.ts';
import { createProcessFolder } from './gateway/media/process-folder.ts';
import type { EnvironmentProxies } from './providers/http/settings.ts';
import type { Provider } from './providers/provider.ts';
import { keepFixed } from './setup/fixed-settings.ts';
import { createMetricsSetup } from './setup/metrics.ts';
import { createProviderPool } from './setup/provider-pool.ts';
import { createSetup, type Setup, type SetupOptions } from './setup/setup.ts';
import { toProviderName } from './telemetry/provider-names.ts';
import { countReload, createReloadStats } from './telemetry/reload-stats.ts';
import { createTracing } from './telemetry/tracing.ts';
import { createEmbedded, type Embedded } from './transport/embedded.ts';
import type { GraphQLServer } from './transport/http.ts';
import { createHttpServer } from './transport/http-server.ts';
import { createErrorMask } from './transport/mask-error.ts';
import type { MetricsServer } from './transport/metrics-server.ts';
import { createOperationLimit } from './transport/operation-limit.ts';
import { createOperations } from './transport/operations.ts';
import { createRateLimit } from './transport/rate-limit.ts';
import { createTransportStats } from './transport/transport-stats.ts';
import { createWebSocketTransport } from './transport/websocket.ts';

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly environmentProxies?: EnvironmentProxies;
  readonly otel?: OtelEnvironment;
  /** The folder of the built pages: the playground and GraphiQL. None: they are not served. */
  readonly pages?: string | undefined;
  /** Other providers than the configured ones. */
  readonly providers?: readonly Provider[];
  /** It is a part of somebody else's server, so that no line of the log says where it listens. */
  readonly isEmbedded?: boolean;
}

/** The whole server, without a port. */
export interface App {
  /** It does not listen yet. */
  readonly server: Server;
  /** Where metrics have a port of their own. It does not listen yet either. */
  readonly metricsServer: MetricsServer | undefined;
  /** One HTTP request, without a socket. */
  readonly fetch: GraphQLServer['fetch'];
  readonly embedded: Embedded;
  /** Waits until every upstream that lists its models was asked for them once, or the signal aborts. */
  modelsListed(signal: AbortSignal): Promise<void>;
  /**
   * Puts another configuration in force, for all that begins from then on: what runs goes on as it began. Resolves with
   * the names of the settings that differ and stay as they are, as only a restart changes them.
   * @throws ConfigError for names in the configuration that name nothing, or what its promise rejects with; the old one
   * stays in force then
   */
  reload(config: Config | Promise<Config>): Promise<readonly string[]>;
  /**
   * Refuses new operations from now on, lets streams run for the grace, ends the rest in `SHUTTING_DOWN`, and says
   * goodbye to WebSockets. The caller closes its port afterwards.
   */
  stop(): Promise<void>;
}

/** How long a new configuration waits for the models that its new providers list, so that they are there when it is in force. */
const MODELS_MS = 2_000;

/**
 * Loads what the configured providers need, and nothing for those that are not.
 * @throws ConfigError for names in the configuration that name nothing.
 */
export async function createApp({
  config,
  log,
  environmentProxies = {},
  otel = {},
  pages,
  ...rest
}: AppOptions): Promise<App> {
  /** The first line of the log says where it listens: warnings wait for that. */
  const listening = Promise.withResolvers<void>();
  if (rest.isEmbedded) listening.resolve();
  const warn = (message: string) => void listening.promise.then(() => log.warn(message));
  const pool = createProviderPool({ environmentProxies, warn });
  const fixed = rest.providers && { providers: rest.providers, release() {} };
  const stopping = new AbortController();
  let bugs = 0;

  function reportBug(error: unknown, requestId?: string): string {
    const id = randomUUID();
    bugs++;
    log.error({ err: error, id, requestId }, 'unexpected error');
    return id;
  }

  /** What each provider was made of. */
  const entries = new WeakMap<Provider, object>();
  const entryOf = (provider: Provider) => entries.get(provider);
  const tracing = await createTracing({
    ...config.telemetry,
    environment: otel,
    entryOf,
    log: { warn },
  });
  const limits = () => setup.config.limits;
  const jsonSchemas = createJsonSchemas();
  const mediaStore = createMediaStore(limits, createProcessFolder());
  const cluster = config.cluster && (await loadCluster(config.cluster, log));
  const stats = {
    gateway: createGatewayStats(),
    transport: createTransportStats(),
    reloads: createReloadStats(),
    cluster: cluster?.stats,
  };
  const sources = {
    stats,
    gateway: () => gateway,
    mediaBytes: () => mediaStore.bytes,
    bugs: () => bugs,
    maxStreams: () => limits().maxStreams,
    providerNameOf: (provider: Provider) => toProviderName(provider.id, entryOf(provider)),
  };
  const metrics = await createMetricsSetup(config, sources, reportBug);
  const operations = createOperations(log, {
    enterOperation: createOperationLimit(limits, stats.transport, cluster?.others.openPlaces),
    beginSpan: tracing.beginOperation,
    stats: stats.transport,
  });
  const options: SetupOptions = {
    gateway: () => gateway,
    operations,
    mediaStore,
    countOperation: createRateLimit(() => limits().requestsPerMinute, cluster?.countOperation),
    isReady: () => !stopping.signal.aborted,
    problem: () => cluster?.problem,
    maskError: createErrorMask(reportBug),
    stats: stats.transport,
    metrics: metrics.exposition,
    reportBug,
    pages,
  };

  async function setUp(config: Config): Promise<Setup> {
    const taken = fixed ?? (await pool.take(config));
    for (const provider of taken.providers) entries.set(provider, config.providers[provider.id] ?? {});
    try {
      return createSetup(config, taken, options);
    } catch (error) {
      taken.release();
      throw error;
    }
  }

  let setup = await setUp(config).catch(async (error: unknown) => {
    await cluster?.close(0, Promise.resolve());
    throw error;
  });
  const gateway = createGateway(
    {
      jsonSchemas,
      reportBug,
      stats: stats.gateway,
      observers: [tracing.calls, ...metrics.observers],
      ...(cluster && { chats: cluster.chats, others: cluster.others }),
    },
    setup.forGateway,
  );
  const webSocket = createWebSocketTransport({ ...options, log, setup: () => setup.forWebSockets });
  const entrance = {
    listener: (request: IncomingMessage, response: ServerResponse) => setup.listener(request, response),
    upgrade: webSocket.upgrade,
  };
  const { server, configure } = createHttpServer({ ...entrance, config: () => setup.config, stats: stats.transport });
  server.once('listening', listening.resolve);

  /** By the configuration of now: that one stays in force until all of the other is there. */
  async function change(wanted: Config): Promise<readonly string[]> {
    const { config, kept } = keepFixed(setup.config, wanted);
    const next = await setUp(config);
    await next.modelsListed(AbortSignal.any([AbortSignal.timeout(MODELS_MS), stopping.signal]));
    const old = setup;
    setup = next;
    gateway.configure(next.forGateway);
    configure();
    webSocket.dropUninvited();
    operations.dropUninvited(next.forWebSockets.ownerOf);
    old.retire();
    return kept;
  }

  let changing: Promise<unknown> = Promise.resolve();

  return {
    server,
    metricsServer: metrics.server,
    fetch: (request: never, ...more: never[]) => setup.fetch(request, ...more),
    embedded: createEmbedded({ ...entrance, graphql: () => setup.forWebSockets.graphql }),
    modelsListed: (signal) => setup.modelsListed(signal),
    reload(config) {
      const changed = Promise.all([config, changing]).then(([wanted]) => change(wanted));
      changing = changed.then(
        () => countReload(stats.reloads, true),
        () => countReload(stats.reloads, false), // Whoever asked for it is told.
      );
      return changed;
    },
    async stop() {
      stopping.abort();
      await changing;
      gateway.stopHealthChanges();
      const graceMs = limits().shutdownGraceMs;
      const ended = operations.stop(graceMs);
      await Promise.all([ended, cluster?.close(graceMs, ended)]);
      await webSocket.close();
      metrics.server?.close();
      jsonSchemas.close();
      await Promise.all([
        ...(rest.providers ?? []).map((provider) => provider.close?.()),
        pool.close(),
        setup.close(),
        mediaStore.close(),
      ]);
      await tracing.close(); // After what all this has ended.
    },
  };
}

/** Loads what a cluster needs, only where there is one. */
async function loadCluster(options: NonNullable<Config['cluster']>, log: Logger) {
  const { joinCluster } = await import('./cluster/cluster.ts');
  return joinCluster(options, log);
}
