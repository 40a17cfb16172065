// How the server of each way is started, in a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { env, pin, type Running, start } from './processes.ts';
import type { Scenario, Way } from './scenarios.ts';

export interface Server extends Running {
  /** What its clients send beside the usual. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ServerOptions {
  readonly scenario: Scenario;
  /** Of the upstream, with the version. */
  readonly baseUrl: string;
  /** Of Node, for modelql. */
  readonly nodeFlags: readonly string[];
  /** Of modelql's configuration. */
  readonly telemetry?: object;
  /** Of the Redis through which modelql is one of several nodes. */
  readonly redis?: string;
}

export async function startServer(way: Way, options: ServerOptions): Promise<Server> {
  const server = await startAny(way, options);
  if (options.scenario.isPinned) pin(server.process);
  return server;
}

async function startAny(way: Way, options: ServerOptions): Promise<Server> {
  if (way === 'reference') return startReference(options);
  if (way === 'Portkey') return startPortkey(options);
  return startModelql(options);
}

/** Of Node: what tells the delay of the event loop. */
const PROBE = ['--import', join(import.meta.dirname, 'probe.mjs')];

async function startReference({ baseUrl }: ServerOptions): Promise<Server> {
  return { ...(await start('reference.ts', [baseUrl], { execArgv: PROBE })), headers: {} };
}

/** The real server, as anyone would start it. */
async function startModelql({ baseUrl, nodeFlags, scenario, telemetry, redis }: ServerOptions): Promise<Server> {
  const file = join(mkdtempSync(join(tmpdir(), 'modelql-bench-')), 'config.json');
  const type = scenario.isAnthropic ? 'anthropic' : 'openai-compatible';
  const upstream = { type, baseUrl, models: ['bench'] };
  const cluster = redis === undefined ? undefined : { redis };
  writeFileSync(file, JSON.stringify({ cluster, providers: { upstream }, limits: scenario.limits, telemetry }));
  const server = join(import.meta.dirname, '../src/server.ts');
  const parameters = [...PROBE, ...nodeFlags, server, '--port', '0', '--config', file, '--log-level', 'info'];
  const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const kill = () => child.kill();
  process.once('exit', kill); // It would outlive a benchmark that fails.
  child.once('exit', () => process.off('exit', kill));
  const lines = createInterface(child.stdout as Readable);
  const [line] = await once(lines, 'line');
  return { process: child, url: JSON.parse(line).url, headers: {} };
}

const PORTKEY = join(import.meta.dirname, 'portkey');

/** Portkey's gateway on its own Node. It learns of the upstream with each request. */
async function startPortkey({ baseUrl }: ServerOptions): Promise<Server> {
  const running = await start('portkey/start.mjs', [], {
    execPath: join(PORTKEY, 'node_modules/.bin/node'),
    execArgv: PROBE,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // It writes a stack trace for each client that leaves.
  });
  // The provider `groq` has it take every chunk apart and put it together again, as it does for most providers.
  const headers = { 'x-portkey-provider': 'groq', 'x-portkey-custom-host': baseUrl, authorization: 'Bearer bench' };
  return { ...running, url: `${running.url}/v1/chat/completions`, headers };
}

/** Into a folder of its own, at its first use: it is no part of this project. */
export function installPortkey(): void {
  if (existsSync(join(PORTKEY, 'node_modules/.package-lock.json'))) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: PORTKEY, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ci failed in ${PORTKEY}; 'npm run bench -- --way WAY' does without it`);
}
