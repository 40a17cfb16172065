import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StallingProxy {
  readonly port: number;
  /** From now on nothing comes through, and nobody is told: as a network does that is partitioned. */
  stall(): void;
  /** What was held back comes through. */
  heal(): void;
  /**
   * The connections that are open never say anything more, and are not closed: as those of a host that has lost its power.
   * @param isMeant which of them, by the first bytes that were sent through it
   */
  lose(isMeant?: (sent: string) => boolean): void;
  /** What is sent arrives, and of the answers nothing comes back, on the connections that are open. */
  deafen(): void;
  /** How many are open that were not lost. */
  readonly open: number;
}

const FIRST_BYTES = 2000;

/** Passes bytes on to a port of this machine, as long as it is not stalled. */
export async function startStallingProxy(port: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  const lost = new Set<Socket>();
  /** What each client sent first, and its other side. */
  const clients = new Map<Socket, { readonly upstream: Socket; sent: string }>();
  let isStalled = false;

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const known = { upstream, sent: '' };
    clients.set(client, known);
    client.once('close', () => clients.delete(client));
    client.on('data', (data) => {
      if (known.sent.length < FIRST_BYTES) known.sent += data.toString();
    });
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
    for (const socket of [...sockets, ...lost]) socket.destroy();
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
    lose(isMeant = () => true) {
      for (const [client, { upstream, sent }] of clients) {
        if (!isMeant(sent)) continue;
        clients.delete(client);
        for (const socket of [client, upstream]) {
          sockets.delete(socket);
          lost.add(socket.pause());
        }
      }
    },
    deafen() {
      for (const { upstream } of clients.values()) upstream.pause();
    },
    get open() {
      return clients.size;
    },
  };
}
