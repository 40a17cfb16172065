import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createEventBody } from './event-body.ts';
import { COMMENT, END, toEvent } from './event-format.ts';
import type { MaskGraphQLError } from './mask-error.ts';
import { createSocketWriter } from './socket-writer.ts';
import { createSubscribe, Subscription } from './subscription.ts';

/** The context of an operation that came over a socket: what its listener is to stream. */
export interface StreamContext {
  subscription?: Subscription;
}

const TYPE = 'text/event-stream';
/** Nothing on the way may keep events back: nginx would, until its buffer is full, and what compresses does. */
const HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** Subscriptions as server-sent events, by the distinct connections mode of GraphQL over SSE. */
export function useEventStreams(maskError: MaskGraphQLError, keepAliveMs: number): Plugin {
  const subscribe = createSubscribe(maskError);
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute);
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe);
    },
    onResultProcess({ request, result, serverContext, setResultProcessor }) {
      if (!(result instanceof Subscription)) return;
      const accepted = request.headers.get('accept') ?? '*/*';
      if (!/\*\/\*|text\/(event-stream|\*)/i.test(accepted)) {
        const headers = { accept: TYPE };
        return setResultProcessor((_result, { Response }) => new Response(null, { status: 406, headers }), TYPE);
      }
      const overSocket = 'res' in serverContext;
      if (overSocket) Object.assign(serverContext, { subscription: result } satisfies StreamContext);
      const headers = { 'content-type': TYPE };
      setResultProcessor((_result, yoga) => {
        if (overSocket) return new yoga.Response(null, { headers });
        return new Response(createEventBody(result, { request: request.signal, keepAliveMs }), { headers });
      }, TYPE);
    },
    onResponse({ response: { headers } }) {
      if (!headers.get('content-type')?.startsWith(TYPE)) return;
      for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
      headers.delete('content-encoding'); // Yoga streams an error with "none", which is no encoding.
    },
  };
}

/** Streams a subscription to whoever asked for it over HTTP. */
export async function sendEvents(
  subscription: Subscription,
  { response, keepAliveMs }: { readonly response: ServerResponse; readonly keepAliveMs: number },
): Promise<void> {
  const socket = await socketOf(response);
  if (!socket) return; // Whoever asked has left.
  const writer = createSocketWriter(socket);

  function write(text: string): void {
    // `response.write` makes four writes of it; a client of HTTP/1.0 knows no chunks.
    if (response.chunkedEncoding) socket?.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    else socket?.write(text);
  }

  writer.cork();
  response.writeHead(200).flushHeaders();
  write(COMMENT);
  const pings = setInterval(() => writer.drained() ?? write(COMMENT), keepAliveMs);
  response.once('close', () => clearInterval(pings));
  await subscription.deliver((json) => {
    write(toEvent(json));
    return writer.drained();
  });
  writer.cork();
  write(END);
  response.end();
}

/** A request may stand behind another on its connection: its response has a socket once that one is over. */
function socketOf(response: ServerResponse): Promise<Socket | null> | Socket {
  if (response.socket) return response.socket;
  const connection = response.req.socket;
  return new Promise((resolve) => {
    const onClose = () => resolve(null);
    connection.once('close', onClose);
    response.once('socket', (socket: Socket) => {
      connection.off('close', onClose);
      resolve(socket);
    });
    if (connection.destroyed) onClose();
  });
}
