import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { type FailureCode, ProviderError } from '../src/providers/errors.ts';
import { textOf } from '../src/providers/kit/prompt.ts';
import type { Provider } from '../src/providers/provider.ts';
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
    const common = { requestId: expect.stringMatching(UUID), ms: expect.any(Number) };
    const chat = {
      operation: 'subscription Ask',
      model: 'local/eliza',
      code: 'STOP',
      firstTokenMs: expect.any(Number),
    };
    await linesOf(server).toEqual([
      { ...common, ...chat, transport: 'http' },
      { ...common, ...chat, transport: 'websocket' },
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

test.for(transports)('a bug is masked, with ids that the log has too, over %s', async ([, run]) => {
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
      requestId: result?.errors?.[0]?.extensions?.requestId,
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

describe('what a chat and a picture came to', () => {
  const failing = (id: string, code: FailureCode) =>
    scriptedProvider(
      () => {
        throw new ProviderError(code, `private words of ${id}`);
      },
      { id },
    );
  const usage = {
    promptTokens: 12,
    cachedPromptTokens: null,
    cacheWriteTokens: null,
    completionTokens: 34,
    reasoningTokens: null,
    totalTokens: 46,
  };
  const fine = scriptedProvider(
    async function* () {
      yield text('private answer');
      yield { ...finish(), usage };
    },
    { id: 'fine' },
  );
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `broken-${at}`);
  const serve = (broken: readonly string[], ...others: readonly Provider[]) =>
    startServer({
      config: { aliases: { any: [...broken, ...others.map(({ id }) => id)].map((id) => `${id}/model`) } },
      providers: [...broken.map((id) => failing(id, 'UNAUTHORIZED')), ...others],
    });
  const failureOf = (id: string) => ({ model: `${id}/model`, code: 'UNAUTHORIZED' });

  test.for(transports.slice(1))('tokens, and the tries before, over %s', async ([, run]) => {
    const server = await serve(['broken-0', 'broken-1'], fine);
    await run(server, { query: CHAT, variables: { input: { ...input, model: 'any' } } });
    await linesOf(server).toEqual([
      expect.objectContaining({
        code: 'STOP',
        model: 'fine/model',
        usage: { inputTokens: 12, outputTokens: 34 },
        firstTokenMs: expect.any(Number),
        attempts: 2,
        failures: [failureOf('broken-0'), failureOf('broken-1')],
      }),
    ]);
    expect(JSON.stringify(server.log.filter(({ msg }) => msg === 'operation'))).not.toContain('private');
  });

  test('the first ten tries at most, of those that came to nothing', async () => {
    const server = await serve(ids(12));
    const query = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';
    await overPost(server, { query, variables: { input: { ...input, model: 'any' } } });
    await linesOf(server).toEqual([
      expect.objectContaining({
        code: 'UNAUTHORIZED',
        model: 'broken-11/model',
        attempts: 12,
        failures: ids(10).map(failureOf),
      }),
    ]);
  });

  test('the tries before a picture', async () => {
    const draws = (id: string, generateImages: NonNullable<Provider['generateImages']>) =>
      scriptedProvider(async function* () {}, { id, models: [{ name: 'model', kind: 'IMAGE' }], generateImages });
    const broken = draws('broken-0', () => Promise.reject(new ProviderError('UNAUTHORIZED', 'private')));
    const server = await startServer({
      config: { aliases: { any: ['broken-0/model', 'painter/model'] } },
      providers: [broken, draws('painter', async () => [{ url: 'data:image/png;base64,AA', alt: '' }])],
    });
    const query = 'mutation { generateImage(input: { prompt: "private too", model: "any" }) { __typename } }';
    await overPost(server, { query });
    await linesOf(server).toEqual([
      expect.objectContaining({ code: 'OK', model: 'painter/model', attempts: 1, failures: [failureOf('broken-0')] }),
    ]);
  });
});
