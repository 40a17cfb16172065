// The upstream: a server, OpenAI-compatible or of Anthropic's protocol, that says what each request's script wants, and notes when its callers go.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { microseconds, shuffled } from './numbers.ts';
import { ARGUMENTS, CONTENT_LENGTH, type Script } from './scenarios.ts';

/** What stands around the text of a chunk, and around all of them. */
interface Frames {
  readonly begin: string;
  readonly before: string;
  readonly after: string;
  readonly end: string;
}

const HEAD = 'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench",';
const OPENAI: Frames = {
  begin: '',
  before: `${HEAD}"choices":[{"index":0,"delta":{"content":"`,
  after: '"},"finish_reason":null}]}\n\n',
  end: `${HEAD}"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`,
};

const event = (type: string, fields = '') => `event: ${type}\ndata: {"type":"${type}"${fields}}\n\n`;
const MESSAGE =
  '"id":"msg_bench","type":"message","role":"assistant","model":"bench","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}';
const ANTHROPIC: Frames = {
  begin:
    event('message_start', `,"message":{${MESSAGE}}`) +
    event('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
  before:
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"',
  after: '"}     }\n\n', // Padded, as the vendor's are.
  end:
    event('content_block_stop', ',"index":0') +
    event('message_delta', ',"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":200}') +
    event('message_stop'),
};

const [protocol] = process.argv.slice(2);
const frames = protocol === 'anthropic' ? ANTHROPIC : OPENAI;

interface Stream {
  readonly response: ServerResponse;
  readonly pieces: Generator<string>;
}

/** The streams of one period, by the millisecond of it: chunks come evenly spread, not all at once. */
interface Paced {
  readonly slots: readonly Set<Stream>[];
  /** The slots that come next: each once, in no order, or neighbours at the client would always speak together. */
  next: number[];
}

const open = new Set<ServerResponse>();
const paced = new Map<number, Paced>();
let closes: Record<string, number> = {};

function chunk(length = CONTENT_LENGTH): string {
  const { before, after } = frames;
  return `${before}${`${String(microseconds()).padStart(CONTENT_LENGTH - 1, '0')} `.padEnd(length, 'x')}${after}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request).catch(() => ''); // Its caller left.
  if (body === '') return;
  const [{ content }] = JSON.parse(body).messages;
  const { name, ...script }: Script & { name: string } = JSON.parse(content[0].text ?? content);
  open.add(response);
  response.on('close', () => {
    open.delete(response);
    if (!response.writableFinished) closes[name] = microseconds();
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (frames.begin !== '') response.write(frames.begin);
  if (script.everyMs === 0) await burst(response, piecesOf(script));
  else pace({ response, pieces: piecesOf({ ...script, piece: 1 }) }, script.everyMs);
}

async function burst(response: ServerResponse, pieces: Generator<string>): Promise<void> {
  let goOn = () => {};
  response.on('drain', () => goOn()).on('close', () => goOn());
  for (const piece of pieces) {
    if (!open.has(response)) break;
    if (response.write(piece)) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
  response.end(frames.end);
}

/** What is one write each, made when it is sent. */
function piecesOf(script: Script): Generator<string> {
  return script.calls ? callPieces(script, script.calls) : textPieces(script);
}

function* textPieces({ chunks, piece = 50, length }: Script): Generator<string> {
  for (let left = chunks; left > 0; left -= piece) yield chunk(length).repeat(Math.min(piece, left));
}

function* callPieces({ chunks, piece = 50 }: Script, calls: number): Generator<string> {
  for (let index = 0; index < calls; index++) {
    const toEvent = (call: string) =>
      `${HEAD}"choices":[{"index":0,"delta":{"tool_calls":[{"index":${index},${call}}]},"finish_reason":null}]}\n\n`;
    yield toEvent(`"id":"call_${index}","type":"function","function":{"name":"note","arguments":"${ARGUMENTS.head}"}`);
    for (let left = chunks / calls; left > 0; left -= piece) {
      const text = `${String(microseconds()).padStart(CONTENT_LENGTH - 1, '0')}${ARGUMENTS.between}`;
      yield toEvent(`"function":{"arguments":"${text}"}`).repeat(Math.min(piece, left));
    }
    yield toEvent(`"function":{"arguments":"${ARGUMENTS.tail}"}`);
  }
}

function pace(stream: Stream, everyMs: number): void {
  const { slots, next } = pacedBy(everyMs);
  if (next.length === 0) next.push(...shuffled(slots.keys()));
  const slot = slots[next.pop() ?? 0];
  stream.response.on('close', () => slot?.delete(stream));
  say(stream);
  slot?.add(stream);
}

function pacedBy(everyMs: number): Paced {
  const known = paced.get(everyMs);
  if (known) return known;
  const made = { slots: Array.from({ length: everyMs }, () => new Set<Stream>()), next: [] };
  paced.set(everyMs, made);
  return made;
}

function say(stream: Stream): void {
  const { value, done } = stream.pieces.next();
  if (!done) stream.response.write(value);
  else if (!stream.response.writableEnded) stream.response.end(frames.end); // It stays in its slot until its connection closes.
}

let spoken = Math.floor(microseconds() / 1000);
setInterval(() => {
  const now = Math.floor(microseconds() / 1000);
  for (; spoken < now; spoken++) {
    for (const { slots } of paced.values()) for (const stream of slots[spoken % slots.length] ?? []) say(stream);
  }
}, 1);

process.on('message', () => {
  process.send?.({ closes });
  closes = {};
  // A server may not have noticed that its clients are gone: what is left of one run shall not weigh on the next.
  for (const response of open) response.destroy();
  paced.clear();
});
process.on('disconnect', () => process.exit());

/** The same calls do for both protocols, though their types have nothing in common. */
type Http2Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const pem = (name: string) => readFileSync(join(import.meta.dirname, name));

// The gateway decides when a connection has been idle too long, so that none is closed just as it is used again.
const server =
  protocol === 'http2'
    ? createSecureServer(
        { key: pem('localhost-key.pem'), cert: pem('localhost.pem') },
        answer as unknown as Http2Answer,
      )
    : createServer({ keepAliveTimeout: 120_000 }, answer);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
