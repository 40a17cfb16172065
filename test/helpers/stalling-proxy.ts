import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StallingProxy {
  readonly port: number;
  /** From now on nothing comes through, and nobody is told: as a network does that is partitioned. */
  stall(): void;
  /** What was held back comes through. */
  heal(): void;
}

/** Passes bytes on to a port of this machine, as long as it is not stalled. */
export async function startStallingProxy(port: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let isStalled = false;

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      if (isStalled) from.pause();
      from.on('error', () => {}); // The other side is told by the close.
      from.on('data', (data) => void to.write(data));
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isStalled) from.pause();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      isStalled = true;
      for (const socket of sockets) socket.pause();
    },
    heal() {
      isStalled = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
