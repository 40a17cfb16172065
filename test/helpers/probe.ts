// Loaded into a server's process before the server: answers each message with what the process holds.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

export interface Figures {
  readonly heapBytes: number;
  /** Buffers and the like, outside of the heap. */
  readonly externalBytes: number;
  /** All memory that is resident. */
  readonly residentBytes: number;
  readonly timers: number;
  readonly sockets: number;
  /** Null where the system does not tell. */
  readonly fileDescriptors: number | null;
  /** On the process itself. */
  readonly listeners: number;
}

process.on('message', async (what) => {
  if (what === 'cpu') return process.send?.(cpuMs());
  if (what === 'delay') return process.send?.(longestDelayMs());
  // What a first collection frees may hold on to something that a second one finds.
  for (let pass = 0; pass < 3; pass++) {
    global.gc?.();
    await wait(10);
  }
  process.send?.(figures());
});
process.channel?.unref();

function figures(): Figures {
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
    timers: count('Timeout'),
    sockets: count('TCPSocketWrap'),
    fileDescriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : null,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

/** Of CPU, since the process began. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const delay = monitorEventLoopDelay({ resolution: 2 });

/** Of the event loop, since it was asked for last; the first time, from now on. */
function longestDelayMs(): number {
  const longest = delay.max / 1e6;
  if (!delay.enable()) delay.reset();
  return longest;
}
