import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLServer } from './http.ts';
import { readRest } from './json-body.ts';
import type { WebSocketTransport } from './websocket.ts';

interface EmbeddedOptions {
  /** That of the configuration in force. */
  graphql(): GraphQLServer;
  listener(request: IncomingMessage, response: ServerResponse): void;
  readonly upgrade: WebSocketTransport['upgrade'];
}

/** For a server of somebody else's, whose business its own doors are. */
export interface Embedded {
  fetch(request: Request): Promise<Response>;
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** False: it is for another path, and nothing was done. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

export function createEmbedded({ graphql, listener, upgrade }: EmbeddedOptions): Embedded {
  return {
    async fetch(request) {
      const response = await graphql().fetch(request);
      if (response.constructor === Response) return response; // All that streams is.
      // Yoga has a Response of its own, which others take for none.
      const { status, headers } = response;
      return new Response((await response.text()) || null, { status, headers: [...headers] });
    },
    listener(request: IncomingMessage & { readonly originalUrl?: string }, response) {
      // Express and its like take the path off under which they serve us.
      if (request.originalUrl !== undefined) request.url = request.originalUrl;
      readRest(request, response);
      listener(request, response);
    },
    upgrade(request, socket, head) {
      if (request.url?.split('?')[0] !== graphql().graphqlEndpoint) return false;
      socket.on('error', () => {}); // The client broke off before there was a WebSocket to tell.
      upgrade(request, socket, head, undefined);
      return true;
    },
  };
}
