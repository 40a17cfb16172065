import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { AddressOf } from './client-address.ts';
import { UNAUTHENTICATED } from './doors.ts';
import type { GraphQLServer } from './http.ts';
import type { OwnerOf } from './keys.ts';
import type { MaskGraphQLError } from './mask-error.ts';
import type { Operations } from './operations.ts';
import { mayConnect } from './origins.ts';
import type { CountOperation } from './rate-limit.ts';
import { badRequest, endSocket, type Refusal, SHUTTING_DOWN, toGraphQLError, tooLarge } from './refusal.ts';
import { REQUEST_ID, requestIdIn, toNamed, toRequestId, withRequestId } from './request-id.ts';
import { createSocketWriter } from './socket-writer.ts';
import { Subscription, toTold } from './subscription.ts';
import { parentInExtensions, readParent } from './trace-parents.ts';
import { countRefusal, type Door, type TransportStats } from './transport-stats.ts';
import { type Connection, connect, type Protocol, TOO_LARGE } from './websocket-connection.ts';
import { type PreparedOperation, prepare, toFrames } from './websocket-operation.ts';

interface WebSocketOptions {
  /** What is in force: asked for anew by each connection and by each operation. */
  setup(): WebSocketSetup;
  readonly isReady: () => boolean;
  readonly countOperation: CountOperation;
  readonly maskError: MaskGraphQLError;
  readonly stats: TransportStats;
  readonly log: Logger;
}

export interface WebSocketSetup {
  readonly graphql: GraphQLServer;
  readonly operations: Pick<Operations, 'begin'>;
  readonly ownerOf: OwnerOf;
  readonly addressOf: AddressOf;
  readonly maxMessageBytes: number;
  readonly keepAliveMs: number;
  /** The web origins, beside our own, whose pages may connect. */
  readonly origins: readonly string[];
}

export interface WebSocketTransport {
  /** @param refusal why there is no room for this connection, if there is none */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, refusal: Refusal | undefined): void;
  /** Ends the connections of those who would not be let in any more. */
  dropUninvited(): void;
  /** Tells every client that the server goes, and ends what is left of the connections. */
  close(): Promise<void>;
}

/** A message over the limit is read up to this, to refuse its operation alone; a larger one ends its socket. */
const READ_LIMITS = 4;
const READ_BYTES_MORE = 4_194_304;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;
/** How long a client may take to answer that its WebSocket closes. (The types of ws do not know of it.) */
const CLOSING = { closeTimeout: 5000 };
const NOT_FOUND = badRequest('There is no WebSocket here', 404);
const FOREIGN_ORIGIN = badRequest(
  'Pages of this origin may not connect: server.cors.origins lists those that may',
  403,
);
/** How long clients may take to say goodbye. */
const FAREWELL_MS = 500;

/** GraphQL over WebSocket, by the protocol graphql-transport-ws. */
export function createWebSocketTransport(options: WebSocketOptions): WebSocketTransport {
  const { isReady, setup, log, stats } = options;
  const protocol = createProtocol(options);
  const server = new WebSocketServer({ noServer: true, handleProtocols, ...CLOSING });
  const connections = new Set<Connection>();

  return {
    upgrade(request, socket, head, noRoom) {
      const { graphql, origins, addressOf, maxMessageBytes, keepAliveMs } = setup();
      const refuse = (refusal: Refusal) => endSocket(socket, withRequestId(refusal, requestIdIn(request.headers)));
      const [path] = (request.url ?? '').split('?');
      if (path !== graphql.graphqlEndpoint) return refuse(NOT_FOUND);
      if (!mayConnect(request, origins)) {
        countRefusal(stats, 'origins', FOREIGN_ORIGIN.code);
        return refuse(FOREIGN_ORIGIN);
      }
      server.options.maxPayload = toMaxPayload(maxMessageBytes);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const refusal = isReady() ? noRoom : SHUTTING_DOWN;
        if (!refusal) {
          const address = addressOf(request);
          const { authorization, [REQUEST_ID]: requestId } = request.headers;
          const writer = createSocketWriter(socket);
          const who = { address, authorization, requestId: toRequestId(requestId) };
          const options = { protocol, log, keepAliveMs, ...who, writer };
          const connection = connect(webSocket, { ...options, maxMessageBytes: () => setup().maxMessageBytes });
          connections.add(connection);
          return webSocket.once('close', () => connections.delete(connection));
        }
        if (refusal === SHUTTING_DOWN) countRefusal(stats, 'callers', refusal.code);
        webSocket.on('error', () => {}); // What else it has to say does not matter.
        webSocket.close(TRY_AGAIN_LATER, refusal.message);
      });
    },
    dropUninvited() {
      const { ownerOf } = setup();
      for (const connection of connections) {
        if (connection.owner === undefined) continue; // It has not said yet who it is.
        const owner = ownerOf(connection.authorization);
        if (owner === null) connection.socket.close(CloseCode.Forbidden, 'Forbidden');
        else connection.owner = owner;
      }
    },
    async close() {
      const left = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const client of server.clients) client.close(GOING_AWAY, 'Server is stopping');
      const timer = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, FAREWELL_MS);
      await Promise.all(left);
      clearTimeout(timer);
    },
  };
}

/** What ws reads of a message before it ends the socket. More than the last of these, it takes for no limit. */
function toMaxPayload(maxMessageBytes: number): number {
  return Math.min(READ_LIMITS * maxMessageBytes, maxMessageBytes + READ_BYTES_MORE, 2 ** 31 - 1);
}

function createProtocol({ setup, isReady, countOperation, maskError, stats }: WebSocketOptions): Protocol {
  const toErrors = (error: unknown, requestId: string) => [
    toNamed(error instanceof GraphQLError ? error : maskError(error, requestId), requestId),
  ];
  return makeServer<Record<string, unknown>, Connection>({
    onConnect({ extra, connectionParams }) {
      extra.authorization = parameterOf(connectionParams, 'authorization') ?? extra.authorization;
      extra.parent = readParent((name) => parameterOf(connectionParams, name));
      const owner = setup().ownerOf(extra.authorization);
      if (owner === null) {
        countRefusal(stats, 'callers', UNAUTHENTICATED.code);
        return false;
      }
      extra.owner = owner;
    },
    onSubscribe({ extra }, id, payload) {
      const requestId = requestIdOf(payload, extra);
      const refuse = (door: Door, refusal: Refusal) => {
        countRefusal(stats, door, refusal.code);
        return [toGraphQLError(withRequestId(refusal, requestId))];
      };
      if (!isReady()) {
        if (extra.operations.size === 0) extra.socket.close(TRY_AGAIN_LATER, SHUTTING_DOWN.message);
        return refuse('callers', SHUTTING_DOWN);
      }
      const { graphql, operations, maxMessageBytes } = setup();
      const { owner = '', address, authorization, socket } = extra;
      const counted = countOperation(owner, address);
      const toErrorsOf = (refusal: Refusal | undefined) => refusal && refuse('callers', refusal);
      const refused = counted instanceof Promise ? counted.then(toErrorsOf) : toErrorsOf(counted);
      if (Array.isArray(refused)) return refused;
      if (payload === TOO_LARGE) return refuse('bodies', tooLarge('message', maxMessageBytes));
      try {
        // One whose `complete` was sent may be about to end still.
        const beside = [...extra.operations.values()].filter(({ signal }) => !signal.aborted).length;
        const parents = { extensions: parentInExtensions(payload.extensions), connection: extra.parent };
        const drop = () => socket.terminate();
        const arrival = { transport: 'websocket', requestId, owner, authorization, beside, parents, drop } as const;
        const caller = operations.begin(arrival);
        extra.operations.set(id, caller);
        const frames = (subscription: Subscription) => toFrames(subscription, id, extra.send);
        return prepare(graphql, caller, { payload, frames, refused }).catch((error) => toErrors(error, requestId));
      } catch (error) {
        return toErrors(error, requestId);
      }
    },
    execute: (args) => (args as PreparedOperation).enveloped.execute(args),
    async subscribe(args) {
      const { enveloped, frames } = args as PreparedOperation;
      const result: unknown = await enveloped.subscribe(args);
      return result instanceof Subscription ? frames(result) : (result as ExecutionResult);
    },
    onNext: ({ extra }, id, _payload, _args, { errors, ...result }) =>
      errors ? { ...(result as object), errors: tellAll(errors, extra, id) } : undefined,
    onError: ({ extra }, id, _payload, errors) => tellAll(errors, extra, id),
  });
}

function tellAll(errors: readonly GraphQLError[], { operations }: Connection, id: string) {
  return errors.map((error) => toTold(error, operations.get(id)?.requestId));
}

/** The operation's own, or one of the connection with its number, or a new one. */
function requestIdOf({ extensions }: SubscribePayload, connection: Connection): string {
  const number = ++connection.asked;
  const made = connection.requestId === undefined ? randomUUID() : `${connection.requestId}-${number}`;
  return toRequestId(extensions?.requestId) ?? made;
}

/** One of the parameters of a connection, or of the `headers` among them, where other servers look for it. */
function parameterOf(params: Readonly<Record<string, unknown>> = {}, name: string): unknown {
  return fieldOf(params, name) ?? fieldOf(fieldOf(params, 'headers'), name);
}

/** A field of an object, however its client spells it. */
function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object') return undefined;
  return Object.entries(value ?? {}).find(([name]) => name.toLowerCase() === field)?.[1];
}
