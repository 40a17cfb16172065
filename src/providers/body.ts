import type { Call } from './call.ts';
import { ProviderError } from './errors.ts';
import { createFeed, type Feed } from './feed.ts';
import type { UpstreamBody } from './response.ts';

export interface BodyOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly body: UpstreamBody;
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
      body.drop();
    }

    function accept(chunk: Uint8Array) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
      const taken = take(chunk);
      if (taken.length > 0) call.hold();
      if (feed.give(taken)) return;
      unreadBytes += chunk.byteLength;
      if (unreadBytes > MOST_UNREAD_BYTES) body.pause();
    }

    function onError(error: unknown) {
      if (over && !call.isLeft()) return finish();
      feed.fail(explain(error));
      close();
    }

    function finish() {
      call.end();
      feed.give(end());
      feed.end();
    }

    /** Whatever goes wrong with what arrived ends the answer. */
    function attempt(act: () => void) {
      try {
        act();
      } catch (error) {
        onError(error);
      }
    }

    body.receive({
      onData(chunk) {
        if (!over) attempt(() => accept(chunk));
      },
      onEnd: () => attempt(finish),
      onError,
    });
    return feed;
  }

  return {
    read,
    stopCounting() {
      over = true;
    },
  };
}
