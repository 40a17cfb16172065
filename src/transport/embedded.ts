import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { readRest } from './json-body.ts';
import type { WebSocketTransport } from './websocket.ts';

interface EmbeddedOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  listener(request: IncomingMessage, response: ServerResponse): void;
  readonly upgrade: WebSocketTransport['upgrade'];
}

/** For a server of somebody else's, whose business its own doors are. */
export interface Embedded {
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** False: it is for another path, and nothing was done. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

export function createEmbedded({ endpoint, listener, upgrade }: EmbeddedOptions): Embedded {
  return {
    listener(request: IncomingMessage & { readonly originalUrl?: string }, response) {
      // Express and its like take the path off under which they serve us.
      if (request.originalUrl !== undefined) request.url = request.originalUrl;
      readRest(request, response);
      listener(request, response);
    },
    upgrade(request, socket, head) {
      if (request.url?.split('?')[0] !== endpoint) return false;
      socket.on('error', () => {}); // The client broke off before there was a WebSocket to tell.
      upgrade(request, socket, head, undefined);
      return true;
    },
  };
}
