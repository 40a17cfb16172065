import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../src/providers/chat.ts';
import { overPost, overWebSocket, type Result } from './helpers/clients.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) { ... on ChatDelta { text } ... on ChatFinished { finishReason object objectProblems } ... on ChatFailed { code } }
}`;
const COMPLETE = `mutation ($input: ChatInput!) {
  completeChat(input: $input) { ... on ChatAnswer { text object objectProblems } ... on ChatFailed { code message } }
}`;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const messages = [{ role: 'USER', content: 'Where?' }];
const asks = (schema: unknown, more: object = {}) => ({
  messages,
  responseFormat: { jsonSchema: { schema } },
  ...more,
});

/** Says what the last message tells it to; or, asked for no JSON, a word every now and then until it is left. */
function useServer() {
  const provider = scriptedProvider(async function* ({ messages, responseFormat }: ChatRequest, signal) {
    if (responseFormat) {
      const part = messages.at(-1)?.parts[0];
      yield text(part?.type === 'text' && part.text !== 'Where?' ? part.text : '{"city": "Oslo"}');
    } else {
      while (!signal.aborted) {
        yield text('tick ');
        await sleep(5);
      }
    }
    yield finish();
  });
  return startServer({ providers: [provider], config: { defaults: { chat: 'scripted/model' } } });
}

describe('an answer in a schema', () => {
  test('streams as text, and is an object at the end', async () => {
    const server = await useServer();
    const results = await overWebSocket(server, { query: CHAT, variables: { input: asks(SCHEMA) } });
    expect(results.map(({ data }) => data?.chat)).toEqual([
      {},
      { text: '{"city": "Oslo"}' },
      { finishReason: 'STOP', object: { city: 'Oslo' }, objectProblems: [] },
    ]);
  });

  test('has its problems where it breaks the schema, also as a whole', async () => {
    const server = await useServer();
    const input = { ...asks(SCHEMA), messages: [{ role: 'USER', content: '{"town": 1}' }] };
    expect(await overPost(server, { query: COMPLETE, variables: { input } })).toEqual([
      {
        data: {
          completeChat: {
            text: '{"town": 1}',
            object: { town: 1 },
            objectProblems: ["#: must have required property 'city'"],
          },
        },
      },
    ]);
  });
});

describe('a schema that is none is BAD_USER_INPUT before anything starts', () => {
  const tools = (parameters: unknown) => ({ messages, tools: [{ name: 'a', parameters }] });
  test.for([
    ['input.responseFormat.jsonSchema.schema', asks({ type: 'objekt' }), 'schema is invalid: data/type'],
    ['input.responseFormat.jsonSchema.schema', asks('object'), 'expected a JSON Schema'],
    ['input.responseFormat.jsonSchema.schema', asks({ title: 'x'.repeat(70_000) }), 'at most 65536 bytes'],
    ['input.tools.0.parameters', tools({ type: 'object', properties: [] }), 'data/properties must be object'],
    ['input.tools.0.parameters', tools({ type: 'array' }), 'expected a schema of an object'],
  ] as const)('%s of %j', async ([path, input, message]) => {
    const server = await useServer();
    for (const run of [overPost, overWebSocket]) {
      const query = run === overPost ? COMPLETE : CHAT;
      const [result] = await run(server, { query, variables: { input } });
      expect(result?.errors?.[0]).toMatchObject({
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_USER_INPUT', path },
      });
    }
    expect(server.errors()).toEqual([]);
  });
});

test('a schema made to be slow holds up its own chat only, and that not for ever', async () => {
  const server = await useServer();
  const schema = { type: 'object', properties: { city: { pattern: '^(a+)+$' } } };
  const messages = [{ role: 'USER', content: JSON.stringify({ city: `${'a'.repeat(40)}!` }) }];
  let slow: readonly Result[] | undefined;
  const slowChat = overWebSocket(server, { query: CHAT, variables: { input: { ...asks(schema), messages } } }).then(
    (results) => {
      slow = results;
    },
  );
  let ticks = 0;
  const { createClient } = await import('graphql-ws');
  const client = createClient({ url: server.webSocketUrl });
  for await (const { data } of client.iterate({
    query: CHAT,
    variables: { input: { messages: [{ role: 'USER', content: 'Hello' }] } },
  })) {
    expect(data).not.toMatchObject({ chat: { code: expect.anything() } });
    ticks++;
    if (slow) break;
  }
  await client.dispose();
  await slowChat;
  expect(ticks).toBeGreaterThan(20);
  expect(slow?.at(-1)?.data?.chat).toMatchObject({
    finishReason: 'STOP',
    object: { city: expect.any(String) },
    objectProblems: ['it could not be checked in time'],
  });
});
