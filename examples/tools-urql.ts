import { Client, subscriptionExchange } from '@urql/core';
import { createClient, type Sink } from 'graphql-ws';
import WebSocket from 'ws';
import { ChatWithTools } from './operations.ts';
import { type Ask, converse } from './tool-loop.ts';

const [url = 'http://127.0.0.1:4000/graphql', model = 'local/script'] = process.argv.slice(2);
const webSocket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
const client = new Client({
  url,
  exchanges: [
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables = {} }) => ({
        subscribe: (sink) => ({ unsubscribe: webSocket.subscribe({ query, variables }, sink as Sink) }),
      }),
    }),
  ],
});

const ask: Ask = (input, next) =>
  new Promise((resolve, reject) => {
    client.subscription(ChatWithTools, { input }).subscribe(({ data, error }) => {
      if (error) return reject(error);
      if (data) next(data.chat);
      if (data?.chat.__typename === 'ChatFinished' || data?.chat.__typename === 'ChatFailed') resolve();
    });
  });

console.log(await converse(ask, model, 'Do I need an umbrella in Oslo?'));
await webSocket.dispose();
