import { callerLeft } from '../gateway/failure.ts';
import { COMMENT, END, toEvent } from './event-format.ts';
import type { Subscription } from './subscription.ts';

interface EventBodyOptions {
  /** Aborts where whoever asked has left. */
  readonly request: AbortSignal;
  readonly keepAliveMs: number;
}

/** Nobody read it for `limits.slowReaderTimeoutMs`, or its key is gone. */
const LET_GO = new Error('The server has let go of this stream');

/** A subscription as server-sent events, for a request that came without a socket: whoever cancels the body leaves. */
export function createEventBody(
  subscription: Subscription,
  { request, keepAliveMs }: EventBodyOptions,
): ReadableStream<Uint8Array> {
  const { caller } = subscription;
  const body = createTextBody(() => caller.leave('LOST'));
  const pings = setInterval(() => body.hasRoom() && body.write(COMMENT), keepAliveMs);
  pings.unref(); // Nobody may ever read what is left of a body: that is no reason to stay alive.

  function onAbort(): void {
    if (callerLeft(caller.signal)) body.end(request.aborted ? undefined : LET_GO);
  }

  async function deliver(): Promise<void> {
    void body.write(COMMENT);
    await subscription.deliver((json) => body.write(toEvent(json)));
    void body.write(END);
    body.end();
    clearInterval(pings);
    caller.signal.removeEventListener('abort', onAbort);
  }

  caller.signal.addEventListener('abort', onAbort, { once: true });
  void deliver();
  return body.readable;
}

/** A body that is written piece by piece. Once it has ended, or was cancelled, what is written goes nowhere. */
function createTextBody(onCancel: () => void) {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let goOn: (() => void) | undefined;
  const readable = new ReadableStream<Uint8Array>({
    start(its) {
      controller = its;
    },
    pull: () => goOn?.(),
    cancel() {
      close();
      onCancel();
    },
  });

  function close(): void {
    controller = undefined;
    goOn?.();
  }

  const hasRoom = () => Number(controller?.desiredSize) > 0;
  return {
    readable,
    hasRoom,
    /** Where there is no room left, resolves when there is, or never will be. */
    write(text: string): Promise<void> | undefined {
      controller?.enqueue(encoder.encode(text));
      if (!controller || hasRoom()) return undefined;
      return new Promise((resolve) => {
        goOn = resolve;
      });
    },
    /** @param error where this is no proper end */
    end(error?: Error): void {
      if (error) controller?.error(error);
      else controller?.close();
      close();
    },
  };
}
