import { type Client, createClient } from 'graphql-ws';
import WebSocketClient from 'ws';
import { Failed } from './failed.ts';
import type { TypedDocumentString } from './generated/graphql.ts';
import { remark } from './output.ts';

/** Where the GraphQL endpoint of a server is, and the key that it wants. */
export interface Address {
  readonly url: string;
  readonly key?: string | undefined;
}

/** A connection to a server, over which one operation after the other can go. */
export interface Api extends AsyncDisposable {
  /** The results of an operation. Aborting `signal` unsubscribes: they end there. @throws Failed */
  results<T, V extends Record<string, unknown>>(
    operation: TypedDocumentString<T, V>,
    variables: V,
    signal?: AbortSignal,
  ): AsyncGenerator<T>;
}

export interface ApiOptions {
  /** Whether to send operations again after a lost connection: right for chats with an id, wrong for mutations. */
  readonly comesBack: boolean;
}

export function createApi({ url, key }: Address, { comesBack }: ApiOptions): Api {
  let wasConnected = false;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // Node's own WebSocket does not tell why it could not connect.
    webSocketImpl: WebSocketClient,
    ...(key === undefined ? {} : { connectionParams: { authorization: `Bearer ${key}` } }),
    retryAttempts: comesBack ? 5 : 0,
    shouldRetry: (event) => wasConnected && closeCodeOf(event) !== FORBIDDEN,
    on: {
      connected: () => {
        wasConnected = true;
      },
      connecting: (isRetry) => isRetry && remark('\n(the connection was lost: coming back)\n'),
    },
  });
  return {
    results(operation, variables, signal) {
      wasConnected = false; // Idle connections are closed: each operation has to find the server.
      return readResults(client, url, { query: `${operation}`, variables }, signal);
    },
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}

async function* readResults<T>(
  client: Client,
  url: string,
  request: { query: string; variables: Record<string, unknown> },
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const results = client.iterate<T>(request);
  const unsubscribe = () => void results.return?.();
  signal?.addEventListener('abort', unsubscribe, { once: true });
  try {
    if (signal?.aborted) return;
    for await (const { data, errors } of results) {
      if (data) yield data;
      else throw errors ?? new Error('a result without data');
    }
  } catch (error) {
    throw toFailed(error, url);
  } finally {
    signal?.removeEventListener('abort', unsubscribe);
    unsubscribe();
  }
}

const FORBIDDEN = 4403;

/** graphql-ws throws a list of errors, the event that a connection ended with, or an error. */
function toFailed(thrown: unknown, url: string): Failed {
  if (Array.isArray(thrown)) return new Failed(thrown.map(({ message }: Error) => message).join('\n'));
  const code = closeCodeOf(thrown);
  if (code === FORBIDDEN) return new Failed(`${url} wants another key: --key, or MODELQL_KEY`);
  if (code !== undefined) return new Failed(`${url} closed the connection (${code} ${reasonOf(thrown)})`);
  return new Failed(`${url} cannot be reached: ${reasonOf(thrown)}`);
}

function closeCodeOf(event: unknown): number | undefined {
  return typeof event === 'object' && event && 'code' in event && typeof event.code === 'number'
    ? event.code
    : undefined;
}

function reasonOf(event: unknown): string {
  const { message, reason } = event as { readonly message?: unknown; readonly reason?: unknown };
  return `${message || reason || 'no reason was given'}`;
}
