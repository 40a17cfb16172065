import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import WebSocketClient from 'ws';
import type { Request } from './clients.ts';
import type { Play } from './fake-upstream.ts';

const PIECE = 65_536;

/** An answer in the manner of AiChats that comes as fast as it is read, and counts what was sent. */
export function flood(): { readonly play: Play; sent: number } {
  const state = {
    sent: 0,
    play: (async (exchange) => {
      await exchange.begin();
      const line = `data: ${'x'.repeat(PIECE)}\n`;
      while (!exchange.gone) {
        state.sent += PIECE;
        if (!exchange.response.write(line)) {
          await Promise.race([new Promise((resolve) => exchange.response.once('drain', resolve)), exchange.closed]);
        }
      }
    }) satisfies Play,
  };
  return state;
}

type Target = { readonly url: string; readonly webSocketUrl: string };

/** A client that asks and then reads nothing. */
export type Unread = (server: Target, request: Request) => void;

export const unreadOverSse: Unread = ({ url }, body) => {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    agent: false,
  });
  request.on('error', () => {}); // It is let go.
  request.on('response', (response) => response.pause().on('error', () => {}));
  request.end(JSON.stringify(body));
  onTestFinished(() => void request.destroy());
};

export const unreadOverWebSocket: Unread = ({ webSocketUrl }, payload) => {
  const socket = new WebSocketClient(webSocketUrl, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  socket.once('message', () => {
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    socket.pause();
  });
  socket.on('error', () => {}); // It is let go.
  onTestFinished(() => socket.terminate());
};
