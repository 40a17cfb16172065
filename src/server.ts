#!/usr/bin/env node
import { watchFile } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { findPages } from './built-pages.ts';
import { type Detected, detect } from './config/detect.ts';
import { ConfigError, hasConfigFile, loadConfig, STANDARD_FILE } from './config/load.ts';
import { readOtel } from './config/otel.ts';
import { readProxies } from './config/proxies.ts';
import type { Config } from './config/schema.ts';
import { createStandardKey } from './config/standard-key.ts';
import { createLog } from './log.ts';
import { checkShared, isWorker, labelWorker, readWorkers, runWorkers, tellPrimary } from './workers.ts';

const HELP = `modelql: one GraphQL API for every chat and image model

Usage: modelql serve [options], or npm start -- [options]

  --config FILE      the configuration    (MODELQL_CONFIG; modelql.config.json where it is there)
  --host HOST        address to listen on (HOST; 127.0.0.1)
  --port PORT        0 takes a free port  (PORT; 4000)
  --workers N        N processes at one port, or auto: one for each core; they need "cluster" in the configuration
  --watch            take the configuration anew whenever its file has changed, as SIGHUP does
  --no-detect        without a configuration, look for no keys in the environment and for no Ollama
  --log-level LEVEL  trace, debug, info, warn, error, fatal or silent (LOG_LEVEL; info)
  --help             this text
`;

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Serves until it is told to stop. */
export async function main(args: readonly string[]): Promise<void> {
  const { env } = process;
  const flags = readFlags(args);
  if (flags.help) return void process.stdout.write(HELP);

  const level = flags['log-level'] ?? env.LOG_LEVEL ?? 'info';
  if (!LEVELS.includes(level)) fail([`--log-level: expected one of ${LEVELS.join(', ')}, got '${level}'`]);
  let file = flags.config ?? (env.MODELQL_CONFIG || undefined);
  const host = flags.host ?? (env.HOST || undefined);
  const standardKey = createStandardKey(env, host);
  const read = async () => {
    // Once there is a file, it has to be there: for a moment without it, as editors make, nobody would need a key.
    if (hasConfigFile(file)) file ??= STANDARD_FILE;
    const detected = flags['no-detect'] || file !== undefined ? undefined : await detect({ environment: env });
    const port = flags.port ?? (env.PORT || undefined);
    const config = loadConfig({
      file,
      detected: { ...detected?.config, ...(standardKey && { auth: standardKey.auth }) },
      host,
      port,
      environment: env,
    });
    if (flags.workers !== undefined) checkShared(config);
    return { config, madeKey: file === undefined ? standardKey?.made : undefined, found: detected?.found ?? [] };
  };
  const started = Promise.withResolvers<Started>();
  const reload = createReload(started.promise, async () => (await read()).config);
  process.on('SIGHUP', reload);
  try {
    const workers = readWorkers(flags.workers);
    const { config, found, madeKey } = await read();
    const { log: everyone, reopen } = await createLog({ ...config.log, level });
    const log = labelWorker(everyone);
    if (process.platform !== 'win32') process.on('SIGUSR2', reopen); // There it cannot be listened to.
    if (workers !== undefined && !isWorker) return await runWorkers(workers, log);
    const { createApp } = await import('./app.ts');
    const environment = { environmentProxies: readProxies(env), otel: readOtel(env) };
    const app = await createApp({ config, log, ...environment, pages: findPages() });
    const metricsUrl = await app.metricsServer
      ?.listen()
      .catch((error: Error) => fail([`telemetry.metrics: ${error.message}`]));
    serve(app, config, log, { found, metricsUrl });
    if (madeKey) app.server.once('listening', () => process.stderr.write(sayKey(madeKey)));
    started.resolve({ app, log });
    // Asked for anew now and then: editors, and whoever mounts files, put another in its place.
    const options = { interval: WATCH_MS, persistent: false };
    if (flags.watch) watchFile(file ?? STANDARD_FILE, options, reload);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    fail(error.problems);
  }
}

function readFlags(args: readonly string[]) {
  try {
    const string = { type: 'string' } as const;
    const options = {
      config: string,
      host: string,
      port: string,
      'log-level': string,
      workers: string,
      'no-detect': { type: 'boolean' },
      watch: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return fail([error instanceof Error ? error.message : String(error)]);
  }
}

/** Ends the start: a problem a line, on standard error. */
function fail(problems: readonly string[]): never {
  process.stderr.write(`modelql cannot start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exit(1);
}

interface Told {
  readonly found: Detected['found'];
  /** Where metrics have a port of their own. */
  readonly metricsUrl: string | undefined;
}

function serve(app: App, { server: { host, port, path } }: Config, log: Logger, { found, metricsUrl }: Told): void {
  const { server } = app;
  const onListenError = (error: Error) => fail([`server: cannot listen on ${host}:${port}: ${error.message}`]);
  server.once('error', onListenError);
  server.listen(port, host, () => {
    server.off('error', onListenError).on('error', (error) => log.error({ err: error }, 'the server has trouble'));
    const { address, family, port: taken } = server.address() as AddressInfo;
    const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}${path}`;
    if (isWorker) return tellPrimary(url);
    const what = found.length > 0 ? `, with what it found: ${found.join(', ')}` : '';
    log.info({ url, ...(found.length > 0 && { found }) }, `modelql serves ${url}${what}`);
    if (metricsUrl) log.info({ url: metricsUrl }, `metrics are at ${metricsUrl}`);
  });

  let askedAt: number | undefined;
  async function stop(signal: NodeJS.Signals) {
    if (askedAt !== undefined) {
      // A terminal's Ctrl-C reaches us twice, from the terminal and from npm: only a later one means "at once".
      if (performance.now() - askedAt > ONE_REQUEST_MS) process.exit(1);
      return;
    }
    askedAt = performance.now();
    log.info({ signal }, 'stopping');
    server.closeIdleConnections();
    await app.stop();
    server.close();
    server.closeAllConnections();
    log.info('stopped');
    process.exit(0);
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

interface Started {
  readonly app: App;
  readonly log: Logger;
}

/**
 * Takes the configuration anew when it is asked to: whole, or not at all. Whoever asks before it has started, or while it
 * is being taken, has it read once more afterwards, however often they ask.
 */
function createReload(started: Promise<Started>, read: () => Promise<Config>): () => Promise<void> {
  let isAsked = false;
  let isReloading = false;

  async function reloadOnce(): Promise<void> {
    const { app, log } = await started;
    isAsked = false;
    try {
      const kept = await app.reload(read());
      log.info('the configuration was reloaded');
      if (kept.length > 0) log.warn({ kept }, `unchanged until a restart: ${kept.join(', ')}`);
    } catch (error) {
      const why = error instanceof ConfigError ? { problems: error.problems } : { err: error };
      log.error(why, 'the configuration was not reloaded, and the one before stays in force');
    }
  }

  return async () => {
    isAsked = true;
    if (isReloading) return;
    isReloading = true;
    while (isAsked) await reloadOnce();
    isReloading = false;
  };
}

/** Once, and not in the log, which may go far and stay long. */
function sayKey(key: string): string {
  return `Others may reach this server and no key is configured, so it has made one, for as long as it runs:

  ${key}

The playground asks for it; clients send it as "Authorization: Bearer KEY". MODELQL_KEY sets one that stays.
`;
}

const WATCH_MS = 1_000;

/** Signals this close together are one request to stop. */
const ONE_REQUEST_MS = 500;

if (import.meta.main) main(process.argv.slice(2));
