import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { ProviderError } from '../src/providers/errors.ts';
import { textOf } from '../src/providers/kit/prompt.ts';
import { overPost, overSse, overWebSocket, transports } from './helpers/clients.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';

const CHAT = 'subscription Ask($input: ChatInput!) { chat(input: $input) { __typename } }';
const input = { messages: [{ role: 'USER', content: 'a very private question' }] };
const UUID = /^[0-9a-f-]{36}$/;

const linesOf = (server: Awaited<ReturnType<typeof startServer>>) =>
  expect.poll(() =>
    server.log.filter(({ msg }) => msg === 'operation').map(({ level: _, time: __, msg: ___, ...line }) => line),
  );

describe('one line an operation', () => {
  test('tells what was asked over what, of which model, how it ended and how long it took', async () => {
    const server = await startServer();
    await overSse(server, { query: CHAT, variables: { input } });
    await overWebSocket(server, { query: CHAT, variables: { input } });
    await overPost(server, { query: '{ models { id } providers { id } }' });
    await overPost(server, { query: 'mutation { generateImage(input: { prompt: "private too" }) { __typename } }' });
    const common = { id: expect.stringMatching(UUID), ms: expect.any(Number) };
    await linesOf(server).toEqual([
      { ...common, transport: 'http', operation: 'subscription Ask', model: 'local/eliza', code: 'STOP' },
      { ...common, transport: 'websocket', operation: 'subscription Ask', model: 'local/eliza', code: 'STOP' },
      { ...common, transport: 'http', operation: 'query models, providers', code: 'OK' },
      { ...common, transport: 'http', operation: 'mutation generateImage', model: 'local/pattern', code: 'OK' },
    ]);
    expect(JSON.stringify(server.log)).not.toContain('private');
  });

  test.for([
    [{ query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    [{ query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: CHAT, variables: {} }, 'BAD_USER_INPUT'],
    [{ query: CHAT, variables: { input: { ...input, model: 'none' } } }, 'MODEL_NOT_FOUND'],
  ] as const)('%s ends in %s', async ([request, code]) => {
    const server = await startServer();
    await overSse(server, request);
    await overWebSocket(server, request);
    await linesOf(server).toEqual([expect.objectContaining({ code }), expect.objectContaining({ code })]);
  });
});

test('names the key of an operation, which is not its text', async () => {
  const keys = [
    'first-secret',
    { name: 'alice', key: 'second-secret' },
    { name: 'bob@example.com', key: 'third-secret' },
  ];
  const server = await startServer({ config: { auth: { keys } } });
  for (const key of ['first-secret', 'second-secret', 'third-secret']) {
    const headers = { authorization: `Bearer ${key}` };
    await overPost(server, { query: '{ __typename }' }, headers);
    await overWebSocket(server, { query: '{ __typename }' }, headers);
  }
  await expect
    .poll(() => server.log.flatMap(({ msg, key }) => (msg === 'operation' ? [key] : [])))
    .toEqual(['key-1', 'key-1', 'alice', 'alice', 'bob@example.com', 'bob@example.com']);
  expect(JSON.stringify(server.log)).not.toContain('secret');
});

test.for(transports)('a bug is masked, with an id that the log has too, over %s', async ([, run]) => {
  const broken = scriptedProvider(async function* () {}, {
    get url(): string {
      throw new TypeError('cannot read the secret plan');
    },
  });
  const server = await startServer({ providers: [broken] });
  const [result] = await run(server, { query: '{ provider(id: "scripted") { id url } }' });
  expect(result).toMatchObject({
    errors: [{ message: 'Unexpected error', path: ['provider', 'url'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(JSON.stringify(result)).not.toContain('secret plan');
  expect(server.errors()).toEqual([
    expect.objectContaining({
      id: result?.errors?.[0]?.extensions?.id,
      err: expect.objectContaining({ message: 'cannot read the secret plan' }),
    }),
  ]);
});

test('one stream that fails takes no other on its socket along', async () => {
  const provider = scriptedProvider(async function* ({ messages }) {
    yield text('a');
    if (messages.map(textOf)[0] === 'break') throw new Error('broken');
    yield finish();
  });
  const { webSocketUrl } = await startServer({ providers: [provider] });
  const client = createClient({ url: webSocketUrl, retryAttempts: 0 });
  const ask = async (content: string) => {
    const variables = { input: { model: 'model', messages: [{ role: 'USER', content }] } };
    const events = await Array.fromAsync(client.iterate<{ chat: { __typename: string } }>({ query: CHAT, variables }));
    return events.at(-1)?.data?.chat.__typename;
  };
  expect(await Promise.all([ask('break'), ask('go on'), ask('break'), ask('go on')])).toEqual([
    'ChatFailed',
    'ChatFinished',
    'ChatFailed',
    'ChatFinished',
  ]);
  await client.dispose();
});

test("tells why an operation failed, in the upstream's words, at the level of debugging only", async () => {
  const provider = scriptedProvider(() => {
    throw new ProviderError('REJECTED', 'Acme answered 400: Too hot');
  });
  const server = await startServer({ config: { defaults: { chat: 'scripted/model' } }, providers: [provider] });
  await overSse(server, { query: CHAT, variables: { input } });
  await linesOf(server).toEqual([expect.objectContaining({ code: 'REJECTED', model: 'scripted/model' })]);
  expect(server.log.filter(({ msg }) => msg === 'failure')).toEqual([
    expect.objectContaining({ level: 20, reason: 'Acme answered 400: Too hot' }),
  ]);
});
