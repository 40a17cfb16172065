import { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Opens connections for calls, and gives one up with the call that it is opened for. */
export interface CallConnector {
  /** What a connection that is opened while `send` runs is opened for: it is given up when the signal aborts. */
  during<T>(signal: AbortSignal, send: () => T): T;
  /** The signal of the call that something is opened for at this moment. */
  readonly signal: AbortSignal | undefined;
  /** Makes a connector one that can be given up. */
  wrap(connect: buildConnector.connector): buildConnector.connector;
}

/**
 * undici heeds a signal only once it has a connection, and tries to get one for as long as the connect timeout. It begins
 * to connect as soon as a request is dispatched, so that the call is known at that moment.
 */
export function createCallConnector(): CallConnector {
  let current: AbortSignal | undefined;
  return {
    during(signal, send) {
      current = signal;
      try {
        return send();
      } finally {
        current = undefined;
      }
    },
    get signal() {
      return current;
    },
    wrap: (connect) => (target, callback) => {
      const signal = current;
      const socket: unknown = connect(target, (...result) => {
        signal?.removeEventListener('abort', giveUp);
        callback(...result);
      });
      function giveUp() {
        if (socket instanceof Socket) socket.destroy(new Error('The call it was opened for is over'));
      }
      signal?.addEventListener('abort', giveUp, { once: true });
    },
  };
}
