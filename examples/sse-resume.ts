import { EventSourceParserStream } from 'eventsource-parser/stream';
import { print } from 'graphql';
import type { ChatSubscription } from './generated/graphql.ts';
import { Chat } from './operations.ts';

const [url = 'http://127.0.0.1:4000/graphql', model = 'local/eliza'] = process.argv.slice(2);
const MOST_TRIES = 5;

/** A GraphQL error, such as `CHAT_NOT_FOUND`: asked again, the server says the same. */
class Refused extends Error {}

/** The events of a chat from the first one after `after`, until its end or that of the connection. */
async function* events(input: object, after: number | undefined): AsyncGenerator<ChatSubscription['chat']> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: print(Chat), variables: { input, after } }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data: json } of messages) {
    if (event !== 'next') return;
    const { data, errors } = JSON.parse(json);
    if (!data) throw new Refused(errors[0].message);
    yield data.chat;
  }
}

/** Writes the answer. False where the rest of it is lost: what was written stands. */
async function ask(content: string): Promise<boolean> {
  const input = { id: crypto.randomUUID(), model, messages: [{ role: 'USER', content }] }; // Each time another id.
  let last: number | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries));
    try {
      for await (const event of events(input, last)) {
        if (event.__typename === 'ChatDelta') process.stdout.write(event.text);
        if (event.__typename === 'ChatFailed') console.error(`\n${event.message}`);
        if (event.__typename === 'ChatFinished' || event.__typename === 'ChatFailed') return true;
        last = event.seq;
        tries = 0;
      }
    } catch (error) {
      console.error(`\n(${error})`);
      if (error instanceof Refused) return false;
    }
  }
  return false;
}

if (!(await ask('I need a holiday'))) {
  console.error('The rest of the answer is lost. Ask again for another one: that is a new chat.');
  process.exitCode = 1;
}
