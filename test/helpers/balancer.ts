import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Balancer {
  readonly port: number;
  /** The GraphQL endpoint behind it. */
  readonly url: string;
  readonly webSocketUrl: string;
}

/** Deals connections out to ports of this machine, in turn; one that refuses is passed over. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let turn = 0;

  async function reach(tries = ports.length): Promise<Socket | undefined> {
    const upstream = connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1');
    upstream.on('error', () => {}); // The next one is tried, or the client is told by the close.
    const isThere = await new Promise((resolve) => {
      upstream.once('connect', () => resolve(true)).once('close', () => resolve(false));
    });
    if (isThere) return upstream;
    return tries > 1 ? reach(tries - 1) : undefined;
  }

  const server = createServer({ pauseOnConnect: true }, async (client) => {
    sockets.add(client.on('error', () => {}));
    client.once('close', () => sockets.delete(client));
    const upstream = await reach();
    if (!upstream || client.destroyed) return void [client, upstream].map((socket) => socket?.destroy());
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
    client.resume();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/graphql`, webSocketUrl: `ws://127.0.0.1:${port}/graphql` };
}
