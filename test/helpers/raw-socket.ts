import { onTestFinished } from 'vitest';
import WebSocketClient, { type ClientOptions } from 'ws';

export interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A WebSocket with nothing between it and a test: it says and answers what it is told to. */
export interface RawSocket {
  readonly socket: WebSocketClient;
  /** What has arrived and was not taken out. */
  readonly received: Frame[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(...messages: readonly object[]): void;
  /** Takes out the first message that has arrived, or that will. */
  next(): Promise<Frame>;
}

interface RawSocketOptions extends ClientOptions {
  /** Subprotocols. */
  readonly offered?: readonly string[];
  readonly connectionParams?: object;
}

/** Opens a socket, and says nothing on it. */
export async function openSilently(
  { webSocketUrl }: { readonly webSocketUrl: string },
  { offered = ['graphql-transport-ws'], ...options }: RawSocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocketClient(webSocketUrl, [...offered], options);
  const received: Frame[] = [];
  let onFrame: (() => void) | undefined;
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)));
    onFrame?.();
  });
  socket.on('error', () => {}); // The close that follows tells it.
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  onTestFinished(() => socket.terminate());
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed]);
  return {
    socket,
    received,
    closed,
    send(...messages) {
      for (const message of messages) socket.send(JSON.stringify(message));
    },
    async next() {
      while (received.length === 0) await new Promise<void>((resolve) => (onFrame = resolve));
      return received.shift() as Frame;
    },
  };
}

/** Opens a socket that is ready for operations. */
export async function openSocket(
  server: { readonly webSocketUrl: string },
  { connectionParams, ...options }: RawSocketOptions = {},
): Promise<RawSocket> {
  const opened = await openSilently(server, options);
  opened.send({ type: 'connection_init', ...(connectionParams ? { payload: connectionParams } : {}) });
  await opened.next();
  return opened;
}
