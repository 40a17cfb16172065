import { ProviderError } from '../errors.ts';
import { toConnectionError } from './connection-errors.ts';
import type { Connections } from './connections.ts';
import type { Deadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import type { UpstreamResponse } from './dispatch.ts';
import { toStatusError } from './http-errors.ts';
import { createResponse, type HttpResponse, readHead } from './response.ts';

interface RequestOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly deadlines: Deadlines;
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

interface AnswerOptions {
  readonly name: string;
  readonly deadlines: Deadlines;
  /** What was asked, as messages show it: `POST /v1/chat/completions`. */
  readonly asked: string;
  readonly maxBytes: number;
  /** What must not come back in a message. */
  readonly secrets: readonly string[];
}

/**
 * Sends one request and waits for the head of its answer; follows no redirect.
 * @throws ProviderError for what broke on the way; the call's reason when that is aborted. The call is over then.
 */
export async function ask(
  way: Connections,
  { name, deadlines, url, method, headers, body }: RequestOptions,
): Promise<UpstreamResponse> {
  const options = {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers,
    body: body ?? null,
    // These deadlines are coarse and count bytes: the call's are used instead.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  try {
    return await way.send(options, deadlines.signal);
  } catch (error) {
    deadlines.end();
    throw explain(error, name, deadlines);
  }
}

/**
 * Takes a response for an answer, whose body is then to be read.
 * @throws ProviderError for every status but 2xx, and `BAD_RESPONSE` for an encoding that nobody knows. The call is over then.
 */
export async function toHttpResponse(
  { status, headers, body }: UpstreamResponse,
  { name, deadlines, asked, maxBytes, secrets }: AnswerOptions,
): Promise<HttpResponse> {
  const encoding = String(headers['content-encoding'] ?? '');
  const decoded = decodeBody({ name, encoding, body, signal: deadlines.signal });
  const options = {
    name,
    body: decoded ?? body,
    deadlines,
    explain: (error: unknown) => explain(error, name, deadlines),
  };
  if (status < 200 || status > 299) {
    const head = await readHead({ ...options, maxBytes: Number.POSITIVE_INFINITY }, MAX_ERROR_CHARACTERS);
    throw toStatusError({ name, asked, status, headers, body: head, secrets });
  }
  if (!decoded) {
    deadlines.end();
    body.drop();
    throw new ProviderError('BAD_RESPONSE', `${name} sent its answer in an encoding that is not known here`);
  }
  return createResponse({ ...options, maxBytes, contentType: String(headers['content-type'] ?? '') });
}

/** As much of an error's body as is read. */
const MAX_ERROR_CHARACTERS = 65_536;

function explain(error: unknown, name: string, { signal }: Deadlines): unknown {
  return signal.aborted ? signal.reason : toConnectionError(name, error);
}
