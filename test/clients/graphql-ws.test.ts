import { createClient } from 'graphql-ws';
import { describe } from 'vitest';
import WebSocketClient from 'ws';
import { type CreateClient, testReconnect, testUnsubscribe } from '../helpers/client-suite.ts';

const graphqlWs: CreateClient = ({ webSocketUrl }) => {
  // Node's own WebSocket tells of a connection that was cut by an error and no close.
  const client = createClient({ url: webSocketUrl, webSocketImpl: WebSocketClient });
  return {
    subscribe: (request, { next, error }) => client.subscribe({ ...request }, { next, error, complete() {} }),
    dispose: () => client.dispose(),
  };
};

describe('graphql-ws', () => {
  testReconnect(graphqlWs);
  testUnsubscribe('lets go of the upstream at once when it unsubscribes', graphqlWs, 'chat-1');
});
