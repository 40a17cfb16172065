import { describe, expect, test } from 'vitest';
import { Config } from '../../../src/config/schema.ts';
import { createAzure, startAzure } from '../../helpers/azure-server.ts';
import { problemsOf } from '../../helpers/config.ts';
import { answerWith, DONE, data, event } from '../../helpers/openai-server.ts';
import { chat, collect, describeProvider, draw } from '../../helpers/provider-suite.ts';
import { end, START, textDelta } from '../../helpers/responses-server.ts';

/** What comes first, before there is anything of the answer. */
const FILTERED = data({
  ...{ choices: [], created: 0, id: '', model: '', object: '' },
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { filtered: false, severity: 'safe' } } }],
});
const images = { answer: '{"created":1,"data":[{"url":"https://images.example/1.png"}]}', empty: '{"data":[]}' };

describeProvider({
  name: 'Azure OpenAI',
  create: createAzure,
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [...texts.map((text, at) => (at === 0 ? START : '') + textDelta(text)), end()],
      empty: START + end(),
    },
    images,
  },
});

describeProvider({
  name: 'Azure OpenAI with an apiVersion',
  create: (options, settings) => createAzure({ apiVersion: '2024-10-21', ...options }, settings),
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [
        ...texts.map((content, at) => (at === 0 ? FILTERED : '') + event({ content })),
        event({}, 'stop', { prompt_filter_results: [] }) + DONE,
      ],
      empty: FILTERED + event({}, 'stop') + DONE,
    },
    images,
  },
});

const hello = answerWith(FILTERED, event({ content: 'Hello' }, 'stop'), DONE);

test('a deployment is a model, which is asked over Responses', async () => {
  const { upstream, provider } = await startAzure(answerWith(textDelta('Hello'), end()), '/openai/v1');
  expect(provider).toMatchObject({ name: 'Azure OpenAI', needsAuth: true, models: [{ name: 'my gpt' }, {}] });
  await collect(chat(provider));
  const { url, headers, body } = await upstream.exchange();
  expect(url).toBe('/openai/v1/responses');
  expect(JSON.parse(body)).toMatchObject({ model: 'my gpt', store: false });
  expect([headers['api-key'], headers.authorization]).toEqual(['azure-key-0123', undefined]);
});

test('a deployment is asked over the older protocol where that is configured', async () => {
  const { upstream, provider } = await startAzure(hello, '/openai/v1', { api: 'chat' });
  await collect(chat(provider));
  const { url, body } = await upstream.exchange();
  expect(url).toBe('/openai/v1/chat/completions');
  expect(JSON.parse(body)).toMatchObject({ model: 'my gpt' });
});

test('with an apiVersion a deployment has an address of its own', async () => {
  const answer = answerWith(images.answer);
  const { upstream, provider } = await startAzure([hello, answer], '/openai', { apiVersion: '2024-10-21' });
  await collect(chat(provider));
  await draw(provider);
  expect(upstream.exchanges.map(({ url }) => url)).toEqual([
    '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
    '/openai/deployments/draw/images/generations?api-version=2024-10-21',
  ]);
});

test('a token is sent in place of a key', async () => {
  const entry = { apiKey: undefined, bearerToken: 'entra-token', api: 'chat' };
  const { upstream, provider } = await startAzure(hello, '', entry);
  await collect(chat(provider));
  const { headers } = await upstream.exchange();
  expect([headers['api-key'], headers.authorization]).toEqual([undefined, 'Bearer entra-token']);
});

test('no message shows the key', async () => {
  const body = JSON.stringify({ error: { code: '401', message: 'Access denied due to invalid key azure-key-0123.' } });
  const { provider } = await startAzure(({ reply }) => reply({ status: 401, body }), '');
  await expect(collect(chat(provider))).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    message: 'Azure OpenAI answered 401: Access denied due to invalid key ***.',
  });
});

describe('an entry', () => {
  const AZURE = { type: 'azure', resource: 'my-company', apiKey: 'azure-key-0123', models: ['gpt'] };
  const parse = (entry: object) => Config.parse({ providers: { azure: { ...AZURE, ...entry } } }).providers.azure;

  test('is a resource, a key and its deployments', () => {
    expect(parse({})).toMatchObject({
      baseUrl: 'https://my-company.openai.azure.com/openai/v1',
      ...{ api: 'responses', keyHeader: 'api-key' },
    });
    expect(parse({ apiVersion: '2024-10-21' })).toMatchObject({
      baseUrl: 'https://my-company.openai.azure.com/openai?api-version=2024-10-21',
      api: 'chat',
    });
  });

  test.for<[string, object, RegExp]>([
    ['no resource', { resource: undefined }, /^providers\.azure\.resource: expected the name of a resource, or a base/],
    ['an address for a resource', { resource: 'a.b' }, /^providers\.azure\.resource: expected the name of a resource,/],
    ['no key', { apiKey: undefined }, /^providers\.azure\.apiKey: expected a key, or a bearerToken$/],
    ['a key and a token', { bearerToken: 'token' }, /^providers\.azure\.bearerToken: expected a key or a token, got b/],
    ['no models', { models: undefined }, /^providers\.azure\.models: /],
    ['models to discover', { models: 'discover' }, /^providers\.azure\.models: /],
    ['a model twice', { models: ['a', 'a'] }, /^providers\.azure\.models: expected each model once, got 'a' again$/],
    [
      'a bad version',
      { apiVersion: 'latest' },
      /^providers\.azure\.apiVersion: expected a version, such as 2024-10-21/,
    ],
    [
      'an old address for Responses',
      { apiVersion: '2024-10-21', api: 'responses' },
      /^providers\.azure\.api: expected "/,
    ],
    ['an unknown protocol', { api: 'assistants' }, /^providers\.azure\.api: /],
  ])('has a problem with its path: %s', ([_title, entry, problem]) => {
    expect(problemsOf({ providers: { azure: { ...AZURE, ...entry } } })).toEqual([expect.stringMatching(problem)]);
  });

  test('needs no key where a header has it, or where it is not enabled', () => {
    const entry = { apiKey: undefined };
    expect(parse({ ...entry, headers: { authorization: 'Bearer x' } })).toBeDefined();
    expect(parse({ ...entry, enabled: false })).toBeDefined();
  });
});
