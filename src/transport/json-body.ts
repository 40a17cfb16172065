import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { BROKEN_OFF, badRequest, type Refusal, tooLarge, toResponse } from './refusal.ts';
import { requestIdOf, withRequestId } from './request-id.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

const NO_JSON = badRequest('Expected JSON as the body');

/** The server that we are embedded in may have read the body before us, and parsed it. */
interface MaybeRead extends IncomingMessage {
  readonly body?: unknown;
}

/**
 * Reads the JSON that is posted, straight from its socket where it came over one. Yoga would destroy a request whose body
 * is too large, so that nothing is read any more and the next request on the connection waits for ever; and it would
 * quote a malformed body.
 */
export function useJsonBodies(maxBytes: number, stats: TransportStats): Plugin<object, { readonly req?: MaybeRead }> {
  const refusal = tooLarge('body', maxBytes);

  async function read(request: Request, overSocket: MaybeRead | undefined): Promise<string | Refusal> {
    if (Number(request.headers.get('content-length')) > maxBytes) return refusal;
    if (overSocket?.readableEnded) return JSON.stringify(overSocket.body) ?? '';
    if (overSocket) return readBody(overSocket, { maxBytes, refusal });
    const body = await request.arrayBuffer();
    return body.byteLength > maxBytes ? refusal : new TextDecoder().decode(body);
  }

  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') return;
      setRequestParser(async () => {
        const refuse = (refusal: Refusal) => {
          countRefusal(stats, 'bodies', refusal.code);
          return toResponse(withRequestId(refusal, requestIdOf(request)));
        };
        const body = await read(request, serverContext.req);
        return typeof body === 'string' ? parse(body, refuse) : refuse(body);
      });
    },
  };
}

function parse(body: string, refuse: (refusal: Refusal) => Response) {
  try {
    return JSON.parse(body);
  } catch {
    return refuse(NO_JSON); // What the parser says quotes the body.
  }
}

/** Decodes each piece as it comes: all of a long body at once would hold all others up. */
function readBody(request: IncomingMessage, { maxBytes, refusal }: { maxBytes: number; refusal: Refusal }) {
  return new Promise<string | Refusal>((resolve) => {
    const decoder = new TextDecoder();
    const pieces: string[] = [];
    let length = 0;
    request
      .on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBytes) return void pieces.push(decoder.decode(chunk, { stream: true }));
        pieces.length = 0;
        resolve(refusal);
      })
      .once('end', () => resolve(pieces.join('') + decoder.decode()))
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
