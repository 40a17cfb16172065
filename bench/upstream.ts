// The upstream: an OpenAI-compatible server that says what its script wants, and notes when its callers go.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { microseconds } from './numbers.ts';
import type { Script } from './scenarios.ts';

const HEAD = 'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench",';
const BEFORE = `${HEAD}"choices":[{"index":0,"delta":{"content":"`;
const AFTER = '"},"finish_reason":null}]}\n\n';
const END = `${HEAD}"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
/** In a burst, so many chunks are one write. */
const PIECE = 50;

interface Stream {
  readonly response: ServerResponse;
  left: number;
}

let script: Script = { chunks: 1, everyMs: 0 };
const open = new Set<ServerResponse>();
let closes: Record<string, number> = {};
/** The streams at a pace, by the millisecond of their period: chunks come evenly spread, not all at once. */
let slots: Set<Stream>[] = [];
let nextSlot = 0;

function chunk(): string {
  return `${BEFORE}${String(microseconds()).padStart(13, '0')} ${AFTER}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const bytes of request) body += bytes;
  const name: string = JSON.parse(body).messages[0].content;
  const stream = { response, left: script.chunks };
  open.add(response);
  response.on('close', () => open.delete(response));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (script.everyMs === 0) return burst(stream);

  const slot = slots[nextSlot++ % slots.length];
  response.on('close', () => {
    if (!response.writableFinished) closes[name] = microseconds();
    slot?.delete(stream);
  });
  say(stream);
  slot?.add(stream);
}

async function burst({ response, left }: Stream): Promise<void> {
  for (let rest = left; rest > 0 && !response.destroyed; rest -= PIECE) {
    if (response.write(chunk().repeat(Math.min(PIECE, rest)))) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve).once('close', resolve);
    });
  }
  response.end(END);
}

function say(stream: Stream): void {
  stream.left--;
  if (stream.left >= 0) stream.response.write(chunk());
  else if (stream.left === -1) stream.response.end(END); // It stays in its slot until its connection closes.
}

let spoken = Math.floor(microseconds() / 1000);
setInterval(() => {
  const now = Math.floor(microseconds() / 1000);
  if (slots.length === 0) spoken = now;
  while (spoken < now) for (const stream of slots[++spoken % slots.length] ?? []) say(stream);
}, 1);

process.on('message', (message: Script | 'closes') => {
  if (message === 'closes') {
    process.send?.({ closes });
    closes = {};
    // A server may not have noticed that its clients are gone.
    for (const response of open) response.destroy();
    return;
  }
  script = message;
  slots = Array.from({ length: script.everyMs }, () => new Set<Stream>());
  process.send?.({ ready: true });
});
process.on('disconnect', () => process.exit());

// The gateway decides when a connection has been idle too long, so that none is closed just as it is used again.
const server = createServer({ keepAliveTimeout: 120_000 }, answer);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
