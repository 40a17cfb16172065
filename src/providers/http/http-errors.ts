import type { IncomingHttpHeaders } from 'node:http';
import { ProviderError } from '../errors.ts';
import { classifyError } from './classify-error.ts';
import { readErrorBody, type ToldError } from './error-body.ts';

interface BadStatus {
  readonly name: string;
  /** What was asked, such as `POST /v1/chat/completions`. */
  readonly asked: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What must not come back in a message, should the upstream echo it. */
  readonly secrets: readonly string[];
}

/** What a status other than 2xx means. */
export function toStatusError({ name, asked, status, headers, body, secrets }: BadStatus): ProviderError {
  const details = { status, retryAfterMs: parseRetryAfterMs(headers) };
  if ((status === 403 || status === 503) && isChallengePage(body)) {
    const message = `${name} answered ${status}: a bot challenge stands in the way`;
    return new ProviderError('BLOCKED', message, { ...details, retryable: false });
  }
  if (status < 400) {
    return new ProviderError(
      'BAD_RESPONSE',
      `${name} answered ${status}, expected 2xx; redirects are not followed`,
      details,
    );
  }
  const told = readErrorBody(parseJson(body));
  const { code, retryable } = classifyError(told, status);
  const retryAfterMs = details.retryAfterMs ?? told.retryAfterMs;
  const isPath = code === 'REJECTED' && (status === 404 || status === 405);
  const message = `${name} answered ${status}${isPath ? ` to ${withoutSecrets(asked, secrets)}` : ''}${quote(told, secrets)}`;
  return new ProviderError(code, message, { status, retryAfterMs, retryable, words: told.words });
}

interface ErrorInBody {
  readonly name: string;
  /** What the upstream sent, parsed. */
  readonly body: unknown;
  readonly secrets: readonly string[];
}

/** What an error means that comes in a 2xx answer. */
export function toBodyError({ name, body, secrets }: ErrorInBody): ProviderError {
  const told = readErrorBody(body);
  const { code, retryable } = classifyError(told, null);
  const { status, retryAfterMs } = told;
  const message = `${name} sent ${status === null ? 'an error' : `error ${status}`}${quote(told, secrets)}`;
  return new ProviderError(code, message, { retryable, retryAfterMs, ...(status !== null && { status }) });
}

/** What broke between us and the upstream. */
export function toTransportError(name: string, error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error);
  if (CONNECT_TIMEOUTS.has(code)) {
    return new ProviderError('TIMEOUT', `${name} accepted no connection in time`, { cause: error });
  }
  if (isMalformed(error, code)) {
    return new ProviderError('BAD_RESPONSE', `${name} sent no valid HTTP (${code})`, { cause: error });
  }
  return new ProviderError('UNREACHABLE', `${name} could not be reached, or its connection broke (${code})`, {
    cause: error,
  });
}

/** The last one is a proxy's, of which a tunnel was asked. */
const CONNECT_TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** The complaints of undici's parser, which have a name and no code. */
const MALFORMED = /^(HTTPParserError|HPE_|UND_ERR_HEADERS_OVERFLOW)/;

/** A body that the end of its connection cut off counts as malformed for the parser, but not for us. */
function isMalformed(error: unknown, code: string): boolean {
  return MALFORMED.test(code) && !(error instanceof Error && error.message.includes('Invalid EOF state'));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}

/** Cloudflare's pages, by the words they are known by. */
const CHALLENGE_MARKS = [
  'Just a moment',
  'Attention Required! | Cloudflare',
  'cf-please-wait',
  'cf-spinner-please-wait',
];

function isChallengePage(body: string): boolean {
  return CHALLENGE_MARKS.some((mark) => body.includes(mark));
}

const MAX_QUOTED = 500;
/** Shorter ones cannot be told from what else a message says. */
const MIN_SECRET = 4;

/** The upstream's own words, ready to end a message; empty where there are none. */
function quote({ message }: ToldError, secrets: readonly string[]): string {
  return message === null ? '' : `: ${withoutSecrets(message, secrets).slice(0, MAX_QUOTED)}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null; // Not JSON, HTML above all: never quoted.
  }
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_SECRET)
    .toSorted((one, other) => other.length - one.length) // The longest first: a shorter one may be a part of it.
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. */
function parseRetryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
