import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Whether there is one to be started: Debian's package is called redis-server. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;

export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, with all that it has. */
  kill(): Promise<void>;
  /** Starts it again, empty, at the same port. */
  start(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

/** The nodes of a Redis Cluster listen at another port too, 10,000 higher. */
const HIGHEST_PORT = 55_000;

/** A Redis without a disk, until the test has finished. */
export async function startRedis(more: readonly string[] = []): Promise<Redis> {
  let port = await freePort();
  while (port > HIGHEST_PORT) port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'modelql-redis-'));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const flags = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
      ...more,
    ];
    child = spawn('redis-server', flags, { stdio: 'ignore' });
    while (!(await answers(port))) await sleep(10);
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  await start();
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true });
  });
  return { url: `redis://127.0.0.1:${port}`, port, kill, start, signal: (name) => void child?.kill(name) };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
    socket.once('error', () => {});
  });
}

/** Three of them that share the keys, as a Redis Cluster does. @returns their URLs */
export async function startRedisCluster(): Promise<string[]> {
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis(['--cluster-enabled', 'yes'])));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const { status, stdout } = spawnSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  if (status !== 0) throw new Error(`expected a Redis Cluster: ${stdout}`);
  return nodes.map(({ url }) => url);
}
