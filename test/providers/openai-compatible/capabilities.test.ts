import { describe, expect, test } from 'vitest';
import { mergeCapabilities } from '../../../src/providers/capabilities.ts';
import { fromListed } from '../../../src/providers/openai-compatible/capabilities.ts';
import { createAcme, readFixture, startAcme } from '../../helpers/openai-server.ts';

const UNKNOWN = mergeCapabilities();

describe('what a list tells of a model', () => {
  test.for([
    [{ architecture: { input_modalities: ['file', 'image', 'text', 'video'] } }, { inputs: ['TEXT', 'IMAGE', 'FILE'] }],
    [{ architecture: { output_modalities: ['text', 'audio'] } }, { outputs: ['TEXT', 'AUDIO'] }],
    [
      { input_modalities: ['text'], output_modalities: ['text'] },
      { inputs: ['TEXT'], outputs: ['TEXT'] },
    ],
    [{ architecture: { input_modalities: [], output_modalities: 'text' } }, {}],
    [{ architecture: null }, {}],
    [{ context_length: 1_047_576 }, { contextWindow: 1_047_576 }],
    [{ max_model_len: 8_192 }, { contextWindow: 8_192 }],
    [{ context_length: null, max_model_len: 8_192 }, { contextWindow: 8_192 }],
    [{ context_length: 0 }, {}],
    [{ context_length: '8192' }, {}],
    [{ context_length: 1.5 }, {}],
    [{ max_model_len: 1e30 }, {}],
    [{ top_provider: { max_completion_tokens: 16_384 } }, { maxOutputTokens: 16_384 }],
    [{ top_provider: null, max_completion_tokens: 8_192 }, { maxOutputTokens: 8_192 }],
    [{ max_context_length: 32_768, loaded_context_length: 4_096 }, { contextWindow: 4_096 }],
    [{ meta: { n_ctx: null, n_ctx_train: 8_192 } }, { contextWindow: 8_192 }],
    [{ model_info: { 'general.architecture': 'a', 'a.context_length': 8_192 } }, { contextWindow: 8_192 }],
    [{ model_info: { 'a.context_length': 8_192 } }, {}],
    [{ capabilities: ['completion', 'tools'] }, {}],
    [{ capabilities: ['tool_use'], type: 'embeddings' }, { tools: true }],
    [{ capabilities: { function_calling: 'yes', vision: null } }, {}],
    [{ capabilities: { vision: true, audio: true } }, { inputs: ['TEXT', 'IMAGE', 'AUDIO'] }],
    [{ capabilities: null, type: 'vlm' }, { inputs: ['TEXT', 'IMAGE'] }],
    [
      { supported_parameters: ['tools', 'structured_outputs', 'reasoning'] },
      { options: ['REASONING_EFFORT', 'PARALLEL_TOOL_CALLS'], tools: true, structuredOutput: true, reasoning: true },
    ],
    [
      { supported_parameters: ['top_k', 'tools', 'response_format'] },
      { options: ['TOP_K', 'PARALLEL_TOOL_CALLS'], tools: true, structuredOutput: null, reasoning: false },
    ],
    [
      { supported_parameters: ['temperature', 'max_completion_tokens'] },
      { options: ['TEMPERATURE', 'MAX_TOKENS'], tools: false, structuredOutput: false, reasoning: false },
    ],
    [{ supported_parameters: [] }, {}],
    [{ supported_parameters: null }, {}],
  ] as const)('is read, and nothing else is known: %j', ([told, known]) => {
    expect(mergeCapabilities(fromListed(told))).toEqual({ ...UNKNOWN, ...known });
  });

  test('is known of the models that are discovered, beside what is known of the server', async () => {
    const { provider } = await startAcme(({ reply }) => reply({ body: readFixture('openrouter/models.json') }), {
      models: 'discover',
    });
    await provider.modelsListed;
    expect(provider.models).toMatchObject([
      {
        name: 'openai/gpt-4.1-mini',
        capabilities: {
          options: ['MAX_TOKENS', 'SEED', 'PARALLEL_TOOL_CALLS'],
          inputs: ['TEXT', 'IMAGE'],
          outputs: ['TEXT'],
          tools: true,
          structuredOutput: true,
          reasoning: false,
          contextWindow: 1_047_576,
        },
      },
      { name: 'google/gemini-2.5-flash-image', capabilities: { outputs: ['TEXT', 'IMAGE'], tools: null } },
      { name: 'example/painter', capabilities: { inputs: ['TEXT'], aspectRatios: true, imagesPerCall: 10 } },
    ]);
  });

  test.for([
    ['openrouter', { architecture: { input_modalities: ['text'], output_modalities: ['text'] } }, ['TEXT', 'FILE']],
    ['openrouter', { architecture: { input_modalities: ['file', 'text'] } }, ['TEXT', 'FILE']],
    ['openrouter', { architecture: { input_modalities: ['text'], output_modalities: ['image'] } }, ['TEXT']],
    ['openrouter', {}, null],
    ['mistral', { capabilities: { completion_chat: true, vision: true } }, ['TEXT', 'IMAGE', 'FILE']],
    ['groq', { input_modalities: ['text'] }, ['TEXT']],
  ] as const)('has the files that %s reads for its models: %j', async ([type, told, inputs]) => {
    const body = JSON.stringify({ data: [{ id: 'one', ...told }] });
    const entry = { type, apiKey: 'sk-0123456789', models: 'discover' };
    const { provider } = await startAcme(({ reply }) => reply({ body }), entry);
    await provider.modelsListed;
    expect(provider.models).toMatchObject([{ name: 'one', capabilities: { inputs } }]);
  });

  test('changes with the list', async () => {
    const list = (more: object) => JSON.stringify({ data: [{ id: 'one', ...more }] });
    const { upstream, provider } = await startAcme(
      [
        ({ reply }) => reply({ body: list({}) }),
        ({ reply }) => reply({ body: list({ max_model_len: 4_096 }) }),
        ({ reply }) => reply({ body: list({ max_model_len: 4_096 }) }),
        () => {},
      ],
      { models: 'discover', discoverIntervalMs: 5 },
    );
    await upstream.exchange(2);
    const second = provider.models;
    expect(second).toMatchObject([{ capabilities: { contextWindow: 4_096 } }]);
    await upstream.exchange(3);
    expect(provider.models).toBe(second);
  });
});

describe('what the configuration says of a model', () => {
  const capabilitiesOf = (model: object) =>
    createAcme({ baseUrl: 'http://127.0.0.1:1', models: [{ name: 'one', ...model }] }).models[0]?.capabilities;

  test('wins', () => {
    const said = {
      ...{ options: ['SEED'], inputs: ['TEXT', 'FILE'], outputs: ['TEXT'], tools: true, structuredOutput: false },
      ...{ reasoning: true, contextWindow: 8_192, maxOutputTokens: 1_024, aspectRatios: true, imagesPerCall: 2 },
    };
    expect(capabilitiesOf({ capabilities: said })).toEqual(said);
    const painter = { kind: 'IMAGE', sizes: ['1:1'], capabilities: { aspectRatios: true, imagesPerCall: 2 } };
    expect(capabilitiesOf(painter)).toMatchObject({ aspectRatios: true, imagesPerCall: 2 });
  });

  test('leaves the rest as it is known', () => {
    expect(capabilitiesOf({ capabilities: { tools: true } })).toEqual({ ...UNKNOWN, tools: true });
    expect(capabilitiesOf({})).toEqual(UNKNOWN);
  });
});
