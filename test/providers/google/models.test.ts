import { describe, expect, test } from 'vitest';
import { kindOf, waysOf } from '../../../src/providers/google/families.ts';
import { problemsOf } from '../../helpers/config.ts';
import type { Play } from '../../helpers/fake-upstream.ts';
import { answerWith, ask, chunk, createGemini, refusal, startGemini } from '../../helpers/google-server.ts';
import { collect } from '../../helpers/provider-suite.ts';

const page =
  (models: readonly unknown[], more: object = {}): Play =>
  ({ reply }) =>
    reply({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ models, ...more }) });

const listed = (name: string, more: object = {}) => ({
  name,
  version: '001',
  displayName: name,
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  supportedGenerationMethods: ['generateContent', 'countTokens'],
  temperature: 1,
  ...more,
});

async function discover(...plays: [Play, ...Play[]]) {
  const { upstream, provider } = await startGemini(plays, { models: 'discover', apiKey: 'AIza-4567' });
  await provider.modelsListed;
  return { upstream, provider };
}

describe('models', () => {
  test('are listed page by page: those that chat, and those that draw', async () => {
    const { upstream, provider } = await discover(
      page(
        [
          listed('models/gemini-2.5-flash', { thinking: true }),
          listed('models/embedding-001', { supportedGenerationMethods: ['embedContent'] }),
        ],
        {
          nextPageToken: 'a/b=',
        },
      ),
      page([
        listed('models/imagen-4.0-generate-001', { supportedGenerationMethods: ['predict'] }),
        listed('models/veo-3.0', { supportedGenerationMethods: ['predictLongRunning'] }),
        listed('models/gemini-2.5-flash-preview-tts'),
        listed('tunedModels/mine', { thinking: false }),
        listed('models/gemini-2.5-flash-image'),
        { name: 5 },
        null,
      ]),
    );
    expect(provider.models).toMatchObject([
      {
        name: 'gemini-2.5-flash',
        kind: 'CHAT',
        capabilities: { contextWindow: 1_048_576, maxOutputTokens: 65_536, reasoning: true, outputs: ['TEXT'] },
      },
      { name: 'imagen-4.0-generate-001', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 4 } },
      { name: 'tunedModels/mine', kind: 'CHAT', capabilities: { reasoning: false, tools: true } },
      { name: 'gemini-2.5-flash-image', kind: 'CHAT', capabilities: { outputs: ['TEXT', 'IMAGE'], tools: false } },
    ]);
    expect(provider).toMatchObject({
      defaultModel: 'gemini-2.5-flash',
      defaultImageModel: 'imagen-4.0-generate-001',
      modelsProblem: null,
    });
    expect(upstream.exchanges.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /models?pageSize=1000',
      'GET /models?pageSize=1000&pageToken=a%2Fb%3D',
    ]);
    expect(upstream.exchanges[1]?.headers).toMatchObject({ 'x-goog-api-key': 'AIza-4567' });
  });

  test.for<[string, Play]>([
    ['is none', ({ reply }) => reply({ body: '{"data":[]}' })],
    ['leads nowhere', page([], { nextPageToken: 'a' })],
  ])('are not known from a list that %s', async ([_title, play]) => {
    const { provider } = await discover(play);
    expect(provider).toMatchObject({ models: [], modelsProblem: 'Google sent no list of models' });
  });

  test('are not known where the key is wrong, and it is told', async () => {
    const { provider } = await discover(({ reply }) =>
      reply(refusal('API key not valid. Please pass a valid API key.')),
    );
    expect(provider.modelsProblem).toBe('Google answered 400: API key not valid. Please pass a valid API key.');
  });

  test('are what the configuration says', async () => {
    const models = [
      { name: 'mine', like: 'gemini-2.5-pro', aliases: ['me'], capabilities: { contextWindow: 5, tools: false } },
      { name: 'gemini-2.5-flash-image', kind: 'IMAGE' },
      'imagen-3',
    ];
    const { upstream, provider } = await startGemini(answerWith(chunk([{ text: 'Hi' }], 'STOP')), { models });
    expect(provider.models).toMatchObject([
      {
        name: 'mine',
        kind: 'CHAT',
        aliases: ['me'],
        capabilities: { contextWindow: 5, tools: false, reasoning: true },
      },
      { name: 'gemini-2.5-flash-image', kind: 'IMAGE', capabilities: { imagesPerCall: 1 } },
      { name: 'imagen-3', kind: 'IMAGE', capabilities: { imagesPerCall: 4 } },
    ]);
    await collect(ask(provider, { model: 'mine', reasoningEffort: 'LOW' }));
    const { generationConfig } = JSON.parse((await upstream.exchange()).body);
    expect(generationConfig.thinkingConfig).toEqual({ thinkingBudget: 1024, includeThoughts: true });
  });

  test('draw alone where no other is configured', () => {
    const provider = createGemini({ models: ['imagen-4.0-generate-001'] });
    expect(provider).toMatchObject({ defaultModel: null, defaultImageModel: 'imagen-4.0-generate-001' });
    expect(provider.streamChat).toBeUndefined();
  });
});

test.for([
  ['gemini-3-flash-preview', { signs: true, jsonSchemas: true }],
  ['models/gemini-3-flash-preview', { thinking: { levels: ['minimal', 'low', 'medium', 'high'] } }],
  ['gemini-3-pro-preview', { thinking: { levels: ['low', 'high'] } }],
  ['gemini-3.7-flash', { thinking: { levels: ['low', 'medium', 'high'] } }],
  ['gemini-3.1-flash-image-preview', { pictures: 'content', tools: false, thinking: { levels: ['minimal', 'high'] } }],
  ['gemini-3-pro-image-preview', { pictures: 'content', thinking: null }],
  ['gemini-2.5-flash-lite', { signs: false, jsonSchemas: true, thinking: { least: 512, most: 24_576, canRest: true } }],
  ['gemini-2.5-pro', { thinking: { least: 128, most: 32_768, canRest: false } }],
  ['gemini-2.5-flash-image', { pictures: 'content', thinking: null, structuredOutput: false }],
  ['gemini-2.0-flash', { thinking: null, jsonSchemas: false, tools: true, signs: false }],
  ['gemini-1.5-pro-002', { thinking: null, jsonSchemas: false }],
  ['gemma-3-27b-it', { system: false, tools: false, structuredOutput: false, signs: false }],
  ['gemma-3n-e4b-it', { system: false }],
  ['gemma-4-31b-it', { system: false, tools: true }],
  ['gemini-flash-latest', { signs: true, jsonSchemas: true, thinking: { levels: ['low', 'medium', 'high'] } }],
  ['nano-banana-image', { signs: true, pictures: 'content' }],
  ['something-new', { signs: true, jsonSchemas: true, system: true, pictures: null }],
] as const)('%s is asked in its ways', ([name, ways]) => {
  expect(waysOf(name)).toMatchObject(ways);
  expect(kindOf(name)).toBe('CHAT');
});

test.for<[object, readonly string[]]>([
  [{}, ['providers.g.apiKey: expected a key: Google needs one']],
  [{ baseUrl: 'http://127.0.0.1:1' }, []],
  [{ apiKey: 'k', models: [] }, ['providers.g.models: expected at least one model']],
  [{ apiKey: 'k', models: ['a', 'a'] }, ["providers.g.models: expected each model once, got 'a' again"]],
  [
    { apiKey: 'k', models: ['a', 'imagen-4'], defaultModel: 'imagen-4' },
    ["providers.g.defaultModel: expected one of the models of kind CHAT, got 'imagen-4'"],
  ],
  [
    { apiKey: 'k', models: ['a'], defaultImageModel: 'a' },
    ["providers.g.defaultImageModel: expected one of the models of kind IMAGE, got 'a'"],
  ],
  [{ apiKey: 'k', models: ['a', 'imagen-4'], defaultModel: 'a', defaultImageModel: 'imagen-4' }, []],
])('the entry %j has the problems %j', ([entry, problems]) => {
  expect(problemsOf({ providers: { g: { type: 'google', ...entry } } })).toEqual(problems);
});
