import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** An answer whose head has come, and whose body is on its way. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: UpstreamBody;
}

export interface UpstreamBody {
  /** Nothing of it is read before. To be called once. */
  receive(receiver: Receiver): void;
  /** Reads no more for now, so that the upstream has to wait. */
  pause(): void;
  resume(): void;
  /** Closes the connection, unless all has come. */
  drop(): void;
}

export interface Receiver {
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/**
 * Sends a request. Straight to undici's dispatcher: a stream between each chunk and who waits for it costs as much as
 * to read the chunk.
 * @throws what broke on the way to the head; the signal's reason at once when it aborts, whatever there is to wait for
 */
export function sendRequest(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  const head = Promise.withResolvers<UpstreamResponse>();
  let controller: Dispatcher.DispatchController | undefined;
  let receiver: Receiver | undefined;
  /** What ended the body before anyone received it. */
  let broken: { readonly error: unknown } | undefined;

  function onAbort() {
    head.reject(signal.reason);
    controller?.abort(signal.reason);
  }

  function onError(error: unknown) {
    signal.removeEventListener('abort', onAbort);
    head.reject(error);
    broken = { error };
    receiver?.onError(error);
  }

  const body: UpstreamBody = {
    receive(given) {
      receiver = given;
      if (broken) given.onError(broken.error);
      else controller?.resume();
    },
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    drop: () => controller?.abort(DROPPED),
  };

  signal.addEventListener('abort', onAbort, { once: true });
  dispatcher.dispatch(options, {
    onRequestStart(started) {
      controller = started;
      if (signal.aborted) started.abort(signal.reason);
    },
    onResponseStart(started, status, headers) {
      if (status < 200) return;
      started.pause();
      head.resolve({ status, headers, body });
    },
    onResponseData: (_controller, chunk) => receiver?.onData(chunk),
    onResponseEnd() {
      signal.removeEventListener('abort', onAbort);
      receiver?.onEnd();
    },
    onResponseError: (_controller, error) => onError(error),
  });
  return head.promise;
}

const DROPPED = new Error('The rest of the answer is not needed');
