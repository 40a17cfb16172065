import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';

/** Why a caller is turned away at the door: one thing, said in the words of whatever the caller came over. */
export interface Refusal {
  /** Over HTTP. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** In how many seconds another try makes sense. */
  readonly retryAfter?: number;
  /** Over HTTP, beside `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function badRequest(message: string, status = 400): Refusal {
  return { status, code: 'BAD_REQUEST', message };
}

/** One more than are allowed: of operations in a minute, of streams, of connections. */
export function rateLimited(
  message: string,
  { status, retryAfter }: { status: 429 | 503; retryAfter: number },
): Refusal {
  return { status, code: 'RATE_LIMITED', message, retryAfter };
}

export const SHUTTING_DOWN: Refusal = {
  status: 503,
  code: 'SHUTTING_DOWN',
  message: 'This server is stopping',
  retryAfter: 1,
  headers: { connection: 'close' },
};

/** As the error of one operation. */
export function toGraphQLError(refusal: Refusal): GraphQLError {
  const { status, message } = refusal;
  return new GraphQLError(message, {
    extensions: { ...extensionsOf(refusal), http: { status, headers: headersOf(refusal) } },
  });
}

/** As the answer to a request. */
export function toResponse(refusal: Refusal): Response {
  return new Response(bodyOf(refusal), { status: refusal.status, headers: headersOf(refusal) });
}

/** As the answer to a request that is not let in at all; its connection ends. */
export function endResponse(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, { ...headersOf(refusal), connection: 'close' }).end(bodyOf(refusal));
}

/** As the answer to a request to upgrade. */
export function endSocket(socket: Duplex, refusal: Refusal): void {
  const body = bodyOf(refusal);
  const headers = { ...headersOf(refusal), connection: 'close', 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`);
}

function bodyOf(refusal: Refusal): string {
  return JSON.stringify({ errors: [{ message: refusal.message, extensions: extensionsOf(refusal) }] });
}

function extensionsOf({ code, retryAfter }: Refusal): Record<string, unknown> {
  return { code, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function headersOf({ retryAfter, headers }: Refusal): Record<string, string> {
  const again = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...again,
    ...headers,
  };
}
