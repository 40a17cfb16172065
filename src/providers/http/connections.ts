import type { Dispatcher } from 'undici';
import { type CallConnector, createCallConnector } from './call-connector.ts';
import { sendRequest, type UpstreamResponse } from './dispatch.ts';
import { StaleConnectionError } from './reusing-client.ts';

/** To an upstream. */
export interface Connections {
  /**
   * Sends one request and waits for the head of its answer. Where the connection for it had been closed already, it is
   * sent once more, on a connection of its own.
   * @throws what broke on the way; the signal's reason at once when it aborts
   */
  send(options: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<UpstreamResponse>;
  /** Ends all connections, also those with a call on them. */
  close(): Promise<void>;
}

/** @param open makes a dispatcher that opens its connections by the connector. */
export function createConnections(open: (connector: CallConnector) => Dispatcher): Connections {
  const connector = createCallConnector();
  const standing = open(connector);
  /** For one request each. */
  const others = new Set<Dispatcher>();

  function sendOver(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, signal: AbortSignal) {
    return connector.during(signal, () => sendRequest(dispatcher, options, signal));
  }

  function sendAlone(options: Dispatcher.DispatchOptions, signal: AbortSignal) {
    const dispatcher = open(connector);
    others.add(dispatcher);
    const end = () => {
      others.delete(dispatcher);
      setImmediate(() => dispatcher.destroy()); // It is being told of the end.
    };
    return sendOver(dispatcher.compose(tellEnd(end)), options, signal);
  }

  return {
    async send(options, signal) {
      try {
        return await sendOver(standing, options, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof StaleConnectionError)) throw error;
        return sendAlone(options, signal);
      }
    },
    async close() {
      await Promise.all([standing, ...others].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** Calls `end` after what a request has ended with. */
function tellEnd(end: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      ...handler,
      onResponseEnd(controller, trailers) {
        handler.onResponseEnd?.(controller, trailers);
        end();
      },
      onResponseError(controller, error) {
        handler.onResponseError?.(controller, error);
        end();
      },
    });
}
