import { expect, test } from 'vitest';
import {
  type Capabilities,
  CHAT_OPTIONS,
  type ChatOption,
  mergeCapabilities,
} from '../../../src/providers/capabilities.ts';
import { PRESETS, type PresetName } from '../../../src/providers/openai-compatible/presets.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createAcme, readFixture } from '../../helpers/openai-server.ts';

const but = (...options: readonly ChatOption[]) =>
  Object.values(CHAT_OPTIONS).filter((option) => !options.includes(option));
const chat = (known: Partial<Capabilities> = {}) => mergeCapabilities(known);
const image = (known: Partial<Capabilities>) => mergeCapabilities({ aspectRatios: true, ...known });

/** By preset: what it answers on each path, and what is known of its models then. */
const SERVERS: Readonly<
  Record<PresetName, { readonly paths: Readonly<Record<string, string>>; readonly known: Record<string, Capabilities> }>
> = {
  openai: {
    paths: { 'GET /v1/models': 'openai' },
    known: {
      'example-1': chat({ options: but('STOP', 'SEED', 'TOP_K', 'PRESENCE_PENALTY', 'FREQUENCY_PENALTY') }),
      'gpt-4.1-mini': expect.anything(),
      o3: expect.anything(),
      'gpt-image-1': image({ imagesPerCall: 10 }),
    },
  },
  openrouter: {
    paths: { 'GET /v1/models?output_modalities=text,image': 'openrouter' },
    known: {
      'example/otter-large': chat({
        options: but(),
        ...{ inputs: ['TEXT', 'IMAGE', 'AUDIO', 'FILE'], outputs: ['TEXT'] },
        ...{ tools: true, structuredOutput: true, reasoning: true, contextWindow: 262_144, maxOutputTokens: 65_536 },
      }),
      'example/otter-nano:free': chat({
        ...{ options: ['MAX_TOKENS', 'SEED'], inputs: ['TEXT', 'FILE'], outputs: ['TEXT'] },
        ...{ tools: false, structuredOutput: null, reasoning: false, contextWindow: 8_192 },
      }),
      'example/otter-brush': image({ inputs: ['TEXT'], outputs: ['IMAGE'], contextWindow: 4_096, imagesPerCall: 1 }),
    },
  },
  groq: {
    paths: { 'GET /v1/models': 'groq' },
    known: {
      'example-8b-instant': chat({
        options: but('TOP_K', 'PRESENCE_PENALTY', 'FREQUENCY_PENALTY'),
        ...{ contextWindow: 131_072, maxOutputTokens: 8_192 },
      }),
    },
  },
  mistral: {
    paths: { 'GET /v1/models': 'mistral' },
    known: {
      'example-medium-2603': chat({
        ...{ options: but('TOP_K'), inputs: ['TEXT', 'IMAGE', 'FILE'] },
        ...{ tools: true, reasoning: false, contextWindow: 131_072 },
      }),
      'example-tiny': chat({ options: but('TOP_K'), inputs: ['TEXT', 'FILE'], tools: false, contextWindow: 32_768 }),
    },
  },
  deepseek: {
    paths: { 'GET /v1/models': 'deepseek' },
    known: { 'example-flash': chat({ options: but('SEED', 'TOP_K', 'PARALLEL_TOOL_CALLS') }) },
  },
  together: {
    paths: { 'GET /v1/models': 'together' },
    known: {
      'example/Otter-70B-Turbo': chat({ contextWindow: 131_072 }),
      'example/Otter-Brush': image({ imagesPerCall: 10 }),
    },
  },
  xai: {
    paths: { 'GET /v1/models': 'xai', 'GET /v1/language-models': 'xai-language-models' },
    known: {
      'example-grok': chat({ options: but('TOP_K'), inputs: ['TEXT', 'IMAGE'], outputs: ['TEXT'] }),
      'example-grok-unlisted': chat({ options: but('TOP_K') }),
      'grok-2-image-1212': image({ imagesPerCall: 10 }),
    },
  },
  ollama: {
    paths: { 'GET /v1/models': 'ollama', 'POST /api/show': 'ollama-show' },
    known: {
      'otter:8b': chat({
        ...{ options: but('TOP_K', 'PARALLEL_TOOL_CALLS'), inputs: ['TEXT'] },
        ...{ tools: true, reasoning: true, contextWindow: 40_960 },
      }),
      'otter-eye:4b': chat({
        ...{ options: but('TOP_K', 'PARALLEL_TOOL_CALLS'), inputs: ['TEXT', 'IMAGE'] },
        ...{ tools: false, reasoning: false, contextWindow: 131_072 },
      }),
    },
  },
  vllm: {
    paths: { 'GET /v1/models': 'vllm' },
    known: { 'example/otter-8b-instruct': chat({ contextWindow: 32_768 }) },
  },
  llamacpp: {
    paths: { 'GET /v1/models': 'llamacpp' },
    known: {
      'otter-4b': chat({ inputs: ['TEXT'], contextWindow: 16_384 }),
      'otter-eye': chat({ contextWindow: 65_536 }),
    },
  },
  lmstudio: {
    paths: { 'GET /v1/models': 'lmstudio', 'GET /api/v0/models': 'lmstudio-own' },
    known: {
      'example/otter-8b': chat({ inputs: ['TEXT'], tools: true, contextWindow: 4_096 }),
      'otter-eye-7b': chat({ inputs: ['TEXT', 'IMAGE'], contextWindow: 32_768 }),
    },
  },
};

/** Answers as the fixtures of these paths say; Ollama's are by model. */
function serve(paths: Readonly<Record<string, string>>): Play {
  return ({ method, url, body, reply }) => {
    const fixture = paths[`${method} ${url}`];
    if (fixture === undefined) return reply({ status: 404, body: '404 page not found' });
    const text = readFixture(`models/${fixture}.json`);
    return reply({ body: method === 'GET' ? text : JSON.stringify(JSON.parse(text)[JSON.parse(body).model]) });
  };
}

test.for(Object.keys(PRESETS) as PresetName[])(
  'what %s lists of its models is known, and nothing else',
  async (type) => {
    const { paths, known } = SERVERS[type];
    const { url } = await startFakeUpstream(serve(paths));
    const provider = createAcme({ type, apiKey: 'sk-0123456789', baseUrl: `${url}/v1`, models: 'discover' });
    await provider.modelsListed;
    await expect
      .poll(() => Object.fromEntries(provider.models.map(({ name, capabilities }) => [name, capabilities])))
      .toEqual(known);
  },
);
