import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { badRequest, type Refusal, tooLarge, toResponse } from './refusal.ts';

const BROKEN_OFF = badRequest('The body broke off');
const NO_JSON = badRequest('Expected JSON as the body');

/**
 * Reads the JSON that is posted, straight from its socket where it came over one. Yoga would destroy a request whose body
 * is too large, so that nothing is read any more and the next request on the connection waits for ever; and it would
 * quote a malformed body.
 */
export function useJsonBodies(maxBytes: number): Plugin<object, { readonly req?: IncomingMessage }> {
  const refusal = tooLarge('body', maxBytes);

  async function read(request: Request, overSocket: IncomingMessage | undefined): Promise<Buffer | Refusal> {
    if (Number(request.headers.get('content-length')) > maxBytes) return refusal;
    if (overSocket) return readBody(overSocket, { maxBytes, refusal });
    const body = Buffer.from(await request.arrayBuffer());
    return body.length > maxBytes ? refusal : body;
  }

  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') return;
      setRequestParser(async () => {
        const body = await read(request, serverContext.req);
        return Buffer.isBuffer(body) ? parse(body) : toResponse(body);
      });
    },
  };
}

function parse(body: Buffer) {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return toResponse(NO_JSON); // What the parser says quotes the body.
  }
}

function readBody(request: IncomingMessage, { maxBytes, refusal }: { maxBytes: number; refusal: Refusal }) {
  return new Promise<Buffer | Refusal>((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request
      .on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBytes) return void chunks.push(chunk);
        chunks.length = 0;
        resolve(refusal);
      })
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('close', () => resolve(BROKEN_OFF));
  });
}

/** As much as a client may have sent before it has seen its answer. */
const MAX_REST_BYTES = 1_048_576;

/**
 * Reads what is left of a body that was answered before all of it had come, as the next request on the connection stands
 * behind it. Where too much is left, the connection ends.
 */
export function readRest(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_REST_BYTES) request.destroy();
    });
    request.resume();
  });
}
