import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { ChatWithToolsSubscription } from './generated/graphql.ts';
import { ChatWithTools } from './operations.ts';
import { type Ask, converse } from './tool-loop.ts';

const [url = 'http://127.0.0.1:4000/graphql', model = 'local/script'] = process.argv.slice(2);
const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });

const ask: Ask = async (input, next) => {
  const request = { query: print(ChatWithTools), variables: { input } };
  for await (const { data, errors } of client.iterate<ChatWithToolsSubscription>(request)) {
    if (!data) throw new AggregateError(errors ?? []);
    next(data.chat);
  }
};

console.log(await converse(ask, model, 'Do I need an umbrella in Oslo?'));
await client.dispose();
