import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { print } from 'graphql';
import { Chat, Draw, Models } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);

/** The results of any operation; subscriptions have many. */
async function* run<T, V>(document: TypedDocumentNode<T, V>, variables: V) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data: json } of events) {
    if (event !== 'next') return;
    const { data, errors }: { data?: T; errors?: Error[] } = JSON.parse(json);
    if (!data) throw new AggregateError(errors ?? []);
    yield data;
  }
}

for await (const { models } of run(Models, {})) console.log(models.map(({ id }) => id).join(' '));

async function chat(content: string, enough = Number.POSITIVE_INFINITY) {
  // Without an id, as a chat with one runs on when its connection is closed, and waits for its client.
  const input = { messages: [{ role: 'USER' as const, content }] };
  let text = '';
  for await (const { chat: event } of run(Chat, { input })) {
    if (event.__typename === 'ChatStarted') text = '';
    if (event.__typename === 'ChatDelta') text += event.text;
    if (event.__typename === 'ChatFailed') throw new Error(event.message);
    if (text.length >= enough) break; // Leaving the loop closes the connection, and that stops the model.
  }
  console.log(text);
}
await chat('I need a holiday');
await chat('I need a holiday', 1);

for await (const { generateImage: result } of run(Draw, { input: { prompt: 'a harbour' } })) {
  if (result.__typename === 'ImageFailed') throw new Error(result.message);
  for (const { url } of result.images) console.log(url.slice(0, 14));
}
