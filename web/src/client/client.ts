import { type AnyVariables, Client, type DocumentInput, fetchExchange, subscriptionExchange } from '@urql/core';
import type { Sink } from 'graphql-ws';
import { ENDPOINT } from './endpoint.ts';
import { askForKey, authorization } from './key.ts';
import { socket } from './socket.ts';

const client = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: authorization() }),
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables: variables ?? null }, sink as Sink) }),
      }),
    }),
  ],
});

export interface Outcome<Data> {
  readonly data: Data | null;
  /** What the server says is wrong with the request, or that it was not reached. Null where all is well. */
  readonly problem: string | null;
  /** Whether the problem is that a chat is not there to come back to. */
  readonly isLost: boolean;
  /** Whether the problem is that the server has not got an attachment any longer. */
  readonly isMediaGone: boolean;
}

interface Result<Data> {
  readonly data?: Data | undefined;
  readonly error?: { readonly graphQLErrors: readonly Mistake[]; readonly networkError?: unknown };
}

interface Mistake {
  readonly message: string;
  readonly extensions: { readonly code?: unknown; readonly path?: unknown };
}

function toOutcome<Data>({ data, error }: Result<Data>): Outcome<Data> {
  const [first] = error?.graphQLErrors ?? [];
  const problem = first?.message ?? (error ? 'The server cannot be reached.' : null);
  const { code, path } = first?.extensions ?? {};
  const isLost = code === 'CHAT_NOT_FOUND' || path === 'after';
  return { data: data ?? null, problem, isLost, isMediaGone: code === 'MEDIA_NOT_FOUND' };
}

/** A query or mutation, over HTTP. Where the server wants a key it waits until one has been entered. */
export async function request<Data, Variables extends AnyVariables>(
  kind: 'query' | 'mutation',
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  for (;;) {
    const result = await client[kind](document, variables).toPromise();
    const status = (result.error?.response as Response | undefined)?.status;
    if (status !== 401) return toOutcome(result);
    await askForKey();
  }
}

interface Reader<Data> {
  next(outcome: Outcome<Data>): void;
  /** The server has said all there is to say. */
  end?(): void;
}

/** @returns unsubscribes */
export function subscribe<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  { next, end }: Reader<Data>,
): () => void {
  let last: Data | undefined;
  const { unsubscribe } = client.subscription(document, variables).subscribe(({ data, error, hasNext }) => {
    // An error in place of a result, and the end, come with the data of the last one once more.
    const isNew = data !== last;
    last = data;
    if (hasNext || !data) next(toOutcome({ data: isNew ? data : undefined, ...(error && { error }) }));
    if (!hasNext) end?.();
  });
  return unsubscribe;
}
