// A Redis of the benchmark's own, without a disk, and what it has done.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createClient } from '@redis/client';
import { median, sleep } from './numbers.ts';
import { round } from './tables.ts';

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

/** What its commands have cost it, in microseconds each, without what reading and writing its sockets takes. */
export async function costsOf({ send }: Redis): Promise<string> {
  const lines = String(await send('INFO', 'commandstats')).matchAll(
    /cmdstat_(\w+):calls=(\d+),.*?usec_per_call=([\d.]+)/g,
  );
  return [...lines]
    .toSorted(([, , one], [, , other]) => Number(other) - Number(one))
    .slice(0, 6)
    .map(([, name, calls, each]) => `${name} ${calls} times, ${each} µs each`)
    .join('; ');
}

/** How many bytes those that are there take: all keys of a chat together. */
export async function memoryOfChats({ send }: Redis): Promise<string> {
  const heads = ((await send('KEYS', 'modelql:{*}:m')) as string[]).slice(-20);
  const found = heads.map(async (head) => {
    const name = head.slice(0, -':m'.length);
    const keys = (await send('KEYS', `${name}:*`)) as string[];
    const bytes = await Promise.all(keys.map((key) => send('MEMORY', 'USAGE', key, 'SAMPLES', '0')));
    const entries = await send('XLEN', `${name}:s1`);
    return { entries: Number(entries), bytes: bytes.reduce((all: number, one) => all + Number(one), 0) };
  });
  const chats = await Promise.all(found);
  const middle = (field: 'entries' | 'bytes') => round(median(chats.map((chat) => chat[field])));
  return `${middle('bytes')} bytes in ${middle('entries')} entries (median of ${chats.length})`;
}
