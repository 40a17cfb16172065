import { ApolloClient, HttpLink, InMemoryCache, split } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Chat, Draw, Models } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const webSocket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: split(
    ({ query }) => {
      const main = getMainDefinition(query);
      return main.kind === 'OperationDefinition' && main.operation === 'subscription';
    },
    new GraphQLWsLink(webSocket),
    new HttpLink({ uri: url }),
  ),
});

const { data } = await client.query({ query: Models });
console.log(data?.models.map(({ id }) => id).join(' '));

function chat(content: string, enough = Number.POSITIVE_INFINITY): Promise<string> {
  const input = { id: crypto.randomUUID(), messages: [{ role: 'USER' as const, content }] };
  // The cache keeps one value for a field, not a stream of them: leave it out.
  const results = client.subscribe({ query: Chat, variables: { input }, fetchPolicy: 'no-cache' });
  return new Promise((resolve, reject) => {
    let text = '';
    const subscription = results.subscribe(({ data, error }) => {
      const event = data?.chat;
      if (event?.__typename === 'ChatStarted') text = '';
      if (event?.__typename === 'ChatDelta') text += event.text;
      if (event?.__typename === 'ChatFailed') reject(new Error(event.message));
      if (event?.__typename === 'ChatFinished') resolve(text);
      if (error) reject(error);
      if (text.length < enough) return;
      subscription.unsubscribe(); // That stops the model.
      resolve(text);
    });
  });
}
console.log(await chat('I need a holiday'));
console.log(await chat('I need a holiday', 1));

const drawn = await client.mutate({ mutation: Draw, variables: { input: { prompt: 'a harbour' } } });
const result = drawn.data?.generateImage;
if (result?.__typename !== 'GeneratedImages') throw new Error(result?.message);
for (const { url } of result.images) console.log(url.slice(0, 14));
client.stop();
await webSocket.dispose();
