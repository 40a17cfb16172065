#!/usr/bin/env node
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { type App, createApp } from './app.ts';
import { ConfigError, loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';

const HELP = `modelql: one GraphQL API for every chat and image model

Usage: npm start -- [options]

  --config FILE      the configuration    (MODELQL_CONFIG; modelql.config.json where it is there)
  --host HOST        address to listen on (HOST; 127.0.0.1)
  --port PORT        0 takes a free port  (PORT; 4000)
  --log-level LEVEL  trace, debug, info, warn, error, fatal or silent (LOG_LEVEL; info)
  --help             this text
`;

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

main();

function main(): void {
  const { env } = process;
  const flags = readFlags();
  if (flags.help) return void process.stdout.write(HELP);

  const level = flags['log-level'] ?? env.LOG_LEVEL ?? 'info';
  if (!LEVELS.includes(level)) fail([`--log-level: expected one of ${LEVELS.join(', ')}, got '${level}'`]);
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const config = readConfig(flags, env);
  const environmentProxies = {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY,
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY,
    noProxy: env.no_proxy ?? env.NO_PROXY,
  };
  serve(createApp({ config, log, environmentProxies }), config, log);
}

function readFlags() {
  try {
    const string = { type: 'string' } as const;
    const options = {
      config: string,
      host: string,
      port: string,
      'log-level': string,
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    return fail([error instanceof Error ? error.message : String(error)]);
  }
}

function readConfig(flags: { config?: string; host?: string; port?: string }, environment: NodeJS.ProcessEnv): Config {
  try {
    return loadConfig({
      file: flags.config ?? environment.MODELQL_CONFIG,
      host: flags.host ?? environment.HOST,
      port: flags.port ?? environment.PORT,
      environment,
    });
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.problems);
    throw error;
  }
}

/** Ends the start: a problem a line, on standard error. */
function fail(problems: readonly string[]): never {
  process.stderr.write(`modelql cannot start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exit(1);
}

function serve(app: App, { server: { host, port } }: Config, log: pino.Logger): void {
  const server = createServer(app.listener);
  server.on('upgrade', app.upgrade);
  server.once('error', (error) => fail([`server: cannot listen on ${host}:${port}: ${error.message}`]));
  server.listen(port, host, () => {
    const { address, family, port: taken } = server.address() as AddressInfo;
    const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
    log.info({ url }, `modelql serves ${url}`);
  });

  const stop = async (signal: string) => {
    // Asked once more: at once.
    for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1));
    log.info({ signal }, 'stopping');
    server.closeIdleConnections();
    await app.stop();
    server.close();
    server.closeAllConnections();
    log.info('stopped');
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
