import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { createApp } from './app.ts';
import { findPages } from './built-pages.ts';
import { ConfigError, parseConfig, readJson } from './config/load.ts';
import { readProxies } from './config/proxies.ts';
import type { ConfigInput } from './config/schema.ts';
import { schema } from './schema/index.ts';

export type { ConfigInput };
export { ConfigError };

export interface ModelqlOptions {
  /** What would stand in a configuration file. Without this and `configFile` every setting has its default. */
  readonly config?: ConfigInput;
  /** A configuration file, instead of `config`. */
  readonly configFile?: string;
  /** Gets a line for each operation. Without it nothing is logged. */
  readonly log?: Logger;
  /** Where `${NAME}` of the configuration is looked up, and the proxies. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The whole of modelql but for a port: a part of a server of yours, under `server.path` of the configuration. */
export interface Modelql {
  /** Answers a request, subscriptions as server-sent events. Cancelling the body, or aborting the request, leaves. */
  fetch(request: Request): Promise<Response>;
  /** The same for Node's `http`, Express and their like, with the pages, and quicker where it streams. */
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** Takes an upgrade to WebSocket. False: it is for another path, and nothing was done with its socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /**
   * Refuses new operations from now on, lets streams run for `limits.shutdownGraceMs`, ends the rest, and closes every
   * WebSocket and upstream.
   */
  close(): Promise<void>;
  /** The API: to be printed, or to generate code from. Its resolvers work within this server only. */
  readonly schema: GraphQLSchema;
}

/** Opens no port but that of `telemetry.metrics`, where it has one, and reads no file that it is not told of. @throws ConfigError with every problem of the configuration */
export async function createModelql(options: ModelqlOptions = {}): Promise<Modelql> {
  const { config = {}, configFile, log = pino({ level: 'silent' }), environment = process.env } = options;
  if (options.config && configFile !== undefined) throw new ConfigError(['configFile: expected it without config']);
  const app = await createApp({
    config: parseConfig(configFile === undefined ? config : readJson(configFile), environment),
    log,
    environmentProxies: readProxies(environment),
    pages: findPages(),
    isEmbedded: true,
  });
  await app.metricsServer?.listen().catch(async (error) => {
    await app.stop();
    throw error;
  });
  let closed: Promise<void> | undefined;
  return {
    ...app.embedded,
    close() {
      closed ??= app.stop();
      return closed;
    },
    schema,
  };
}
