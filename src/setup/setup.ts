import type { RequestListener } from 'node:http';
import * as z from 'zod';
import type { Config } from '../config/schema.ts';
import { createDownload } from '../gateway/download/download.ts';
import type { ReportBug } from '../gateway/failure.ts';
import type { Gateway, GatewaySetup } from '../gateway/gateway.ts';
import { createImageFiles } from '../gateway/image/image-files.ts';
import type { MediaStore } from '../gateway/media/media-store.ts';
import { createRegistry } from '../gateway/registry.ts';
import { ProviderOptions } from '../providers/options.ts';
import { schema } from '../schema/index.ts';
import { createAddressOf } from '../transport/client-address.ts';
import { createHttpTransport, createListener } from '../transport/http.ts';
import { createOwners } from '../transport/keys.ts';
import type { MaskGraphQLError } from '../transport/mask-error.ts';
import type { Exposition } from '../transport/metrics.ts';
import type { Operations } from '../transport/operations.ts';
import { servePages } from '../transport/pages.ts';
import type { CountOperation } from '../transport/rate-limit.ts';
import type { TransportStats } from '../transport/transport-stats.ts';
import type { WebSocketSetup } from '../transport/websocket.ts';
import { checkNames } from './check-names.ts';
import type { TakenProviders } from './provider-pool.ts';
import { createRefCount } from './ref-count.ts';

/** What one configuration makes. Several are in use for a while after it was changed: each until all that began by it is over. */
export interface Setup {
  readonly config: Config;
  readonly forGateway: GatewaySetup;
  readonly forWebSockets: WebSocketSetup;
  /** GraphQL over HTTP, and the pages. */
  readonly listener: RequestListener;
  readonly fetch: WebSocketSetup['graphql']['fetch'];
  /** Waits until every upstream that lists its models was asked for them once, or the signal aborts. */
  modelsListed(signal: AbortSignal): Promise<void>;
  /** Nothing begins by it any more. It closes once nothing runs that has. */
  retire(): void;
  /** Ends what is left of it. */
  close(): Promise<void>;
}

/** What all configurations have in common. */
export interface SetupOptions {
  /** It may not be made yet: only requests ask for it. */
  gateway(): Gateway;
  readonly operations: Operations;
  readonly mediaStore: MediaStore;
  readonly countOperation: CountOperation;
  readonly isReady: () => boolean;
  /** Why it should be asked nothing now, though it answers. */
  readonly problem: () => string | undefined;
  readonly maskError: MaskGraphQLError;
  readonly stats: TransportStats;
  /** What /metrics answers with; without it there is none. */
  readonly metrics?: Exposition | undefined;
  readonly reportBug: ReportBug;
  readonly pages: string | undefined;
}

/**
 * @param taken released when this closes
 * @throws ConfigError for names in the configuration that name nothing
 */
export function createSetup(config: Config, taken: TakenProviders, options: SetupOptions): Setup {
  const { providers } = taken;
  const { limits, defaults, aliases } = config;
  const registry = createRegistry({ providers, defaults, aliases });
  checkNames(config, registry);
  const downloads = createDownloads(config);
  const uses = createRefCount(() => void close());
  const retire = uses.retain();
  let closed: Promise<unknown> | undefined;

  async function close(): Promise<void> {
    closed ??= Promise.all([taken.release(), downloads.images.close(), downloads.media.close()]);
    await closed;
  }

  const operations: Pick<Operations, 'begin'> = {
    begin: (arrival) => options.operations.begin(arrival, uses.retain),
  };
  const imageFiles = createImageFiles(downloads.images);
  const createContext = () => ({
    gateway: options.gateway(),
    imageFiles,
    maxImagesPerRequest: limits.maxImagesPerRequest,
    maxMessages: limits.maxMessages,
  });
  const ownerOf = createOwners(config.auth.keys);
  const addressOf = createAddressOf(config.server.trustProxy);
  const graphql = createHttpTransport({ ...options, operations, ownerOf, addressOf, config, schema, createContext });
  const toGraphQL = createListener(graphql, { keepAliveMs: limits.keepAliveMs, reportBug: options.reportBug });

  return {
    config,
    forGateway: {
      registry,
      accessOptionsOf: ({ id }) => config.providers[id] ?? ProviderOptions.parse({}),
      chatLimits: limits,
      media: { ...limits, store: options.mediaStore, download: downloads.media },
      retain: uses.retain,
    },
    forWebSockets: {
      graphql,
      operations,
      ownerOf,
      addressOf,
      maxMessageBytes: limits.maxBodyBytes,
      keepAliveMs: limits.keepAliveMs,
      origins: config.server.cors.origins,
    },
    listener: withPages(config, options.pages, toGraphQL),
    fetch: graphql.fetch,
    async modelsListed(signal) {
      if (signal.aborted) return;
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await Promise.race([aborted, Promise.all(providers.map((provider) => provider.modelsListed))]);
    },
    retire,
    close,
  };
}

function withPages({ server }: Config, folder: string | undefined, listener: RequestListener): RequestListener {
  return folder ? servePages({ folder, ...server }, listener) : listener;
}

function createDownloads({ limits, providers }: Config) {
  const upstreams = upstreamsOf(providers);
  return {
    images: createDownload({
      limits,
      accept: 'image/*',
      maxBytes: limits.maxImageBytes,
      trustedOrigins: upstreams.map(({ origin }) => origin),
      certificates: new Map(upstreams.flatMap(({ origin, ca }) => (ca ? [[origin, ca]] : []))),
    }),
    media: createDownload({
      // What a request links to arrives as the request does.
      limits: { ...limits, maxDurationMs: limits.requestTimeoutMs },
      accept: 'image/*, audio/*, application/pdf, text/*;q=0.9, */*;q=0.8',
      maxBytes: limits.maxMediaBytes,
      trustedOrigins: [], // It is the caller who links to it, and not an upstream.
    }),
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
