import { EventSourceParserStream } from 'eventsource-parser/stream';
import { print } from 'graphql';
import type { ChatSubscription } from './generated/graphql.ts';
import { Chat } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql', model = 'local/eliza'] = process.argv.slice(2);
const input = { id: crypto.randomUUID(), model, messages: [{ role: 'USER', content: 'I need a holiday' }] };

/** The events of the chat from the first one after `after`, until its end or that of the connection. */
async function* events(after: number | undefined): AsyncGenerator<ChatSubscription['chat']> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: print(Chat), variables: { input, after } }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of messages) if (event === 'next') yield JSON.parse(data).data.chat;
}

let last: number | undefined;
for (let isOver = false; !isOver; ) {
  try {
    for await (const event of events(last)) {
      if (event.__typename === 'ChatDelta') process.stdout.write(event.text);
      isOver = event.__typename === 'ChatFinished' || event.__typename === 'ChatFailed';
      last = event.seq;
    }
  } catch (error) {
    console.error(`(coming back: ${error})`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
