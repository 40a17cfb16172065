import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { createHostCheck } from './host.ts';
import { readRest } from './json-body.ts';
import { endResponse, endSocket, type Refusal, rateLimited } from './refusal.ts';

interface HttpServerOptions {
  readonly config: Config;
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** @param refusal why there is no room for this connection, if there is none */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, refusal: Refusal | undefined): void;
}

/** How long a connection too many may take to ask for something, to be told. */
const ASK_MS = 1000;

/** The server, which does not listen yet, with what has to be right before anyone asks for anything. */
export function createHttpServer({ config: { server: where, limits }, listener, upgrade }: HttpServerOptions): Server {
  const server = createServer({
    // A socket that sends nothing, or too slowly, is closed.
    headersTimeout: limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, 5000),
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  const checkHost = createHostCheck(where);
  const health = `${where.path}/health`;
  const crowded = watchConnections(server, limits.maxConnections);

  server.on('request', (request, response) => {
    readRest(request, response);
    const refusal = checkHost(request) ?? (request.url === health ? undefined : crowded(request));
    if (refusal) endResponse(response, refusal);
    else listener(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {}); // The client broke off before there was a WebSocket to tell.
    const refusal = checkHost(request);
    if (refusal) endSocket(socket, refusal);
    else upgrade(request, socket, head, crowded(request));
  });
  return server;
}

/** Tells of each request whether its connection is one too many. */
function watchConnections(server: Server, most: number): (request: IncomingMessage) => Refusal | undefined {
  const refusal = rateLimited('Too many connections', { status: 503, retryAfter: 1 });
  const excess = new WeakSet<Duplex>();
  let open = 0;
  server.maxConnections = 2 * most + 100; // From there on they are not even told.
  server.on('connection', (socket) => {
    open++;
    if (open > most) excess.add(socket.setTimeout(ASK_MS));
    socket.once('close', () => {
      open--;
    });
  });
  return ({ socket }) => (excess.has(socket) ? refusal : undefined);
}
