import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Answers one request, or leaves it unanswered. */
export type Play = (exchange: Exchange) => unknown;

export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** One request that arrived whole, and what can be done to it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** When it arrived, on the clock of `performance.now()`. */
  readonly at: number;
  /** When its connection closes, on the same clock. */
  readonly closed: Promise<number>;
  /** Whether its connection is closed already. */
  readonly gone: boolean;
  /** For what the methods below do not do. */
  readonly response: ServerResponse;
  /** Answers whole, with a content-length. */
  reply(answer: Answer): void;
  /** Sends status and headers now, with a chunked body to follow. */
  begin(answer?: Omit<Answer, 'body'>): Promise<void>;
  /** Sends pieces of the body, each one alone: the other side gets it in a read of its own. */
  send(...pieces: readonly (string | Uint8Array)[]): Promise<void>;
  /** Ends the body properly. */
  end(): void;
  /** Closes the connection where the answer is, without an end. */
  breakOff(): void;
  /** Answers with a TCP reset. */
  reset(): void;
}

export interface FakeUpstream {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** The requests that have arrived, in order. */
  readonly exchanges: readonly Exchange[];
  /** Waits for a request, by its place in the order. */
  exchange(index?: number): Promise<Exchange>;
  readonly openSockets: number;
  /** Waits until every connection there has been is closed. */
  allClosed(): Promise<void>;
  /** Stops listening and closes everything; called when the test has finished. */
  close(): Promise<void>;
}

export interface FakeUpstreamOptions {
  /** Makes it an https server. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real server on loopback that answers as it is told: each request with the next play, the last play for all that follow. */
export async function startFakeUpstream(
  plays: Play | readonly [Play, ...Play[]],
  { tls }: FakeUpstreamOptions = {},
): Promise<FakeUpstream> {
  const script: readonly Play[] = typeof plays === 'function' ? [plays] : plays;
  const closings = new Map<Socket, Promise<number>>();
  const exchanges: Exchange[] = [];
  const waiting = new Set<{ index: number; resolve(exchange: Exchange): void }>();
  let openSockets = 0;

  async function onRequest(request: IncomingMessage, response: ServerResponse) {
    const at = performance.now();
    const body = await text(request).catch(() => null);
    if (body === null) return; // It broke off: that is no request.
    const closed = closings.get(request.socket) ?? watch(request.socket);
    const exchange = createExchange({ request, response, body, at, closed });
    const index = exchanges.push(exchange) - 1;
    for (const waiter of waiting) if (waiter.index === index) waiter.resolve(exchange);
    await script[Math.min(index, script.length - 1)]?.(exchange);
  }

  function watch(socket: Socket): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    openSockets++;
    socket.on('error', () => {}); // A reset is one way to close.
    socket.once('close', () => {
      openSockets--;
      resolve(performance.now());
    });
    closings.set(socket, promise);
    return promise;
  }

  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  server.on(tls ? 'secureConnection' : 'connection', watch);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all(closings.values());
  };
  onTestFinished(close);

  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    exchanges,
    exchange(index = 0) {
      const arrived = exchanges[index];
      return arrived ? Promise.resolve(arrived) : new Promise((resolve) => waiting.add({ index, resolve }));
    },
    get openSockets() {
      return openSockets;
    },
    async allClosed() {
      await Promise.all(closings.values());
    },
    close,
  };
}

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly at: number;
  readonly closed: Promise<number>;
}

function createExchange({ request, response, body, at, closed }: Arrived): Exchange {
  const { method = '', url = '', headers, rawHeaders, socket } = request;
  return {
    method,
    url,
    headers,
    rawHeaders,
    body,
    at,
    closed,
    get gone() {
      return socket.destroyed;
    },
    response,
    reply({ status = 200, headers = {}, body = '' }) {
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    },
    async begin({ status = 200, headers = {} } = {}) {
      response.writeHead(status, headers).flushHeaders();
      await nextTurn(); // They are in the kernel by now; the other side reads them before what follows.
    },
    async send(...pieces) {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        response.write(piece);
        await nextTurn();
      }
    },
    end: () => response.end(),
    breakOff: () => socket.destroy(),
    reset: () => socket.resetAndDestroy(),
  };
}

/** The body in pieces of one byte. */
export function inBytes(body: string | Uint8Array): Uint8Array[] {
  return [...(typeof body === 'string' ? Buffer.from(body) : body)].map((byte) => Uint8Array.of(byte));
}

/** The body in two pieces, for every place between two bytes. */
export function inHalves(body: string | Uint8Array): [Uint8Array, Uint8Array][] {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return Array.from({ length: bytes.length - 1 }, (_, at) => [bytes.subarray(0, at + 1), bytes.subarray(at + 1)]);
}
