import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Where an upstream stops to answer: it sends nothing, headers only, a fragment a while, or a 429 that asks to wait. */
export const hangs = {
  'before it sends headers': () => {},
  'before it sends a part': (response: ServerResponse) => response.writeHead(200).flushHeaders(),
  'between two parts': (response: ServerResponse) => void response.writeHead(200).write('data: Hello\n'),
  'while it asks to wait': (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '20' }).end(),
} as const;

export interface HangingUpstream {
  readonly url: string;
  /** Resolves with each request, once the upstream hangs in it. */
  asked(): Promise<void>;
  /** Connections that are open now. */
  open(): number;
  /** Resolves when no connection is open. */
  empty(): Promise<void>;
}

/** An upstream that never ends an answer. */
export async function startHangingUpstream(hang: (response: ServerResponse) => unknown): Promise<HangingUpstream> {
  const asked: (() => void)[] = [];
  const emptied: (() => void)[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      hang(response);
      asked.shift()?.();
    });
  });
  server.on('connection', (socket) => {
    open++;
    socket.on('error', () => {});
    socket.once('close', () => {
      open--;
      if (open === 0) for (const resolve of emptied.splice(0)) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => new Promise((resolve) => asked.push(resolve)),
    open: () => open,
    empty: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => emptied.push(resolve))),
  };
}
