import { createClient, createCluster } from '@redis/client';
import type { Logger } from 'pino';
import type { Cluster } from '../config/cluster.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import type { Script } from './scripts.ts';

/** The Redis that all nodes share. Nothing waits for it while it is away: what is asked of it then is refused at once. */
export interface Store {
  readonly prefix: string;
  /** Whether it is there. */
  readonly isUp: boolean;
  /** One command. @param key by which a Redis Cluster knows where it goes */
  send(key: string, command: readonly string[]): Promise<unknown>;
  run(script: Script, key: string, args: readonly string[]): Promise<unknown>;
  /** Called when it comes and when it goes. */
  onChange(listener: (isUp: boolean) => void): void;
  /** It does not answer: it is left, and looked for anew. */
  giveUp(): void;
  close(): void;
}

interface StoreOptions extends Cluster {
  readonly log: Logger;
  readonly stats: ClusterStats;
  /** The channels that are listened to, and who gets their messages. */
  readonly channels: Channels;
}

export type Channels = Readonly<Record<string, (message: string) => void>>;

const CONNECT_MS = 1_000;
/** How long all may take until it can be used: a connection that is made may still be one that nobody answers. */
const ARRIVE_MS = 1_500;
/** The longest pause between two tries to reach it. */
const MAX_PAUSE_MS = 500;

/** What is used of a client, of one Redis or of a Redis Cluster. */
interface Client {
  send(key: string, command: string[]): Promise<unknown>;
  destroy(): void;
}

export function createStore({ redis, prefix, log, stats, channels }: StoreOptions): Store {
  const listeners = new Set<(isUp: boolean) => void>();
  let client: Client | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = 0;
  let told: string | undefined;

  async function connect(): Promise<void> {
    try {
      const connected = await (typeof redis === 'string' ? connectTo : connectToCluster)(redis as string & string[], {
        channels,
        onLost: () => lose(connected),
      });
      if (isClosed) return connected.destroy();
      client = connected;
      stats.isStoreUp = true;
      pauseMs = 0;
      if (told) log.info('the store of the cluster is there again');
      told = undefined;
      for (const listener of listeners) listener(true);
    } catch (error) {
      if (isClosed) return;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== told) log.warn({ reason }, 'the store of the cluster cannot be reached');
      told = reason;
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2 + 50);
      timer = setTimeout(connect, pauseMs);
    }
  }

  function lose(lost: Client): void {
    if (client !== lost) return;
    client = undefined;
    stats.isStoreUp = false;
    stats.storeLosses++;
    lost.destroy();
    log.warn('the store of the cluster is gone');
    told = 'gone';
    for (const listener of listeners) listener(false);
    if (!isClosed) void connect();
  }

  function send(key: string, command: readonly string[]): Promise<unknown> {
    return client ? client.send(key, command as string[]) : Promise.reject(new Error('The store is not there'));
  }

  void connect();
  return {
    prefix,
    get isUp() {
      return client !== undefined;
    },
    send,
    async run({ sha, text }, key, args) {
      try {
        return await send(key, ['EVALSHA', sha, '1', key, ...args]);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return send(key, ['EVAL', text, '1', key, ...args]);
      }
    },
    onChange: (listener) => void listeners.add(listener),
    giveUp() {
      if (client) lose(client);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined; // Its end is no news.
      last?.destroy();
    },
  };
}

interface Connecting {
  readonly channels: Channels;
  onLost(): void;
}

/** No clock for each command, which costs more than the command: one Redis that does not answer is left as a whole. */
const COMMANDS = { timeout: 0 } as const;
const SOCKET = { connectTimeout: CONNECT_MS, reconnectStrategy: false } as const;

async function connectTo(url: string, { channels, onLost }: Connecting): Promise<Client> {
  const options = { url, RESP: 3, disableOfflineQueue: true, commandOptions: COMMANDS, socket: SOCKET } as const;
  const both = [createClient(options), createClient(options)] as const;
  const [commands, subscriber] = both;
  const destroy = () => {
    for (const one of both) if (one.isOpen) one.destroy();
  };
  const late = setTimeout(destroy, ARRIVE_MS);
  try {
    for (const one of both) one.on('error', () => {}); // Whoever waits for the connection is told.
    await Promise.all(both.map((one) => one.connect()));
    await Promise.all(Object.entries(channels).map(([channel, hear]) => subscriber.subscribe(channel, hear)));
  } catch (error) {
    destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  for (const one of both) one.on('error', onLost).on('end', onLost);
  return { send: (_key, command) => commands.sendCommand(command), destroy };
}

async function connectToCluster(urls: string[], { channels, onLost }: Connecting): Promise<Client> {
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    RESP: 3,
    defaults: { disableOfflineQueue: true, socket: { connectTimeout: CONNECT_MS } },
  });
  cluster.on('error', () => {});
  try {
    await cluster.connect();
    await Promise.all(Object.entries(channels).map(([channel, hear]) => cluster.subscribe(channel, hear)));
  } catch (error) {
    cluster.destroy();
    throw error;
  }
  cluster.on('disconnect', onLost);
  return {
    send: (key, command) => cluster.sendCommand(key, false, command),
    destroy: () => cluster.destroy(),
  };
}
