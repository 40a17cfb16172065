import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** Takes connections, and says nothing. `closed` is the end of the first. */
export async function startSilence() {
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('close', () => closed.resolve());
    socket.resume();
    connected.resolve();
    onTestFinished(() => {
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, connected: connected.promise, closed: closed.promise };
}
