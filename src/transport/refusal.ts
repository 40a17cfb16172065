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
  /** Of the request that is refused. */
  readonly requestId?: string;
  /** Over HTTP, beside `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function badRequest(message: string, status = 400): Refusal {
  return { status, code: 'BAD_REQUEST', message };
}

export const BROKEN_OFF = badRequest('The body broke off');

/** @param what that which came, such as a body */
export function tooLarge(what: string, maxBytes: number, limit = 'maxBodyBytes'): Refusal {
  const message = `Expected a ${what} of at most ${maxBytes} bytes (limits.${limit})`;
  return { status: 413, code: 'REQUEST_ENTITY_TOO_LARGE', message };
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
  return new Response(bodyOf(refusal), { status: refusal.status, headers: { ...JSON_HEADERS, ...headersOf(refusal) } });
}

/** The answer to a request that is no GraphQL, and came to nothing. */
export function toErrorResponse(error: GraphQLError, requestId: string): Response {
  const { http, unexpected: _unexpected, ...extensions } = error.extensions;
  const { status = 500, headers = {} } = (http ?? {}) as Partial<ResponseInit>;
  const body = JSON.stringify({ errors: [{ message: error.message, extensions: { ...extensions, requestId } }] });
  return new Response(body, { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** As the answer to a request that is not let in at all; its connection ends. */
export function endResponse(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, lastHeadersOf(refusal)).end(bodyOf(refusal));
}

/** As the answer to a request to upgrade. */
export function endSocket(socket: Duplex, refusal: Refusal): void {
  const lines = Object.entries(lastHeadersOf(refusal)).map(([name, value]) => `${name}: ${value}\r\n`);
  const { status } = refusal;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${bodyOf(refusal)}`);
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' };

function lastHeadersOf(refusal: Refusal): Record<string, string> {
  const length = String(Buffer.byteLength(bodyOf(refusal)));
  return { ...JSON_HEADERS, ...headersOf(refusal), 'content-length': length, connection: 'close' };
}

function bodyOf(refusal: Refusal): string {
  return JSON.stringify({ errors: [{ message: refusal.message, extensions: extensionsOf(refusal) }] });
}

function extensionsOf({ code, retryAfter, requestId }: Refusal): Record<string, unknown> {
  return {
    code,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function headersOf({ retryAfter, headers }: Refusal): Record<string, string> {
  return { ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }), ...headers };
}
