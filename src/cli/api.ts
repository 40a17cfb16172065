import type { GraphQLFormattedError } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocketClient from 'ws';
import { Failed } from './failed.ts';
import type { TypedDocumentString } from './generated/graphql.ts';

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

/** There is no connection, or none any more. */
export class Disconnected extends Failed {
  /** Whether there was one, for this operation. */
  readonly wasConnected: boolean;

  constructor(message: string, wasConnected: boolean) {
    super(message);
    this.wasConnected = wasConnected;
  }
}

export function createApi({ url, key }: Address): Api {
  let wasConnected = false;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // Node's own WebSocket does not tell why it could not connect.
    webSocketImpl: WebSocketClient,
    ...(key === undefined ? {} : { connectionParams: { authorization: `Bearer ${key}` } }),
    retryAttempts: 0, // It would send an operation again as it was: right for no mutation, and twice the text of a chat.
    on: {
      connected: () => {
        wasConnected = true;
      },
    },
  });
  return {
    async *results(operation, variables, signal) {
      wasConnected = false; // Idle connections are closed: each operation has to find the server.
      try {
        yield* readResults(client, { query: `${operation}`, variables }, signal);
      } catch (error) {
        throw toFailed(error, url, wasConnected);
      }
    },
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}

async function* readResults<T>(
  client: Client,
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
  } finally {
    signal?.removeEventListener('abort', unsubscribe);
    unsubscribe();
  }
}

const FORBIDDEN = 4403;
/** The close codes of a server that goes, or of a network that does. */
const GONE: readonly (number | undefined)[] = [1001, 1005, 1006, 1012, 1013];

/** graphql-ws throws a list of errors, the event that a connection ended with, or an error. */
function toFailed(thrown: unknown, url: string, wasConnected: boolean): Failed {
  if (Array.isArray(thrown)) {
    const errors: readonly GraphQLFormattedError[] = thrown;
    const [code] = errors.map(({ extensions }) => extensions?.code);
    return new Failed(errors.map(({ message }) => message).join('\n'), typeof code === 'string' ? code : undefined);
  }
  const code = closeCodeOf(thrown);
  if (code === FORBIDDEN) return new Failed(`${url} wants another key: --key, or MODELQL_KEY`);
  if (code === undefined) return new Disconnected(`${url} cannot be reached: ${reasonOf(thrown)}`, wasConnected);
  const message = `${url} closed the connection (${code} ${reasonOf(thrown)})`;
  return GONE.includes(code) ? new Disconnected(message, wasConnected) : new Failed(message);
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
