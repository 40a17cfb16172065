import { ProviderError } from '../errors.ts';
import type { Deadlines } from './deadlines.ts';
import type { UpstreamBody } from './dispatch.ts';
import { createPushIterator, type PushIterator } from './push-iterator.ts';

export interface BodyOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly body: UpstreamBody;
  /** Of all that comes, unpacked. */
  readonly maxBytes: number;
  readonly deadlines: Deadlines;
  /** What a broken body means. */
  explain(error: unknown): unknown;
}

/** Makes values of a body as it arrives. What it throws ends the body. */
export interface BodyReader<T> {
  /** Adds what a piece of the body says. */
  push(chunk: Uint8Array, values: T[]): void;
  /** Adds what the end says: that of the body, or of the time that a complete one was waited for. */
  end(values: T[]): void;
  /**
   * For how many milliseconds something is worth waiting for. Undefined: until the end, without which the body is
   * broken. From the first number on nothing that goes wrong counts against it; 0: nothing that comes counts either.
   */
  readonly graceMs?: number | undefined;
}

/** As much as this is taken from an upstream for a reader that is busy. */
const MOST_UNREAD_BYTES = 65_536;

/** A body mostly ends together with what nothing counts after; then its connection can be used again. */
const LINGER_MS = 50;

/**
 * Hands on what a reader makes of a body, as it arrives. Leaving it early closes the connection.
 * @throws what the reader throws, or `explain` says of a body that breaks; `TOO_LARGE` past `maxBytes`
 */
export function readBody<T>(
  { name, body, maxBytes, deadlines, explain }: BodyOptions,
  reader: BodyReader<T>,
): PushIterator<T> {
  let bytes = 0;
  let unreadBytes = 0;
  let hasBegun = false;
  /** Whether all that counts has come, and whether nothing that comes counts. */
  let isComplete = reader.graceMs !== undefined;
  let isOver = false;
  const iterator = createPushIterator<T>({
    onPull() {
      deadlines.resume();
      unreadBytes = 0;
      body.resume();
    },
    onLeave: close,
  });

  function close() {
    deadlines.end();
    body.drop();
  }

  function give(values: readonly T[]): boolean {
    if (values.length === 0) return true;
    if (!hasBegun) deadlines.begun();
    hasBegun = true;
    deadlines.hold();
    return iterator.push(values);
  }

  function accept(chunk: Uint8Array) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
    deadlines.alive();
    const values: T[] = [];
    try {
      reader.push(chunk, values);
    } finally {
      if (!give(values)) unreadBytes += chunk.byteLength;
    }
    if (unreadBytes > MOST_UNREAD_BYTES) body.pause();
    const { graceMs } = reader;
    if (graceMs === 0) deadlines.linger(LINGER_MS);
    else if (graceMs !== undefined && (values.length > 0 || !isComplete)) deadlines.finishWithin(graceMs);
    isOver = graceMs === 0;
    isComplete = graceMs !== undefined;
  }

  function finish() {
    deadlines.end();
    const values: T[] = [];
    reader.end(values);
    iterator.push(values);
    iterator.end();
  }

  function fail(error: unknown) {
    iterator.fail(error);
    close();
  }

  /** Whatever goes wrong with what arrived ends the body. */
  function attempt(act: () => void) {
    try {
      act();
    } catch (error) {
      fail(explain(error));
    }
  }

  body.receive({
    onData(chunk) {
      if (!isOver) return attempt(() => accept(chunk));
      unreadBytes += chunk.byteLength;
      if (unreadBytes > MOST_UNREAD_BYTES) body.drop();
    },
    onEnd: () => attempt(finish),
    onError(error) {
      if (!isComplete || deadlines.isLeft()) return fail(explain(error));
      attempt(finish);
      body.drop();
    },
  });
  return iterator;
}
