import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Listens, and then sits still: the system takes the connections that fit into the line. */
const LISTENER = `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

/** An upstream that accepts no connection, and refuses none: its line is full. Returns its port. */
export async function startDeafUpstream(): Promise<number> {
  const worker = new Worker(LISTENER, { eval: true });
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  });
  const [port] = await once(worker, 'message');
  for (let isFull = false; !isFull; ) {
    const socket = connect(port, '127.0.0.1').on('error', () => {}); // It waits for ever, as it should.
    sockets.push(socket);
    await wait(300);
    await nextTurn(); // If it is connected, we know by then, however busy the machine is.
    isFull = socket.connecting;
    if (sockets.length > 16) throw new Error('expected a line that gets full');
  }
  return port;
}
