import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface TricklingOptions {
  /** What a client still gets at full speed. */
  readonly freeBytes: number;
  /** Between two bytes after that. */
  readonly pauseMs: number;
}

/** Passes bytes on to a port of this machine, and what comes back at a byte now and then. Returns its own port. */
export async function startTricklingProxy(port: number, { freeBytes, pauseMs }: TricklingOptions): Promise<number> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();

  function trickle(from: Socket, to: Socket) {
    let free = freeBytes;
    from.on('readable', () => {
      while (free > 0) {
        const chunk: Buffer | null = from.read();
        if (!chunk) return;
        free -= chunk.byteLength;
        to.write(chunk);
      }
    });
    const timer = setInterval(() => {
      const byte: Buffer | null = free > 0 ? null : from.read(1);
      if (byte) to.write(byte);
    }, pauseMs);
    timers.add(timer);
  }

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => other.destroy()); // To be let go is what its clients are for.
    }
    client.pipe(upstream);
    trickle(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const timer of timers) clearInterval(timer);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
