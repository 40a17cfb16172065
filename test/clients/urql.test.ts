import { Client, subscriptionExchange } from '@urql/core';
import { createClient, type Sink } from 'graphql-ws';
import { describe } from 'vitest';
import WebSocketClient from 'ws';
import { type CreateClient, testReconnect, testUnsubscribe } from '../helpers/client-suite.ts';

const urql: CreateClient = ({ url, webSocketUrl }) => {
  // Node's own WebSocket tells of a connection that was cut by an error and no close.
  const webSocket = createClient({ url: webSocketUrl, webSocketImpl: WebSocketClient });
  const client = new Client({
    url,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          // Under `exactOptionalPropertyTypes` their types of a result differ.
          subscribe: (sink) => ({ unsubscribe: webSocket.subscribe({ query, variables }, sink as Sink) }),
        }),
      }),
    ],
  });
  return {
    subscribe({ query, variables }, { next, error: fail }) {
      const results = client.subscription(query, variables);
      const subscription = results.subscribe(({ data, error }) => (error ? fail(error) : next({ data })));
      return () => subscription.unsubscribe();
    },
    dispose: () => webSocket.dispose(),
  };
};

describe('urql over graphql-ws', () => {
  testReconnect(urql);
  testUnsubscribe('lets go of the upstream at once when it unsubscribes', urql, 'chat-1');
});
