import { describe, expect, test } from 'vitest';
import { CHAT_OPTIONS } from '../../../src/providers/capabilities.ts';
import { loadCatalogue, NO_CATALOGUE } from '../../../src/providers/openai-compatible/catalogue.ts';
import { PRESETS, type Preset } from '../../../src/providers/openai-compatible/presets.ts';
import { startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createAcme, readFixture } from '../../helpers/openai-server.ts';

const openai = { catalogue: 'openai', unsupported: ['TOP_K'] } as const;

describe('the catalogue', () => {
  test('tells what goes in, what comes out, how much of it, and what else a model does', async () => {
    expect((await loadCatalogue(openai))('gpt-4.1-mini')).toEqual({
      ...{ inputs: ['TEXT', 'IMAGE', 'FILE'], outputs: ['TEXT'], tools: true, structuredOutput: true },
      ...{ reasoning: false, contextWindow: 1_047_576, maxOutputTokens: 32_768 },
    });
  });

  test('takes the temperature from the options of a model that refuses it', async () => {
    const { options } = (await loadCatalogue(openai))('o3');
    expect(options).toEqual(Object.values(CHAT_OPTIONS).filter((one) => one !== 'TOP_K' && one !== 'TEMPERATURE'));
  });

  test('tells of each model of OpenAI that sees pictures that it reads files', async () => {
    expect((await loadCatalogue(openai))('gpt-5').inputs).toEqual(['TEXT', 'IMAGE', 'FILE']);
    expect((await loadCatalogue(openai))('gpt-3.5-turbo').inputs).toEqual(['TEXT']);
  });

  test('tells nothing of a model that it does not have, or of which it knows the name alone', async () => {
    const catalogue = await loadCatalogue(openai);
    for (const name of ['my-own', 'toString', '', 'gpt-5-2025-08-07']) expect(catalogue(name)).toEqual({});
  });

  test.for(Object.entries(PRESETS) as [string, Preset][])('knows models of %s, or is not asked', async ([, preset]) => {
    const catalogue = await loadCatalogue(preset);
    if (preset.catalogue === null) return expect(catalogue).toBe(NO_CATALOGUE);
    const { default: service } = await import(`@agentjido/llmdb/providers/${preset.catalogue}`);
    const known = (service.modelIds as string[])
      .map(catalogue)
      .filter(({ contextWindow, tools }) => contextWindow && tools);
    expect(known.length).toBeGreaterThan(0);
  });
});

describe('of a well-known service', () => {
  const WHOLE = { inputs: ['TEXT', 'IMAGE', 'FILE'], tools: true, contextWindow: 1_047_576 };
  const start = async (entry: object) => {
    const { url } = await startFakeUpstream(({ reply }) => reply({ body: readFixture('models/openai.json') }));
    const provider = createAcme({ baseUrl: url, apiKey: 'sk-0123456789', ...entry });
    await provider.modelsListed;
    return () => Object.fromEntries(provider.models.map(({ name, capabilities }) => [name, capabilities]));
  };

  test('it fills in what the list does not tell', async () => {
    const known = await start({ type: 'openai', api: 'chat', models: 'discover' });
    await expect.poll(known).toMatchObject({
      'gpt-4.1-mini': WHOLE,
      'example-1': { inputs: null, tools: null, contextWindow: null },
      'gpt-image-1': { inputs: null, contextWindow: null, aspectRatios: true },
    });
  });

  test('the list wins over it', async () => {
    const listed = { id: 'gpt-4.1-mini', context_length: 8_192, capabilities: { function_calling: false } };
    const { url } = await startFakeUpstream(({ reply }) => reply({ body: JSON.stringify({ data: [listed] }) }));
    const provider = createAcme({ type: 'openai', baseUrl: url, apiKey: 'sk-0123456789', models: 'discover' });
    await expect
      .poll(() => provider.models)
      .toMatchObject([{ capabilities: { ...WHOLE, contextWindow: 8_192, tools: false } }]);
  });

  test('it fills in what the configuration does not say, which wins', async () => {
    const models = ['gpt-4.1-mini', { name: 'o3', capabilities: { contextWindow: 1_000, options: ['TEMPERATURE'] } }];
    const known = await start({ type: 'openai', api: 'chat', models });
    expect(known()).toMatchObject({ o3: { contextWindow: 1_000, reasoning: null } });
    await expect.poll(known).toMatchObject({
      'gpt-4.1-mini': WHOLE,
      o3: { contextWindow: 1_000, options: ['TEMPERATURE'], reasoning: true },
    });
  });

  test('it is not looked at for another server that has a model of the same name', async () => {
    const unknown = { inputs: null, tools: null, contextWindow: null, options: null };
    const discovered = await start({ models: 'discover' });
    expect(discovered()).toMatchObject({ 'gpt-4.1-mini': unknown, o3: unknown });
  });
});
