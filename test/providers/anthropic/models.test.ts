import { expect, test } from 'vitest';
import { ask, createClaude, startClaude } from '../../helpers/anthropic-server.ts';
import { problemsOf } from '../../helpers/config.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { collect } from '../../helpers/provider-suite.ts';

const page =
  (data: readonly object[], more: object = {}): Play =>
  ({ reply }) =>
    reply({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data, has_more: false, ...more }),
    });

const listed = (id: string, more: object = {}) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '2026-01-01T00:00:00Z',
  ...more,
});

async function discover(...plays: [Play, ...Play[]]) {
  const { upstream, provider } = await startClaude(plays, { models: 'discover', apiKey: 'sk-ant-0123' });
  await provider.modelsListed;
  return { upstream, provider };
}

test('models are listed page by page', async () => {
  const { upstream, provider } = await discover(
    page([listed('claude-opus-5'), listed('claude-sonnet-5')], { has_more: true, last_id: 'claude-sonnet-5' }),
    page([listed('claude-haiku-4-5')]),
  );
  expect(provider.models.map(({ name }) => name)).toEqual(['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5']);
  expect(provider).toMatchObject({ defaultModel: 'claude-opus-5', defaultImageModel: null, modelsProblem: null });
  expect(upstream.exchanges.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /models?limit=1000',
    'GET /models?limit=1000&after_id=claude-sonnet-5',
  ]);
  expect(upstream.exchanges[1]?.headers).toMatchObject({
    'x-api-key': 'sk-ant-0123',
    'anthropic-version': '2023-06-01',
  });
});

test('pages that lead nowhere are no list', async () => {
  const { provider } = await discover(page([listed('a')], { has_more: true, last_id: 'a' }));
  expect(provider).toMatchObject({ models: [], modelsProblem: 'Anthropic sent no list of models' });
});

test('a list that is refused says why', async () => {
  const body = '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}';
  const { provider } = await discover(({ reply }) => reply({ status: 401, body }));
  expect(provider.modelsProblem).toBe('Anthropic answered 401: invalid x-api-key');
});

const OPTIONS = ['TEMPERATURE', 'TOP_P', 'TOP_K', 'MAX_TOKENS', 'STOP', 'REASONING_EFFORT', 'PARALLEL_TOOL_CALLS'];

test('what a model can do is told by its name', async () => {
  const models = ['claude-opus-5', 'claude-sonnet-4-5', 'claude-3-haiku-20240307', 'claude-next'];
  const all = { inputs: ['TEXT', 'IMAGE', 'FILE'], outputs: ['TEXT'], tools: true, structuredOutput: true };
  expect(
    createClaude({ baseUrl: 'http://127.0.0.1:1', models }).models.map(({ capabilities }) => capabilities),
  ).toMatchObject([
    { ...all, options: OPTIONS.slice(3), reasoning: true, contextWindow: 1_000_000, maxOutputTokens: 128_000 },
    { ...all, options: OPTIONS, reasoning: true, contextWindow: 200_000, maxOutputTokens: 64_000 },
    { ...all, options: OPTIONS, reasoning: false, maxOutputTokens: 4_096 },
    { ...all, options: OPTIONS.slice(3), reasoning: true, contextWindow: null, maxOutputTokens: null },
  ]);
});

test('what the list tells comes before what the name does, and the configuration before both', async () => {
  const told = {
    max_input_tokens: 500_000,
    max_tokens: 9000,
    capabilities: {
      structured_outputs: { supported: false },
      thinking: { supported: true, types: { adaptive: { supported: false }, enabled: { supported: true } } },
    },
  };
  const { upstream, provider } = await discover(page([listed('claude-next', told)]), ({ reply }) =>
    reply({ status: 500 }),
  );
  expect(provider.models).toMatchObject([{ capabilities: { contextWindow: 500_000, maxOutputTokens: 9000 } }]);
  const format = { type: 'JSON_SCHEMA', schema: { type: 'object' } } as const;
  const asked = ask(provider, { model: 'claude-next', reasoningEffort: 'LOW', responseFormat: format });
  await expect(collect(asked)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(JSON.parse((await upstream.exchange(1)).body)).toMatchObject({
    max_tokens: 9000,
    thinking: { type: 'enabled', budget_tokens: 1125 },
    tools: [{ name: 'answer' }],
  });

  const capabilities = { maxOutputTokens: 700, options: ['TEMPERATURE'], reasoning: false };
  const models = [{ name: 'mine', aliases: ['ours'], like: 'claude-sonnet-4-5', capabilities }];
  expect(createClaude({ baseUrl: 'http://127.0.0.1:1', models }).models).toMatchObject([
    { name: 'mine', kind: 'CHAT', aliases: ['ours'], capabilities: { ...capabilities, contextWindow: 200_000 } },
  ]);
});

test('is what its entry says', () => {
  const entry = {
    baseUrl: 'http://127.0.0.1:1',
    name: 'Acme',
    working: false,
    models: ['one', 'two'],
    defaultModel: 'two',
  };
  expect(createClaude(entry)).toMatchObject({
    id: 'anthropic',
    name: 'Acme',
    url: null,
    working: false,
    needsAuth: false,
    defaultModel: 'two',
  });
  expect(createClaude({ apiKey: 'sk-ant-0123' })).toMatchObject({
    name: 'Anthropic',
    url: 'https://platform.claude.com',
    needsAuth: true,
  });
});

test.for<[object, string]>([
  [{}, 'providers.claude.apiKey: expected a key: Anthropic needs one'],
  [{ apiKey: '' }, 'providers.claude.apiKey: expected a key, got an empty text'],
  [{ apiKey: 'k', models: [] }, 'providers.claude.models: expected at least one model'],
  [{ apiKey: 'k', models: ['a', 'a'] }, "providers.claude.models: expected each model once, got 'a' again"],
  [
    { apiKey: 'k', models: ['a'], defaultModel: 'b' },
    "providers.claude.defaultModel: expected one of the models, got 'b'",
  ],
  [{ apiKey: 'k', sizes: [] }, 'providers.claude.sizes: not a known setting'],
])('a problem of an entry names its path: %j', ([entry, problem]) => {
  expect(problemsOf({ providers: { claude: { type: 'anthropic', ...entry } } })).toEqual([problem]);
});

test('a provider that is not enabled, or is elsewhere, needs no key', async () => {
  const { url: baseUrl } = await startFakeUpstream(() => {});
  for (const entry of [{ enabled: false }, { baseUrl }]) {
    expect(problemsOf({ providers: { claude: { type: 'anthropic', ...entry } } })).toEqual([]);
  }
});
