import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { describe } from 'vitest';
import WebSocketClient from 'ws';
import { type CreateClient, testReconnect, testUnsubscribe } from '../helpers/client-suite.ts';

const apollo: CreateClient = ({ webSocketUrl }) => {
  // Node's own WebSocket tells of a connection that was cut by an error and no close.
  const webSocket = createClient({ url: webSocketUrl, webSocketImpl: WebSocketClient });
  const client = new ApolloClient({ link: new GraphQLWsLink(webSocket), cache: new InMemoryCache() });
  return {
    subscribe({ query, variables }, { next, error: fail }) {
      // The cache would warn at each event that it cannot keep the one before.
      const results = client.subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' });
      const subscription = results.subscribe({
        next: ({ data, error }) => (error ? fail(error) : next({ data })),
        error: fail,
      });
      return () => subscription.unsubscribe();
    },
    dispose() {
      client.stop();
      return webSocket.dispose();
    },
  };
};

describe('Apollo Client over graphql-ws', () => {
  testReconnect(apollo);
  testUnsubscribe('lets go of the upstream at once when it unsubscribes', apollo, 'chat-1');
});
