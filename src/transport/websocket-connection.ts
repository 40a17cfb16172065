import {
  CloseCode,
  type Message,
  MessageType,
  parseMessage,
  type Server,
  type SubscribeMessage,
  type SubscribePayload,
} from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Operation } from './operations.ts';
import type { SocketWriter } from './socket-writer.ts';
import type { TraceParent } from './trace-parents.ts';

/** What is kept of one connection: its operations, by the ids that its client gave them. */
export interface Connection {
  readonly socket: WebSocket;
  readonly operations: Map<string, Operation>;
  /** Where its client is. */
  readonly address: string | undefined;
  /** The key that it came with; until it has said more, that in the header of the upgrade: a page cannot set one, and what a browser adds by itself is no key. */
  authorization: unknown;
  /** What the header of the upgrade says. */
  readonly requestId: string | undefined;
  /** How many operations were asked for. */
  asked: number;
  /** Sends a frame, and resolves when there is room for the next; undefined where there is. */
  send(text: string): Promise<void> | undefined;
  /** Whose it is, as soon as that is known. */
  owner: string | undefined;
  /** The span that all its operations are parts of, if its client has named one. */
  parent?: TraceParent | undefined;
}

export type Protocol = Server<Connection>;

interface ConnectionOptions {
  readonly protocol: Protocol;
  readonly writer: SocketWriter;
  /** Of now. */
  maxMessageBytes(): number;
  readonly keepAliveMs: number;
  readonly log: Logger;
  readonly address: string | undefined;
  readonly authorization: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * Joins a socket to the protocol. The protocol alone cancels too little and too late: here the operation is aborted as
 * soon as its `complete` arrives, and all of them when the socket closes, whatever they are waiting for.
 */
export function connect(socket: WebSocket, options: ConnectionOptions): Connection {
  const { protocol, writer, maxMessageBytes, keepAliveMs, log, address, authorization, requestId } = options;
  const operations = new Map<string, Operation>();
  const connection: Connection = {
    socket,
    operations,
    address,
    authorization,
    requestId,
    asked: 0,
    send,
    owner: undefined,
  };
  const running = new Map<string, Promise<void>>();
  /** The messages that wait for an operation of the same id to end. */
  const waiting = new Map<string, SubscribeMessage>();

  function send(text: string): Promise<void> | undefined {
    if (socket.readyState !== socket.OPEN) return undefined; // The close that follows tells what was not sent.
    writer.cork();
    socket.send(text);
    return writer.drained();
  }

  /** Whoever asks on and on and does not read the answers is let go before they fill the memory. ws does so for pings. */
  function dropUnlessRead(): void {
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
  }

  async function receive(data: Buffer, handleText: (data: string) => Promise<void>): Promise<void> {
    const text = String(data);
    const isTooLarge = data.length > maxMessageBytes();
    const message = isTooLarge ? withoutPayload(peek(text)) : peek(text);
    if (isTooLarge && !message) return socket.close(MESSAGE_TOO_BIG, 'Message too big');
    // The protocol reads what is text, and takes what is not for a message that was read: once is enough.
    const handle = () => handleText((message ?? text) as string);
    if (message && OURS.has(message.type)) return socket.close(CloseCode.BadRequest, 'Invalid message received');
    // These two are not answered: who has fallen behind and leaves one stream keeps the others.
    if (message?.type !== MessageType.Complete && message?.type !== MessageType.Pong) dropUnlessRead();
    if (message?.type === MessageType.Complete) {
      if (waiting.delete(message.id)) return;
      operations.get(message.id)?.leave('UNSUBSCRIBED');
    }
    if (message?.type !== MessageType.Subscribe) return handle();

    const { id } = message;
    const previous = running.get(id);
    if (waiting.has(id) || (previous && !operations.get(id)?.signal.aborted)) {
      const reason = `Subscriber for ${id} already exists`;
      return socket.close(CloseCode.SubscriberAlreadyExists, fits(reason) ? reason : 'Subscriber already exists');
    }
    if (previous) {
      // A client may use an id again at once, but two operations of one id would be mixed up: the old one ends first.
      waiting.set(id, message);
      await previous;
      if (waiting.get(id) !== message) return;
      waiting.delete(id);
    }
    const run = handle().finally(() => {
      running.delete(id);
      operations.get(id)?.end();
      operations.delete(id);
    });
    running.set(id, run);
    return run;
  }

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: async (data) => send(data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data: Buffer) => {
          receive(data, handle).catch((error: unknown) => {
            log.error({ err: error }, 'a WebSocket message was not handled');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    connection,
  );

  const stopPings = keepAlive(socket, keepAliveMs);
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    stopPings();
    waiting.clear();
    for (const operation of operations.values()) {
      operation.leave('LOST');
      operation.end();
    }
    void closed(code, String(reason));
  });
  return connection;
}

/** The messages that only a server sends: the protocol takes one from a client for a mistake of its own. */
const OURS: ReadonlySet<MessageType> = new Set([MessageType.ConnectionAck, MessageType.Next, MessageType.Error]);

const MESSAGE_TOO_BIG = 1009;
/** Stands in for what an operation asks in a message that is too large: that is not kept, and the operation refused. */
export const TOO_LARGE: SubscribePayload = { query: '' };

function withoutPayload(message: Message | undefined): SubscribeMessage | undefined {
  return message?.type === MessageType.Subscribe ? { ...message, payload: TOO_LARGE } : undefined;
}

const MAX_UNREAD_BYTES = 1_048_576;

/** A close frame has room for 123 bytes. */
function fits(reason: string): boolean {
  return Buffer.byteLength(reason) <= 123;
}

/** A frame that is no message is left to the protocol, which closes the socket for it. */
function peek(data: string): Message | undefined {
  try {
    return parseMessage(data);
  } catch {
    return undefined;
  }
}

/** Pings the client, and lets go of one that did not answer the last ping. */
function keepAlive(socket: WebSocket, keepAliveMs: number): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, keepAliveMs);
  return () => clearInterval(timer);
}
