import type { Readable } from 'node:stream';
import type { Call } from './call.ts';
import { ProviderError } from './errors.ts';
import { createFeed, type Feed } from './feed.ts';

export interface BodyOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly body: Readable;
  readonly maxBytes: number;
  readonly call: Call;
  /** What a broken body means. */
  explain(error: unknown): unknown;
}

/** The body of an answer, on its way from the upstream. */
export interface Body {
  /**
   * Hands on what `take` makes of each piece as it arrives, and `end` of the end. Leaving it early closes the connection.
   * @throws what `explain` says of a body that breaks; `TOO_LARGE` past `maxBytes`
   */
  read<T>(take: (chunk: Uint8Array) => readonly T[], end?: () => readonly T[]): Feed<T>;
  /** Whatever comes from now on counts for nothing, nor does it if it breaks. */
  stopCounting(): void;
}

/** As much as this is taken from an upstream for a reader that is busy. */
const MOST_UNREAD_BYTES = 65_536;

export function createBody({ name, body, maxBytes, call, explain }: BodyOptions): Body {
  let over = false;

  function read<T>(take: (chunk: Uint8Array) => readonly T[], end: () => readonly T[] = () => []): Feed<T> {
    let bytes = 0;
    let unreadBytes = 0;
    const feed = createFeed<T>({
      onAsk() {
        call.resume();
        unreadBytes = 0;
        body.resume();
      },
      onLeave: close,
    });

    function close() {
      call.end();
      body.destroy();
    }

    function onData(chunk: Uint8Array) {
      if (over) return;
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
      const taken = take(chunk);
      if (taken.length > 0) call.hold();
      if (feed.give(taken)) return;
      unreadBytes += chunk.byteLength;
      if (unreadBytes > MOST_UNREAD_BYTES) body.pause();
    }

    function onEnd() {
      call.end();
      feed.give(end());
      feed.end();
    }

    function onError(error: unknown) {
      if (over && !call.isLeft()) return onEnd();
      feed.fail(explain(error));
      close();
    }

    /** Whatever goes wrong with what arrived ends the answer. */
    const attempt =
      <A>(act: (argument: A) => void) =>
      (argument: A) => {
        try {
          act(argument);
        } catch (error) {
          onError(error);
        }
      };

    body.on('data', attempt(onData)).on('end', attempt(onEnd)).on('error', attempt(onError));
    return feed;
  }

  return {
    read,
    stopCounting() {
      over = true;
    },
  };
}
