import { ApolloClient, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { ChatWithTools } from './operations.ts';
import { type Ask, converse } from './tool-loop.ts';

const [url = 'http://127.0.0.1:4000/graphql', model = 'local/script'] = process.argv.slice(2);
const webSocket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(webSocket) });

const ask: Ask = (input, next) =>
  new Promise((resolve, reject) => {
    const results = client.subscribe({ query: ChatWithTools, variables: { input }, fetchPolicy: 'no-cache' });
    results.subscribe({
      next({ data, error }) {
        if (error) return reject(error);
        if (data) next(data.chat);
      },
      complete: resolve,
      error: reject,
    });
  });

console.log(await converse(ask, model, 'Do I need an umbrella in Oslo?'));
client.stop();
await webSocket.dispose();
