import type { IncomingHttpHeaders } from 'node:http';
import { type FailureCode, ProviderError } from './errors.ts';

interface BadStatus {
  readonly name: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What must not come back in a message, should the upstream echo it. */
  readonly secrets: readonly string[];
}

/** What a status other than 2xx means. */
export function toStatusError({ name, status, headers, body, secrets }: BadStatus): ProviderError {
  const details = { status, retryAfterMs: parseRetryAfterMs(headers) };
  if ((status === 403 || status === 503) && isChallengePage(body)) {
    return new ProviderError('BLOCKED', `${name} answered ${status}: a bot challenge stands in the way`, details);
  }
  if (status < 400) {
    return new ProviderError(
      'BAD_RESPONSE',
      `${name} answered ${status}, expected 2xx; redirects are not followed`,
      details,
    );
  }
  const quoted = quoteMessage(parseJson(body), secrets);
  return new ProviderError(toFailureCode(status), `${name} answered ${status}${quoted}`, details);
}

interface ErrorInBody {
  readonly name: string;
  /** What the upstream gave as `error`: an object with `message` and `code`, or a text. */
  readonly error: unknown;
  readonly secrets: readonly string[];
}

/** What an error means that comes in a 2xx answer: a numeric code counts as an HTTP status. */
export function toBodyError({ name, error, secrets }: ErrorInBody): ProviderError {
  const status = toStatus((error as { code?: unknown } | null)?.code);
  const quoted = quoteMessage({ error }, secrets);
  if (status === null) return new ProviderError('UNAVAILABLE', `${name} sent an error${quoted}`);
  return new ProviderError(toFailureCode(status), `${name} sent error ${status}${quoted}`, { status });
}

/** A code, as a number or in digits, that is an HTTP status of failure. */
function toStatus(code: unknown): number | null {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : null;
}

export function toFailureCode(status: number): FailureCode {
  if (status === 429 || status === 402) return 'RATE_LIMITED';
  if (status === 401 || status === 403) return 'UNAUTHORIZED';
  if (status === 408 || status === 504) return 'TIMEOUT';
  return status >= 500 ? 'UNAVAILABLE' : 'REJECTED';
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

/** The upstream's own words in a parsed error body, ready to end a message; empty where there are none. */
function quoteMessage(body: unknown, secrets: readonly string[]): string {
  const { error, message } = (body ?? {}) as { error?: { message?: unknown } | string | null; message?: unknown };
  const said = [(error as { message?: unknown } | null | undefined)?.message, error, message].find(
    (candidate) => typeof candidate === 'string' && candidate.trim() !== '',
  );
  return typeof said === 'string' ? `: ${withoutSecrets(said, secrets).slice(0, MAX_QUOTED)}` : '';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null; // Not JSON, HTML above all: never quoted.
  }
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
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
