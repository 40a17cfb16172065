import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Chat, Draw, Models } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });

async function* run<T, V extends Record<string, unknown>>(document: TypedDocumentNode<T, V>, variables: V) {
  for await (const { data, errors } of client.iterate<T>({ query: print(document), variables })) {
    if (!data) throw new AggregateError(errors ?? []);
    yield data;
  }
}

for await (const { models } of run(Models, {})) console.log(models.map(({ id }) => id).join(' '));

async function chat(content: string, enough = Number.POSITIVE_INFINITY) {
  const input = { id: crypto.randomUUID(), messages: [{ role: 'USER' as const, content }] };
  let text = '';
  for await (const { chat: event } of run(Chat, { input })) {
    if (event.__typename === 'ChatStarted') text = '';
    if (event.__typename === 'ChatDelta') text += event.text;
    if (event.__typename === 'ChatFailed') throw new Error(event.message);
    if (text.length >= enough) break; // Leaving the loop unsubscribes, and that stops the model.
  }
  console.log(text);
}
await chat('I need a holiday');
await chat('I need a holiday', 1);

for await (const { generateImage: result } of run(Draw, { input: { prompt: 'a harbour' } })) {
  if (result.__typename === 'ImageFailed') throw new Error(result.message);
  for (const { url } of result.images) console.log(url.slice(0, 14));
}
await client.dispose();
