import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient, type Sink } from 'graphql-ws';
import WebSocket from 'ws';
import { Chat, Draw, Models } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const webSocket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables = {} }) => ({
        subscribe: (sink) => ({ unsubscribe: webSocket.subscribe({ query, variables }, sink as Sink) }),
      }),
    }),
  ],
});

const { data, error } = await client.query(Models, {});
if (!data) throw error;
console.log(data.models.map(({ id }) => id).join(' '));

function chat(content: string, enough = Number.POSITIVE_INFINITY): Promise<string> {
  const input = { id: crypto.randomUUID(), messages: [{ role: 'USER' as const, content }] };
  return new Promise((resolve, reject) => {
    let text = '';
    const { unsubscribe } = client.subscription(Chat, { input }).subscribe(({ data, error }) => {
      const event = data?.chat;
      if (event?.__typename === 'ChatStarted') text = '';
      if (event?.__typename === 'ChatDelta') text += event.text;
      if (event?.__typename === 'ChatFailed') reject(new Error(event.message));
      if (event?.__typename === 'ChatFinished') resolve(text);
      if (error) reject(error);
      if (text.length < enough) return;
      unsubscribe(); // That stops the model.
      resolve(text);
    });
  });
}
console.log(await chat('I need a holiday'));
console.log(await chat('I need a holiday', 1));

const drawn = await client.mutation(Draw, { input: { prompt: 'a harbour' } });
const result = drawn.data?.generateImage;
if (result?.__typename !== 'GeneratedImages') throw drawn.error ?? new Error(result?.message);
for (const { url } of result.images) console.log(url.slice(0, 14));
await webSocket.dispose();
