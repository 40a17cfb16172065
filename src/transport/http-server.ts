import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { createHostCheck } from './host.ts';
import { readRest } from './json-body.ts';
import { endResponse, endSocket, type Refusal, rateLimited } from './refusal.ts';
import { requestIdIn, withRequestId } from './request-id.ts';
import { countRefusal, type Door, type TransportStats } from './transport-stats.ts';

interface HttpServerOptions {
  /** The configuration in force. */
  config(): Config;
  readonly stats: TransportStats;
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** @param refusal why there is no room for this connection, if there is none */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, refusal: Refusal | undefined): void;
}

export interface HttpServer {
  /** It does not listen yet. */
  readonly server: Server;
  /** Takes over what the configuration in force says of connections. */
  configure(): void;
}

/** Tells why a request is turned away, if it is. */
type Check = (request: IncomingMessage) => Refusal | undefined;

/** How often sockets that are too slow are looked for. */
const CHECK_MS = 1000;
/**
 * How long a connection is kept for the next request: longer than proxies and load balancers keep theirs, 60 s mostly.
 * They would else send a request on one that closes just then.
 */
const IDLE_MS = 65_000;
/** How long a connection too many may take to ask for something, to be told. */
const ASK_MS = 1000;

/** The server, with what has to be right before anyone asks for anything. */
export function createHttpServer({ config, stats, listener, upgrade }: HttpServerOptions): HttpServer {
  const server = createServer({
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: IDLE_MS,
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  let checkHost = counted('host', createHostCheck(config().server));
  const crowded = counted(
    'connections',
    watchConnections(server, () => config().limits.maxConnections),
  );

  function counted(door: Door, check: Check): Check {
    return (request) => {
      const refusal = check(request);
      if (refusal) countRefusal(stats, door, refusal.code);
      return refusal;
    };
  }

  server.on('request', (request, response) => {
    readRest(request, response);
    const isHealth = request.url === `${config().server.path}/health`;
    const refusal = checkHost(request) ?? (isHealth ? undefined : crowded(request));
    if (refusal) endResponse(response, withRequestId(refusal, requestIdIn(request.headers)));
    else listener(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {}); // The client broke off before there was a WebSocket to tell.
    const refusal = checkHost(request);
    if (refusal) endSocket(socket, withRequestId(refusal, requestIdIn(request.headers)));
    else upgrade(request, socket, head, crowded(request));
  });

  function configure() {
    const { server: where, limits } = config();
    const { requestTimeoutMs, maxConnections } = limits;
    checkHost = counted('host', createHostCheck(where));
    // A socket that sends nothing, or too slowly, is closed.
    server.headersTimeout = requestTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    server.maxConnections = 2 * maxConnections + 100; // From there on they are not even told.
  }

  configure();
  return { server, configure };
}

/** Tells of each request whether its connection is one too many. */
function watchConnections(server: Server, most: () => number): Check {
  const refusal = rateLimited('Too many connections', { status: 503, retryAfter: 1 });
  const excess = new WeakSet<Duplex>();
  let open = 0;
  server.on('connection', (socket) => {
    open++;
    if (open > most()) excess.add(socket.setTimeout(ASK_MS));
    socket.once('close', () => {
      open--;
    });
  });
  return ({ socket }) => (excess.has(socket) ? refusal : undefined);
}
