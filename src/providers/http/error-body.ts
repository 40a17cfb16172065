import { isObject, type Json, parseObject } from './json.ts';

/** What an upstream tells of a failure, wherever and however it does. */
export interface ToldError {
  /** In words, for people; null where there are none. */
  readonly message: string | null;
  /** Its codes, types and reasons, in lower case with `_` between words: `rate_limit_exceeded`. */
  readonly words: readonly string[];
  /** An HTTP status that stands in it. */
  readonly status: number | null;
  /** How long to wait, in milliseconds, where that stands in it. */
  readonly retryAfterMs: number | undefined;
}

/** Where the words for people are; what comes first is nearer to the reason. `raw` is what stands behind a gateway. */
const MESSAGES = [
  'raw',
  'message',
  'Message', // Some services of Amazon's.
  'error_message',
  'error_msg',
  'status_msg',
  'msg',
  'base_resp',
  'detail',
  'errors',
  'error_description',
  'error',
  'title',
  'data',
];
/** Where one error is within another, the outermost first. */
const NESTED = ['metadata', 'error', 'base_resp', 'message', 'detail', 'details', 'errors', 'raw'];
const WORDS = ['code', 'type', 'status', 'reason', 'error_type', 'error_code', 'error', 'finish_reason'];
const STATUSES = ['code', 'status', 'status_code', 'statusCode', 'http_status', 'error_code'];

/** Upstreams nest less, and what is deeper is no error of theirs. */
const MAX_DEPTH = 5;

/** Reads the parsed body of an error, or what stands under `error` in another. */
export function readErrorBody(body: unknown): ToldError {
  const objects = objectsIn(body);
  const words = objects.flatMap((object) => WORDS.flatMap((key) => toWord(object[key])));
  const statuses = objects.flatMap((object) => STATUSES.map((key) => toStatus(object[key])));
  return {
    message: messageIn(Array.isArray(body) ? body.find(isObject) : body),
    words: [...new Set(words)],
    status: statuses.find((status) => status !== null) ?? null,
    retryAfterMs: objects.map(toRetryAfterMs).find((ms) => ms !== undefined),
  };
}

/** Seconds, as a number or with their unit: https://cloud.google.com/apis/design/errors#retry_info */
function toRetryAfterMs({ retry_after, retryDelay }: Json): number | undefined {
  const [, seconds] = /^(\d{1,9}(?:\.\d{1,9})?)s?$/.exec(String(retry_after ?? retryDelay)) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Whether what an upstream sent in place of an answer is an error. */
export function isErrorBody(body: unknown): boolean {
  const object = Array.isArray(body) && body.length === 1 ? body[0] : body;
  return isObject(object) && (tellsError(object) || isBareError(object));
}

/** Whether an object has an error in it, whatever stands beside that. */
export function tellsError({ error, object, type, error_message, error_type, error_msg, base_resp }: Json): boolean {
  if (isFilled(error) || error === true || object === 'error' || type === 'error') return true;
  return [error_message, error_type, error_msg].some(isFilled) || isFailedStatus(base_resp);
}

/** MiniMax tells how it went beside the answer, 0 for well. */
function isFailedStatus(status: unknown): boolean {
  return isObject(status) && typeof status.status_code === 'number' && status.status_code !== 0;
}

/** A message may tell how things stand: what stands beside it says whether that is badly. */
function isBareError({ detail, errors, message, msg, code, status_code, status, success, ...more }: Json): boolean {
  if (success === false || (isObject(more.error) && !Array.isArray(more.error))) return true;
  if (WAITING.test(String(code ?? status))) return false;
  if (isFilled(detail) || isFilled(errors)) return ![more.data, more.images, more.content].some(isFilled);
  if (!isFilled(message) && !isFilled(msg)) return false;
  return isFailureCode(code ?? status_code) || /err|fail/i.test(String(status));
}

/** What some say while a request stands in their queue. */
const WAITING = /^(processing|pending|queued|running|starting)$/i;

function isFailureCode(code: unknown): boolean {
  if (typeof code === 'string') return code !== '' && !/^(0|2\d\d|ok|success)$/i.test(code);
  return typeof code === 'number' && code >= 400;
}

/** Some send `null`, an empty text, list or object where there is nothing to say. */
export function isFilled(value: unknown): boolean {
  if (isObject(value)) return Object.keys(value).length > 0;
  return typeof value === 'string' && value !== '';
}

/** The objects that may tell something, from the outside to the inside. */
function objectsIn(value: unknown, depth = 0): Json[] {
  if (depth > MAX_DEPTH) return [];
  const object = toObject(value);
  if (Array.isArray(object)) return object.slice(0, MAX_LISTED).flatMap((item) => objectsIn(item, depth + 1));
  return object === null ? [] : [object, ...NESTED.flatMap((key) => objectsIn(object[key], depth + 1))];
}

const MAX_LISTED = 10;

function messageIn(value: unknown, depth = 0): string | null {
  if (depth > MAX_DEPTH) return null;
  const object = toObject(value);
  if (Array.isArray(object)) return first(object.slice(0, MAX_LISTED), (item) => messageIn(item, depth + 1));
  if (object === null) return depth === 0 ? null : toText(value);
  const inner = isObject(object.error) ? object.error : object;
  if (isObject(inner.metadata) && inner.metadata.raw != null) {
    const raw = messageIn(inner.metadata.raw, depth + 1);
    if (raw !== null) return raw;
  }
  const message = isObject(object.error) ? messageIn(object.error, depth + 1) : null;
  return (
    message ??
    withPlace(
      object,
      first(MESSAGES, (key) => messageIn(object[key], depth + 1)),
    )
  );
}

/** FastAPI tells where in the request a mistake is: https://fastapi.tiangolo.com/tutorial/handling-errors */
function withPlace({ loc }: Json, message: string | null): string | null {
  return message !== null && Array.isArray(loc) && loc.length > 0 ? `${loc.join('.')}: ${message}` : message;
}

function first<T>(values: readonly T[], find: (value: T) => string | null): string | null {
  for (const value of values) {
    const found = find(value);
    if (found !== null) return found;
  }
  return null;
}

/** A text may be the JSON of an error from further behind. */
function toObject(value: unknown): Json | null {
  return typeof value === 'string' ? parseObject(value) : isObject(value) ? value : null;
}

/** A page is never quoted. */
function toText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' && !/^\s*<(!doctype|html|head|body|\?xml)/i.test(value)
    ? value
    : null;
}

function toWord(value: unknown): string[] {
  if (typeof value !== 'string' || value.length > 100 || /^\d*$|\s/.test(value)) return [];
  const words = value.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
  return [words.replace(/[^a-z\d]+/g, '_').replace(/^_|_$/g, '')];
}

/** A status of failure, as a number or in digits. */
function toStatus(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : null;
}
