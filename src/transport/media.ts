import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { type MediaStore, type StoredMedia, StoreFull } from '../gateway/media/media-store.ts';
import { HEAD_BYTES, normalize, toMediaType } from '../gateway/media/media-type.ts';
import { type DoorOptions, refuseCaller } from './doors.ts';
import type { MaskGraphQLError } from './mask-error.ts';
import { MEDIA, type Operations } from './operations.ts';
import { BROKEN_OFF, badRequest, type Refusal, toErrorResponse, toGraphQLError, tooLarge } from './refusal.ts';
import { requestIdOf } from './request-id.ts';
import { parentInHeaders } from './trace-parents.ts';
import { countRefusal } from './transport-stats.ts';

interface MediaOptions extends DoorOptions {
  readonly path: string;
  readonly maxBytes: number;
  readonly store: Pick<MediaStore, 'add'>;
  readonly operations: Pick<Operations, 'begin'>;
  readonly maskError: MaskGraphQLError;
}

/** What the context has of a request that came over a socket. */
interface OverSocket {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Takes what is to be shown to models, before the chats that link to it: one file a request, as it is. */
export function useMedia(options: MediaOptions): Plugin<object, OverSocket> {
  const { path, operations, ownerOf, maskError } = options;

  async function receive(request: Request, { req, res }: OverSocket): Promise<Response> {
    const authorization = request.headers.get('authorization');
    refuse(request.method === 'POST' ? undefined : NOT_A_POST);
    refuse(await refuseCaller(authorization, req, options));
    const owner = ownerOf(authorization) ?? '';
    const requestId = requestIdOf(request);
    const operation = operations.begin({
      transport: 'http',
      requestId,
      owner,
      authorization,
      beside: 0,
      parents: { headers: parentInHeaders(request.headers) },
      drop: () => res?.destroy(),
    });
    operation.describe(MEDIA);
    const body = chunksOf(request, req);
    try {
      await operation.admitted;
      const stored = await store(request, body, owner, options);
      operation.end();
      return Response.json(stored, { status: 201 });
    } catch (error) {
      const told = maskError(error instanceof StoreFull ? toGraphQLError(noRoom(error)) : error, requestId);
      if (req && !req.complete && req.destroyed) operation.leave('LOST');
      operation.end(String(told.extensions.code));
      countRefusal(options.stats, 'media', String(told.extensions.code));
      throw told;
    } finally {
      await body.return(); // What was not read is read to its end with the connection.
    }
  }

  return {
    async onRequest({ request, url, serverContext, endResponse }) {
      if (url.pathname !== path) return;
      const requestId = requestIdOf(request);
      const tell = (error: unknown) => toErrorResponse(maskError(error, requestId), requestId);
      endResponse(await receive(request, serverContext).catch(tell));
    },
  };
}

async function store(
  { headers }: Request,
  body: AsyncIterator<Uint8Array>,
  owner: string,
  { store, maxBytes }: MediaOptions,
): Promise<StoredMedia> {
  const claimed = normalize(headers.get('content-type') ?? '');
  refuse(refuseType(claimed, headers.has('authorization')));
  const bytes = headers.get('content-length');
  if (bytes === null) throw toGraphQLError(NO_LENGTH);
  if (Number(bytes) === 0) throw toGraphQLError(EMPTY);
  if (!(Number(bytes) <= maxBytes)) throw toGraphQLError(tooLarge('file', maxBytes, 'maxMediaBytes'));
  const { head, whole } = await peek(body);
  const mediaType = toMediaType(claimed, head);
  if (mediaType === undefined || (mediaType !== claimed && claimed !== UNKNOWN)) {
    throw toGraphQLError(badRequest(`Expected bytes of the type ${claimed}`, 415));
  }
  return store.add({ owner, mediaType, bytes: Number(bytes), body: whole });
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw toGraphQLError(refusal);
}

const NOT_A_POST: Refusal = { ...badRequest('Expected a POST', 405), headers: { allow: 'POST' } };
const NO_LENGTH = badRequest('Expected a content-length', 411);
const EMPTY = badRequest('Expected a body');
const UNKNOWN = 'application/octet-stream';

const noRoom = ({ message }: StoreFull): Refusal => ({ status: 507, code: 'INSUFFICIENT_STORAGE', message });

/** Any page can send forms, plain text, and what has no type with a visitor's browser, but no header of ours with them. */
function refuseType(type: string, hasAuthorization: boolean): Refusal | undefined {
  if (type === 'text/plain' && !hasAuthorization) {
    return badRequest('Expected an Authorization header with text/plain; text/markdown needs none', 415);
  }
  if (/^[\w.+-]+\/[\w.+-]+$/.test(type) && !FORMS.has(type)) return undefined;
  return badRequest('Expected the content-type of a file, such as image/png', 415);
}

const FORMS: ReadonlySet<string> = new Set(['multipart/form-data', 'application/x-www-form-urlencoded']);

/** Whoever stops in the middle leaves the connection to be read to its end. */
async function* chunksOf({ body }: Request, req: IncomingMessage | undefined): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* req ? req.iterator({ destroyOnReturn: false }) : (body ?? []);
  } catch {
    throw toGraphQLError(BROKEN_OFF);
  }
}

/** The first bytes, and all of them. */
async function peek(body: AsyncIterator<Uint8Array>): Promise<{ head: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const first: Uint8Array[] = [];
  for (let length = 0; length < HEAD_BYTES; ) {
    const { done, value } = await body.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  async function* whole() {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => body };
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), whole: whole() };
}
