import { CloseCode, type Message, MessageType, parseMessage, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Operation } from './operations.ts';

/** What is kept of one connection: its operations, by the ids that its client gave them. */
export interface Connection {
  readonly socket: WebSocket;
  readonly operations: Map<string, Operation>;
}

export type Protocol = Server<Connection>;

interface ConnectionOptions {
  readonly protocol: Protocol;
  readonly keepAliveMs: number;
  readonly log: Logger;
}

/**
 * Joins a socket to the protocol. The protocol alone cancels too little and too late: here the operation is aborted as
 * soon as its `complete` arrives, and all of them when the socket closes, whatever they are waiting for.
 */
export function connect(socket: WebSocket, { protocol, keepAliveMs, log }: ConnectionOptions): void {
  const operations = new Map<string, Operation>();
  const running = new Map<string, Promise<void>>();
  const waiting = new Set<string>();

  async function receive(data: string, handle: (data: string) => Promise<void>): Promise<void> {
    const message = peek(data);
    if (message?.type === MessageType.Complete) {
      if (waiting.delete(message.id)) return;
      operations.get(message.id)?.leave();
    }
    if (message?.type !== MessageType.Subscribe) return handle(data);

    const { id } = message;
    if (operations.get(id)?.signal.aborted) {
      // The client may use an id again at once, but two operations of one id are mixed up: the old one ends first.
      waiting.add(id);
      await running.get(id);
      if (!waiting.delete(id)) return;
    }
    const run = handle(data);
    running.set(id, run);
    await run.finally(() => {
      if (running.get(id) !== run) return;
      running.delete(id);
      operations.get(id)?.end();
      operations.delete(id);
    });
  }

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, () => resolve()); // What could not be sent is told by the close that follows.
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data) => {
          receive(String(data), handle).catch((error: unknown) => {
            log.error({ err: error }, 'a WebSocket message was not handled');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    { socket, operations },
  );

  const stopPings = keepAlive(socket, keepAliveMs);
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    stopPings();
    waiting.clear();
    for (const operation of operations.values()) {
      operation.leave();
      operation.end();
    }
    void closed(code, String(reason));
  });
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
