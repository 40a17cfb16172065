// The reference: the least that a Node process can do between a client and an upstream. Bytes in, bytes out.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { Agent, request } from 'undici';

const [upstream = ''] = process.argv.slice(2);

/** The global one speaks no HTTP/2. As many streams to a connection as modelql has. */
const dispatcher = new Agent({ h2Options: { maxConcurrentStreams: 1000 } });

const server = createServer(async (incoming, outgoing) => {
  const controller = new AbortController();
  outgoing.on('close', () => controller.abort());
  try {
    const { body } = await request(`${upstream}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: incoming,
      signal: controller.signal,
      dispatcher,
    });
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    pipeline(body, outgoing, () => {}); // Its client left: there is nobody to tell.
  } catch {
    outgoing.destroy();
  }
});
process.on('disconnect', () => process.exit());
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
