import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import {
  isRising,
  overPost,
  overSse,
  overWebSocket,
  type Request,
  type Result,
  transports,
  withDeltasJoined,
  withoutRequestIds,
} from './helpers/clients.ts';
import { startServer } from './helpers/server.ts';

const CHAT = `subscription Chat($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { seq model { id } attempts { code } }
    ... on ChatDelta { seq text offset }
    ... on ChatImage { seq image { url alt mediaType dataUri } }
    ... on ChatFinished { seq length finishReason rawFinishReason usage { totalTokens } }
    ... on Failure { code message retryable }
    ... on ChatFailed { seq }
  }
}`;
const IMAGE = `mutation ($input: GenerateImageInput!) {
  generateImage(input: $input) { __typename ... on GeneratedImages { images { url alt mediaType dataUri } model { id } prompt } }
}`;
const COMPLETE =
  'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename ... on ChatAnswer { text finishReason } } }';

const messages = [{ role: 'USER', content: 'I need a holiday' }];

/** Operations that say the same on every transport. A title, the request, and the code of its error if it has one. */
const corpus: readonly (readonly [string, Request, string?])[] = [
  ['a query', { query: '{ models { id kind aliases isDefault provider { id } } }' }],
  [
    'a query with arguments',
    { query: '{ models(kind: IMAGE, provider: "websim", working: true) { id } model(id: "no/such") { id } }' },
  ],
  [
    'all there is to know of providers',
    {
      query:
        '{ providers { id name url working needsAuth health { status lastFailure lastSuccessAt } defaultModel { id } defaultImageModel { id } models(kind: CHAT) { id } } }',
    },
  ],
  ['introspection', { query: '{ __schema { queryType { name } subscriptionType { name } } }' }],
  [
    'one of two operations',
    {
      query: 'query A { model(id: "local/eliza") { name } } query B { provider(id: "local") { name } }',
      operationName: 'B',
    },
  ],
  [
    'aliases and fragments',
    {
      query:
        '{ a: model(id: "local/eliza") { ...M } b: model(id: "local/pattern") { ...M } } fragment M on Model { id kind }',
    },
  ],
  ['a whole answer', { query: COMPLETE, variables: { input: { messages } } }],
  ['a picture', { query: IMAGE, variables: { input: { prompt: 'a lighthouse', aspectRatio: '16:9' } } }],
  [
    'pictures',
    { query: IMAGE, variables: { input: { prompt: 'a lighthouse', count: 3, aspectRatio: null, model: 'pattern' } } },
  ],
  ['a syntax error', { query: '{ models { id ' }, 'GRAPHQL_PARSE_FAILED'],
  ['a field that is not there', { query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'no operation of that name',
    { query: 'query A { models { id } }', operationName: 'B' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'two operations and no name',
    { query: 'query A { models { id } } query B { models { id } }' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a variable that is missing', { query: IMAGE }, 'BAD_USER_INPUT'],
  ['a variable of the wrong type', { query: IMAGE, variables: { input: { prompt: 3 } } }, 'BAD_USER_INPUT'],
  ['a field that a variable lacks', { query: IMAGE, variables: { input: { count: 1 } } }, 'BAD_USER_INPUT'],
  ['a blank prompt', { query: IMAGE, variables: { input: { prompt: ' \n' } } }, 'BAD_USER_INPUT'],
  ['too many pictures', { query: IMAGE, variables: { input: { prompt: 'x', count: 11 } } }, 'BAD_USER_INPUT'],
  ['no pictures', { query: IMAGE, variables: { input: { prompt: 'x', count: 0 } } }, 'BAD_USER_INPUT'],
  [
    'an aspect ratio that is none',
    { query: IMAGE, variables: { input: { prompt: 'x', aspectRatio: '16/9' } } },
    'BAD_USER_INPUT',
  ],
  [
    'an aspect ratio out of range',
    { query: IMAGE, variables: { input: { prompt: 'x', aspectRatio: '65:1' } } },
    'BAD_USER_INPUT',
  ],
  [
    'a picture of a chat model',
    { query: IMAGE, variables: { input: { prompt: 'x', model: 'local/eliza' } } },
    'BAD_USER_INPUT',
  ],
  [
    'a misspelt model',
    { query: IMAGE, variables: { input: { prompt: 'x', model: 'local/patern' } } },
    'MODEL_NOT_FOUND',
  ],
  [
    'a misspelt provider',
    { query: IMAGE, variables: { input: { prompt: 'x', provider: 'locl' } } },
    'PROVIDER_NOT_FOUND',
  ],
  [
    'a model of another provider',
    { query: COMPLETE, variables: { input: { messages, model: 'local/eliza', provider: 'websim' } } },
    'MODEL_NOT_FOUND',
  ],
  ['no messages', { query: COMPLETE, variables: { input: { messages: [] } } }, 'BAD_USER_INPUT'],
  [
    'blank messages',
    { query: COMPLETE, variables: { input: { messages: [{ role: 'USER', content: ' ' }] } } },
    'BAD_USER_INPUT',
  ],
];

/** Subscriptions: over SSE and WebSocket, as plain POST cannot carry them. */
const subscriptions: readonly (readonly [string, Request, string?])[] = [
  ['a chat', { query: CHAT, variables: { input: { messages } } }],
  [
    'a chat with options',
    {
      query: CHAT,
      variables: { input: { messages, maxTokens: 3, temperature: 0.5, topP: null, seed: 1, stop: ['holiday'] } },
    },
  ],
  ['a chat with an image model', { query: CHAT, variables: { input: { messages, model: 'pattern' } } }],
  ['a misspelt model', { query: CHAT, variables: { input: { messages, model: 'elisa' } } }, 'MODEL_NOT_FOUND'],
  [
    'an option that the model cannot honour',
    { query: CHAT, variables: { input: { messages, model: 'websim/gemini-1.5-pro', temperature: 1 } } },
    'BAD_USER_INPUT',
  ],
  ['a variable that is missing', { query: CHAT }, 'BAD_USER_INPUT'],
  [
    'two fields at once',
    {
      query:
        'subscription { a: chat(input: {messages: []}) { __typename } b: chat(input: {messages: []}) { __typename } }',
    },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a syntax error', { query: 'subscription { chat(' }, 'GRAPHQL_PARSE_FAILED'],
];

function codesOf(results: readonly Result[]): unknown[] {
  return results.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.code));
}

describe('the same on POST, SSE and WebSocket', () => {
  test.for(corpus)('%s', async ([_title, request, code]) => {
    const server = await startServer();
    const [expected, ...others] = await Promise.all(
      transports.map(([, run]) => run(server, request).then(withoutRequestIds)),
    );
    expect(codesOf(expected ?? [])).toEqual(code ? [code] : []);
    for (const other of others) expect(other).toEqual(expected);
    expect(server.errors()).toEqual([]);
  });

  test.for(subscriptions)('subscription: %s', async ([_title, request, code]) => {
    const server = await startServer();
    const [overEvents, overSocket] = await Promise.all([overSse(server, request), overWebSocket(server, request)]);
    expect(codesOf(overEvents)).toEqual(code ? [code] : []);
    expect(withDeltasJoined(withoutRequestIds(overSocket))).toEqual(withDeltasJoined(withoutRequestIds(overEvents)));
    expect(server.errors()).toEqual([]);
  });
});

test('names the input field of a mistake, and the closest names of a misspelt model', async () => {
  const server = await startServer();
  const inputs = [
    { prompt: 'x', aspectRatio: '1x1' },
    { prompt: 'x', model: 'local/patern' },
  ];
  const answers = await Promise.all(inputs.map((input) => overPost(server, { query: IMAGE, variables: { input } })));
  const [ratio, model] = answers.map(([result]) => result?.errors?.[0]);
  expect(ratio?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.aspectRatio' });
  expect(model?.extensions?.code).toBe('MODEL_NOT_FOUND');
  expect(model?.message).toContain("'local/pattern'");
});

test('joins the deltas of a chat to the answer, with the right offsets and length', async () => {
  const server = await startServer();
  const events = (await overSse(server, { query: CHAT, variables: { input: { messages } } })).map(
    (result) => (result as { data: { chat: Record<string, unknown> } }).data.chat,
  );
  expect(isRising(events.map(({ seq }) => Number(seq)))).toBe(true);
  expect(events.at(0)).toMatchObject({ __typename: 'ChatStarted', model: { id: 'local/eliza' }, attempts: [] });
  let text = '';
  for (const delta of events.slice(1, -1)) {
    expect(delta).toMatchObject({ __typename: 'ChatDelta', offset: text.length });
    text += delta.text;
  }
  expect(text).toBe('What would it mean to you if you got a holiday ?');
  expect(events.at(-1)).toMatchObject({
    __typename: 'ChatFinished',
    finishReason: 'STOP',
    length: text.length,
    usage: null,
  });
});

test('ends only the operation that has a syntax error, not its WebSocket', async () => {
  const { webSocketUrl } = await startServer();
  const client = createClient({ url: webSocketUrl, retryAttempts: 0, lazy: false });
  const bad = client.iterate({ query: '{' }).next();
  await expect(bad).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
  const good = await client.iterate({ query: '{ model(id: "local/eliza") { name } }' }).next();
  expect(good.value).toEqual({ data: { model: { name: 'eliza' } } });
  await client.dispose();
});

test('ends only the operation whose document is too deep to read, not its WebSocket', async () => {
  const server = await startServer();
  const client = createClient({ url: server.webSocketUrl, retryAttempts: 0, lazy: false });
  const deep = client.iterate({ query: `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}` }).next();
  await expect(deep).rejects.toMatchObject([{ extensions: { code: 'DOCUMENT_TOO_LARGE' } }]);
  const good = await client.iterate({ query: '{ model(id: "local/eliza") { name } }' }).next();
  expect(good.value).toEqual({ data: { model: { name: 'eliza' } } });
  await client.dispose();
});

test('names the input field that a variable has wrong', async () => {
  const server = await startServer();
  const message = { role: 'USER', content: 'hello' };
  const pathOf = async (query: string, variables: Record<string, unknown>) =>
    (await overPost(server, { query, variables }))[0]?.errors?.[0]?.extensions;
  const expected: readonly (readonly [string, Record<string, unknown>, string])[] = [
    [IMAGE, { input: { prompt: 'x', count: 'two' } }, 'input.count'],
    [IMAGE, { input: { count: 1 } }, 'input.prompt'],
    [IMAGE, { input: { prompt: 'x', colour: 'red' } }, 'input.colour'],
    [IMAGE, {}, 'input'],
    [COMPLETE, { input: { messages: [message, { ...message, role: 'JUDGE' }] } }, 'input.messages.1.role'],
  ];
  for (const [query, variables, path] of expected) {
    expect(await pathOf(query, variables)).toMatchObject({ code: 'BAD_USER_INPUT', path });
  }
});

test('refuses a name that is longer than any', async () => {
  const server = await startServer();
  const input = { messages, model: 'q'.repeat(500_000) };
  const [result] = await overPost(server, { query: COMPLETE, variables: { input } });
  expect(result?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.model' });
  expect(JSON.stringify(result).length).toBeLessThan(1000);
});

test('ends the operation of a stream that is read without a socket', async () => {
  const server = await startServer();
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const body = JSON.stringify({ query: CHAT, variables: { input: { messages } } });
  const response = await server.app.fetch('http://localhost/graphql', { method: 'POST', headers, body });
  expect(await response.text()).toContain('ChatFinished');
  expect(server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'STOP' });
});

test('sends each change of health to those who subscribe', async () => {
  const server = await startServer();
  const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
  const changes = client.iterate({
    query: 'subscription { providerHealth { id health { status firstPartP50Ms retryAt } } }',
  });
  const first = changes.next();
  // Answered after the subscription has begun.
  await client.iterate({ query: '{ __typename }' }).next();
  await overPost(server, { query: COMPLETE, variables: { input: { messages } } });
  expect((await first).value).toEqual({
    data: {
      providerHealth: { id: 'local', health: { status: 'HEALTHY', firstPartP50Ms: expect.any(Number), retryAt: null } },
    },
  });
  const next = changes.next();
  await server.app.stop();
  expect((await next).done).toBe(true);
  await client.dispose();
});
