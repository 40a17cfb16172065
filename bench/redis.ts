// A Redis of the benchmark's own, without a disk, and what it has done.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createClient } from '@redis/client';
import { sleep } from './numbers.ts';

export interface Redis {
  readonly process: ChildProcess;
  readonly url: string;
  send(...command: string[]): Promise<unknown>;
  stop(): void;
}

export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

export async function startRedis(): Promise<Redis> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', flags, { stdio: 'ignore' });
  process.once('exit', () => child.kill());
  const url = `redis://127.0.0.1:${port}`;
  const client = await connect(url);
  return {
    process: child,
    url,
    send: (...command) => client.sendCommand(command),
    stop() {
      client.destroy();
      child.kill();
    },
  };
}

async function connect(url: string) {
  for (let tries = 0; ; tries++) {
    const client = createClient({ url, socket: { reconnectStrategy: false } }).on('error', () => {});
    try {
      return await client.connect();
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(50); // It is starting.
    }
  }
}
