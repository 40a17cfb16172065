import { Client, type Dispatcher } from 'undici';
import './http2-ends.ts';

/** The other side closed a connection that had served before, and no byte of an answer came: it may be asked anew. */
export class StaleConnectionError extends Error {
  override readonly name = 'StaleConnectionError';
}

/** One connection at a time, that tells with a `StaleConnectionError` when it had been closed already. */
export class ReusingClient extends Client {
  #connection = { hasAnswered: false };

  constructor(origin: URL, options: Client.Options) {
    super(origin, options);
    this.on('connect', () => {
      this.#connection = { hasAnswered: false };
    });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    let starts = 0;
    let connection = this.#connection;
    let mayBeStale = false;
    return super.dispatch(options, {
      ...handler,
      onRequestStart: (controller, context) => {
        starts++; // Over HTTP/2 undici itself asks again where the other side says that it has done nothing.
        connection = this.#connection;
        mayBeStale = starts === 1 && connection.hasAnswered;
        handler.onRequestStart?.(controller, context);
      },
      onResponseStarted() {
        connection.hasAnswered = true;
        mayBeStale = false;
        handler.onResponseStarted?.();
      },
      onResponseError(controller, error) {
        const isStale = mayBeStale && CLOSED.has((error as NodeJS.ErrnoException).code ?? '');
        const cause = isStale ? new StaleConnectionError('A connection had been closed', { cause: error }) : error;
        handler.onResponseError?.(controller, cause);
      },
    });
  }
}

/** What a connection fails with that the other side closes or resets. */
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);
