import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocketClient from 'ws';
import { type CreateClient, testReconnect, testUnsubscribe } from '../helpers/client-suite.ts';
import { finish, scriptedProvider } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';

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

test('the cache of Apollo Client keeps calls with one id apart, each in its answer', async () => {
  const cities = ['Oslo', 'Bergen'];
  const provider = scriptedProvider(async function* () {
    const argumentsText = JSON.stringify({ city: cities.shift() });
    yield { type: 'tool-call', index: 0, callId: 'call-0', name: 'weather', argumentsText };
    yield finish({ reason: 'TOOL_CALLS' });
  });
  const { url } = await startServer({ providers: [provider] });
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
  for (const content of ['one', 'two']) {
    await client.mutate({
      keepRootFields: true, // As whoever watches the cache would see them.
      mutation: gql`
        mutation ($input: ChatInput!) {
          completeChat(input: $input) { ... on ChatAnswer { toolCalls { callId arguments } } }
        }
      `,
      variables: { input: { model: 'scripted/model', messages: [{ role: 'USER', content }] } },
    });
  }
  client.stop();
  const kept = JSON.stringify(client.cache.extract());
  for (const city of ['Oslo', 'Bergen']) expect(kept).toContain(`"callId":"call-0","arguments":{"city":"${city}"}`);
});
