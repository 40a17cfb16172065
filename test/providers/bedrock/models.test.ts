import { describe, expect, test } from 'vitest';
import { familyOf } from '../../../src/providers/bedrock/families.ts';
import { modelNamed } from '../../../src/providers/bedrock/models.ts';
import { ProvidersConfig } from '../../../src/providers/index.ts';
import { createRock, isSigned, KEYS } from '../../helpers/bedrock-server.ts';
import { startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';

const listed = (modelId: string, more: object = {}) => ({
  modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`,
  modelId,
  modelName: modelId,
  providerName: 'Any',
  inputModalities: ['TEXT'],
  outputModalities: ['TEXT'],
  responseStreamingSupported: true,
  inferenceTypesSupported: ['ON_DEMAND'],
  modelLifecycle: { status: 'ACTIVE' },
  ...more,
});

const LIST = {
  modelSummaries: [
    listed('anthropic.claude-3-haiku-20240307-v1:0', { inputModalities: ['TEXT', 'IMAGE'] }),
    listed('amazon.nova-micro-v1:0'),
    listed('zai.glm-9', { inputModalities: ['TEXT', 'IMAGE', 'SPEECH'] }),
    listed('anthropic.claude-opus-4-6-v1', { inferenceTypesSupported: ['INFERENCE_PROFILE'] }),
    listed('amazon.titan-embed-text-v2:0', { outputModalities: ['EMBEDDING'] }),
    listed('amazon.nova-canvas-v1:0', { outputModalities: ['IMAGE'], responseStreamingSupported: false }),
    listed('amazon.nova-sonic-v1:0', { inputModalities: ['SPEECH'], outputModalities: ['SPEECH', 'TEXT'] }),
    listed('ai21.j2-mid', { responseStreamingSupported: false }),
    { modelName: 'nameless' },
  ],
};

test('those that chat are discovered, with what goes into them, by a signed request', async () => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ body: JSON.stringify(LIST) }));
  const provider = createRock({ ...KEYS, baseUrl: upstream.url, models: 'discover' });
  await provider.modelsListed;
  expect(provider.modelsProblem).toBeNull();
  expect(provider.models.map(({ name, capabilities }) => [name, capabilities?.inputs])).toEqual([
    ['anthropic.claude-3-haiku-20240307-v1:0', ['TEXT', 'IMAGE', 'FILE']],
    ['amazon.nova-micro-v1:0', ['TEXT']],
    ['zai.glm-9', ['TEXT', 'IMAGE', 'FILE']],
  ]);
  const asked = await upstream.exchange();
  expect(`${asked.method} ${asked.url}`).toBe('GET /foundation-models');
  expect(isSigned(asked)).toBe(true);
});

test.for([
  ['{}', 200, 'Amazon Bedrock sent no list of models'],
  ['{"message":"User is not authorized"}', 403, 'Amazon Bedrock answered 403: User is not authorized'],
  ['{"Message":"The security token is expired"}', 403, 'Amazon Bedrock answered 403: The security token is expired'],
] as const)('why there are none is told: %s', async ([body, status, problem]) => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ status, body }));
  const warnings: string[] = [];
  const settings = { ...createSettings(), warn: (message: string) => void warnings.push(message) };
  const provider = createRock({ apiKey: 'bedrock-key-0123', baseUrl: upstream.url, models: 'discover' }, settings);
  await provider.modelsListed;
  expect(provider.modelsProblem).toBe(problem);
  expect(warnings).toHaveLength(1);
  expect((await upstream.exchange()).headers.authorization).toBe('Bearer bedrock-key-0123');
});

test('a list has an address of its own', async () => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ body: JSON.stringify(LIST) }));
  const entry = { baseUrl: 'http://127.0.0.1:9', modelsUrl: `${upstream.url}/lists`, models: 'discover' };
  await createRock(entry).modelsListed;
  expect((await upstream.exchange()).url).toBe('/lists/foundation-models');
});

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';

test('configured ones are what they are said to be', () => {
  const capabilities = { contextWindow: 9 };
  const provider = createRock({
    apiKey: 'k',
    models: [{ name: ARN, like: 'anthropic.claude-sonnet-4-5', aliases: ['s'], capabilities }],
  });
  expect(provider.models).toMatchObject([
    { name: ARN, aliases: ['s'], capabilities: { contextWindow: 9, tools: true, maxOutputTokens: 64_000 } },
  ]);
  expect(provider.defaultModel).toBe(ARN);
});

describe('what is known of a model by its name', () => {
  test.for<[string, object]>([
    ['anthropic.claude-instant-v1', { maker: 'anthropic', tools: false, structured: null, reasoning: null }],
    ['anthropic.claude-v2:1', { tools: false, structured: null, inputs: ['TEXT', 'FILE'] }],
    ['anthropic.claude-3-haiku-20240307-v1:0', { reasoning: null, structured: 'tool', maxOutputTokens: 4096 }],
    ['us.anthropic.claude-3-5-haiku-20241022-v1:0', { maker: 'anthropic', maxOutputTokens: 8192 }],
    ['us.anthropic.claude-3-7-sonnet-20250219-v1:0', { reasoning: 'budget', structured: 'tool' }],
    ['us.anthropic.claude-opus-4-20250514-v1:0', { reasoning: 'budget', structured: 'tool', maxOutputTokens: 32_000 }],
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', { reasoning: 'budget', structured: 'format', sampling: true }],
    ['global.anthropic.claude-opus-4-6-v1', { maker: 'anthropic', reasoning: 'adaptive', sampling: true }],
    ['us-gov.anthropic.claude-opus-4-7', { maker: 'anthropic', reasoning: 'adaptive', sampling: false, topK: null }],
    ['jp.anthropic.claude-sonnet-5-20260601-v1:0', { reasoning: 'adaptive', sampling: false }],
    ['anthropic.claude-epic-7', { reasoning: 'adaptive', sampling: false, structured: 'format' }],
    ['anthropic.claude-next', { reasoning: 'adaptive', sampling: false }],
    [
      'amazon.nova-pro-v1:0',
      { maker: 'amazon', structured: 'tool', reasoning: null, inputs: ['TEXT', 'IMAGE', 'FILE'] },
    ],
    ['us.amazon.nova-2-lite-v1:0', { maker: 'amazon', reasoning: 'reasoningConfig' }],
    ['us.deepseek.r1-v1:0', { maker: 'deepseek', tools: false, structured: null }],
    ['us.meta.llama4-scout-17b-instruct-v1:0', { maker: 'meta', structured: null, tools: null }],
    ['zai.glm-4.7', { maker: 'zai', structured: 'format', tools: null, inputs: null }],
    [`arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-micro-v1:0`, { maker: 'amazon', inputs: ['TEXT'] }],
  ])('%s', ([name, known]) => {
    expect(familyOf(name)).toMatchObject(known);
  });

  test('becomes what it can be asked for', () => {
    const of = (name: string) => modelNamed(name, []).capabilities;
    expect(of('anthropic.claude-opus-4-7')).toMatchObject({
      options: ['MAX_TOKENS', 'STOP', 'REASONING_EFFORT'],
      structuredOutput: true,
      reasoning: true,
    });
    expect(of('zai.glm-4.7')).toMatchObject({ tools: null, structuredOutput: null, reasoning: null });
    expect(of('meta.llama3-8b-instruct-v1:0')).toMatchObject({ structuredOutput: false });
  });
});

describe('its entry', () => {
  const problems = (entry: object) => {
    const { error } = ProvidersConfig.safeParse({ rock: { type: 'bedrock', region: 'us-east-1', ...entry } });
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  };

  test('has the addresses of its region', () => {
    const { rock } = ProvidersConfig.parse({ rock: { type: 'bedrock', region: 'eu-west-3', apiKey: 'k' } });
    expect(rock).toMatchObject({
      baseUrl: 'https://bedrock-runtime.eu-west-3.amazonaws.com',
      modelsUrl: 'https://bedrock.eu-west-3.amazonaws.com',
      credentials: null,
    });
  });

  test.for([
    [{ region: 'Frankfurt', apiKey: 'k' }, 'rock.region: expected a region, such as us-east-1'],
    [{}, 'rock.apiKey: expected a key: it, or accessKeyId and secretAccessKey'],
    [{ accessKeyId: 'a' }, 'rock.secretAccessKey: expected it with its id'],
    [{ secretAccessKey: 's' }, 'rock.accessKeyId: expected it with its secret'],
    [{ apiKey: 'k', accessKeyId: 'a', secretAccessKey: 's' }, 'rock.apiKey: expected one kind of key, got two'],
    [{ apiKey: 'k', models: ['a', 'a'] }, "rock.models: expected each model once, got 'a' again"],
  ] as const)('%j', ([entry, problem]) => {
    expect(problems(entry)).toContain(problem);
  });
});
