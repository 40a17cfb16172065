import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ConfigError } from './config/load.ts';
import type { Config } from './config/schema.ts';

/** Whether another process has started this one, to serve with others at one port. */
export const { isWorker } = cluster;

/** Of a worker: says where it listens to the process that has started it, which logs it once for all. */
export function tellPrimary(url: string): void {
  cluster.worker?.send({ url });
}

/** In each line that a worker logs. */
export function labelWorker(log: Logger): Logger {
  return cluster.worker ? log.child({ worker: cluster.worker.id }) : log;
}

/** @returns how many processes `--workers` asks for; undefined for this one alone. @throws ConfigError */
export function readWorkers(flag: string | undefined): number | undefined {
  if (flag === undefined) return undefined;
  const count = flag === 'auto' ? availableParallelism() : Number(flag);
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new ConfigError([`--workers: expected a number from 1 to ${MOST}, or auto, got '${flag}'`]);
}

/** @throws ConfigError where processes would know nothing of each other's chats */
export function checkShared({ cluster }: Config): void {
  if (cluster) return;
  throw new ConfigError([
    '--workers: several processes are one server only through a Redis. Name it in the configuration, such as "cluster": { "redis": "redis://127.0.0.1:6379" }, or leave --workers out',
  ]);
}

const MOST = 256;
/** What each worker does by itself when it is asked to, once it serves: before, they would end it. */
const PASSED_ON: readonly NodeJS.Signals[] = process.platform === 'win32' ? [] : ['SIGHUP', 'SIGUSR2'];
/** The first pause before a worker that died is replaced; it doubles with each that dies young. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Whoever has lived for as long has not died of the start. */
const YOUNG_MS = 10_000;

/**
 * Runs so many processes like this one at one port, replaces those that die, and ends when it is told to and all have
 * stopped: with 0 if each has stopped as it should, and with 1 if not, or if the first one could not start.
 */
export async function runWorkers(count: number, log: Logger): Promise<never> {
  const running = new Set<Worker>();
  /** Those that do not serve yet, and what is asked of them meanwhile. */
  const starting = new Map<Worker, Set<NodeJS.Signals>>();
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  let listening = 0;

  function passOn(signal: NodeJS.Signals): void {
    for (const worker of running) {
      const asked = starting.get(worker);
      if (asked) asked.add(signal);
      else worker.process.kill(signal);
    }
  }

  function stop(signal: NodeJS.Signals): void {
    if (!isStopping()) log.info({ signal }, 'all workers are stopping');
    stopping.abort();
    for (const worker of running) worker.process.kill(signal);
  }

  /** @returns whether it has ended by itself, and well */
  async function run(onListening: (url: string) => void): Promise<boolean> {
    const worker = cluster.fork();
    const { id } = worker;
    running.add(worker);
    starting.set(worker, new Set());
    worker.on('error', () => {}); // Its end is told below.
    worker.once('message', ({ url }: { url: string }) => {
      for (const asked of starting.get(worker) ?? []) worker.process.kill(asked);
      starting.delete(worker);
      onListening(url);
    });
    const [code, signal] = await once(worker, 'exit').catch((error: Error) => [error.message]);
    running.delete(worker);
    starting.delete(worker);
    if (listening > 0 && !isStopping()) {
      log.error({ worker: id, pid: worker.process.pid, code, signal }, 'a worker has ended, and is replaced');
    }
    return code === 0 || signal === 'SIGTERM' || signal === 'SIGINT';
  }

  /** Has one worker run, and another in its place when it ends, until all are to stop. */
  async function keepOne(onListening: (url: string) => void): Promise<boolean> {
    for (let pauseMs = PAUSE_MS; ; ) {
      const startedAt = performance.now();
      const isWell = await run(onListening);
      if (isStopping() || listening === 0) return isWell;
      if (performance.now() - startedAt >= YOUNG_MS) pauseMs = PAUSE_MS;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (isStopping()) return true;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  function onListening(url: string): void {
    if (++listening !== count) return;
    const workers = [...running].map(({ process }) => process.pid);
    log.info({ url, workers }, `modelql serves ${url}, by ${count} workers`);
  }

  for (const signal of PASSED_ON) process.on(signal, passOn);
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);

  // The first one tells alone why none can start, and builds the pages where that is needed.
  const first = Promise.withResolvers<boolean>();
  const places = [
    keepOne((url) => {
      onListening(url);
      first.resolve(true);
    }),
  ];
  void places[0]?.then(first.resolve);
  await first.promise;
  if (listening > 0 && !isStopping()) for (let more = 1; more < count; more++) places.push(keepOne(onListening));
  const areWell = await Promise.all(places);
  if (listening > 0) log.info('all workers have stopped');
  process.exit(areWell.every(Boolean) ? 0 : 1);
}
