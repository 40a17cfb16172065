import { initGraphQLTada, type TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { introspection } from './generated/tada.d.ts';

// The types follow from the text of an operation as it is written: nothing is generated but the schema's own types.
const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();

const Models = graphql(`query Models { models { id kind } }`);
const Chat = graphql(`
  subscription Chat($input: ChatInput!) {
    chat(input: $input) {
      __typename
      ... on ChatStarted { seq }
      ... on ChatDelta { text }
      ... on ChatFailed { code message }
    }
  }
`);
const Draw = graphql(`
  mutation Draw($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GeneratedImages { images { url } }
      ... on ImageFailed { code message }
    }
  }
`);

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });

async function* run<T, V>(document: TadaDocumentNode<T, V>, variables: V) {
  const request = { query: print(document), variables: variables as Record<string, unknown> };
  for await (const { data, errors } of client.iterate<T>(request)) {
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
