import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { toPauseMs } from '../../../src/providers/kit/discover-models.ts';
import type { ProviderModel } from '../../../src/providers/provider.ts';
import type { Play } from '../../helpers/fake-upstream.ts';
import { answerWith, createAcme, event, readFixture, startAcme } from '../../helpers/openai-server.ts';
import { chat, collect, textOf } from '../../helpers/provider-suite.ts';

const DISCOVER = { models: 'discover', discoverIntervalMs: 5 } as const;

const list = (...names: readonly string[]): Play => answerList({ data: names.map((id) => ({ id })) });
const answerList =
  (body: unknown): Play =>
  ({ reply }) =>
    reply({ body: JSON.stringify(body) });

describe('models that are discovered', () => {
  const known = async (play: Play): Promise<readonly ProviderModel[]> => {
    const { upstream, provider } = await startAcme([play, () => {}], DISCOVER);
    await upstream.exchange(1); // The list before has been read.
    return provider.models;
  };

  test('are none until the upstream has answered, and then its list', async () => {
    const { upstream, provider } = await startAcme(
      [answerList(JSON.parse(readFixture('openai/models.json'))), () => {}],
      DISCOVER,
    );
    expect(provider).toMatchObject({ models: [], defaultModel: null, defaultImageModel: null });
    const { method, url } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('GET /models');
    await upstream.exchange(1);
    expect(provider.models).toMatchObject([
      { name: 'gpt-4.1-mini', kind: 'CHAT' },
      { name: 'o4-mini', kind: 'CHAT' },
    ]);
    expect(provider).toMatchObject({ defaultModel: 'gpt-4.1-mini', defaultImageModel: null });
  });

  test('are asked for with the key', async () => {
    const { upstream } = await startAcme(list('one'), { ...DISCOVER, apiKey: 'sk-0123456789' });
    expect((await upstream.exchange()).headers.authorization).toBe('Bearer sk-0123456789');
  });

  test('are of the kind IMAGE where they put out pictures and no text', async () => {
    expect(await known(answerList(JSON.parse(readFixture('openrouter/models.json'))))).toMatchObject([
      { name: 'openai/gpt-4.1-mini', kind: 'CHAT' },
      { name: 'google/gemini-2.5-flash-image', kind: 'CHAT' },
      { name: 'example/painter', kind: 'IMAGE' },
    ]);
  });

  const kindOf = async (model: object): Promise<string> => {
    const [found] = await known(answerList({ data: [model] }));
    return found?.kind ?? 'neither';
  };

  test.for([
    [{ type: 'llm' }, 'CHAT'],
    [{ type: 'vlm' }, 'CHAT'],
    [{ type: 'embeddings' }, 'neither'],
    [{ type: 'chat' }, 'CHAT'],
    [{ type: 'language' }, 'CHAT'],
    [{ type: 'image' }, 'IMAGE'],
    [{ type: 'embedding' }, 'neither'],
    [{ type: 'moderation' }, 'neither'],
    [{ type: 'rerank' }, 'neither'],
    [{ type: 'audio' }, 'neither'],
    [{ type: 'transcribe' }, 'neither'],
    [{ type: 'video' }, 'neither'],
    [{ type: 'model' }, 'CHAT'],
    [{ task: 'chat-completion' }, 'CHAT'],
    [{ task: 'video-text-to-text' }, 'CHAT'],
    [{ task: 'text-to-image' }, 'IMAGE'],
    [{ task: 'feature-extraction' }, 'neither'],
    [{ task: 'automatic-speech-recognition' }, 'neither'],
    [{ mode: 'image_generation' }, 'IMAGE'],
    [{ mode: 'audio_speech' }, 'neither'],
    [{ capabilities: { completion_chat: true } }, 'CHAT'],
    [{ capabilities: { completion_chat: false } }, 'neither'],
    [{ capabilities: { vision: true } }, 'CHAT'],
    [{ capabilities: ['completion', 'embedding'] }, 'CHAT'],
    [{ capabilities: ['embedding'] }, 'neither'],
    [{ capabilities: ['vision', 'audio'] }, 'CHAT'],
    [{ architecture: { input_modalities: ['text'], output_modalities: ['text', 'image'] } }, 'CHAT'],
    [{ architecture: { input_modalities: ['text', 'audio'], output_modalities: ['text', 'audio'] } }, 'CHAT'],
    [{ architecture: { input_modalities: ['text', 'image'], output_modalities: ['image'] } }, 'IMAGE'],
    [{ architecture: { input_modalities: ['text'], output_modalities: ['embeddings'] } }, 'neither'],
    [{ architecture: { input_modalities: ['audio'], output_modalities: ['text'] } }, 'neither'],
    [{ architecture: { output_modalities: [] } }, 'CHAT'],
    [{ architecture: null, type: null, capabilities: null }, 'CHAT'],
  ] as const)('that are told of as %j are of the kind %s, whatever their name', async ([told, kind]) => {
    expect(await kindOf({ id: kind === 'CHAT' ? 'quiet-otter' : 'chat-7b', ...told })).toBe(kind);
  });

  test('are told apart by what is told before their names are looked at', async () => {
    expect(await kindOf({ id: 'flux-embed', type: 'llm' })).toBe('CHAT');
    expect(await kindOf({ id: 'whisper', type: 'image' })).toBe('IMAGE');
  });

  test.for([
    'text-embedding-3-small text-embedding-nomic-embed-text-v1.5',
    'mistral-embed codestral-embed nomic-embed-text:latest',
    'all-minilm:22m sentence-transformers/all-MiniLM-L6-v2 BAAI/bge-m3 thenlper/gte-large intfloat/e5-large-v2',
    'mxbai-embed-large snowflake-arctic-embed2 embeddinggemma qwen3-embedding:0.6b granite-embedding:30m',
    'bge-reranker-v2-m3 rerank-v3.5 jina-reranker-v2',
    'whisper-1 distil-whisper-large-v3-en tts-1-hd gpt-4o-mini-tts playai-tts gpt-4o-transcribe gpt-realtime',
    'gpt-4o-realtime-preview sora-2 veo-3.0-generate-001 grok-imagine-video',
    'omni-moderation-latest text-moderation-stable mistral-moderation-latest meta-llama/Llama-Guard-4-12B',
    'davinci-002 babbage-002 gpt-3.5-turbo-instruct',
  ])('are left out by their names alone: %s', async (names) => {
    const ids = names.split(' ');
    expect(await known(answerList({ data: ids.map((id) => ({ id, object: 'model' })) }))).toEqual([]);
  });

  test.for([
    ['dall-e-3 gpt-image-1 chatgpt-image-latest imagen-4.0-generate-001 grok-2-image-1212 grok-imagine-image', 'IMAGE'],
    ['black-forest-labs/FLUX.1-schnell flux-dev flux1-dev stable-diffusion-3.5 stabilityai/sdxl sd3.5-large', 'IMAGE'],
    ['Qwen/Qwen-Image seedream-4.5 ideogram-v3 recraft-v3', 'IMAGE'],
    ['gpt-4o-audio-preview gpt-audio gpt-4o-search-preview gpt-3.5-turbo o3 gpt-oss-safeguard-20b', 'CHAT'],
    [
      'nous-hermes-2 deepseek-ocr grok-2-vision-1212 gemini-2.5-flash-image voxtral-mini-2507 llava video-llama',
      'CHAT',
    ],
    ['embedded-chat-7b mistral-small stable-code stablelm2 gemma-3n-e5b fluxion-7b embers-1 imagenet-chat', 'CHAT'],
  ] as const)('are told apart by their names alone: %s are of the kind %s', async ([names, kind]) => {
    const ids = names.split(' ');
    const models = await known(answerList({ data: ids.map((id) => ({ id })) }));
    expect(models).toMatchObject(ids.map((name) => ({ name, kind })));
  });

  test('are no default where they neither chat nor draw', async () => {
    const data = [{ id: 'nomic-embed-text' }, { id: 'whisper-1' }, { id: 'flux' }, { id: 'llama3.2' }];
    const { upstream, provider } = await startAcme([answerList({ data }), () => {}], DISCOVER);
    await upstream.exchange(1);
    expect(provider).toMatchObject({ defaultModel: 'llama3.2', defaultImageModel: 'flux' });
  });

  test('of OpenRouter are asked for with those that draw', async () => {
    const entry = { type: 'openrouter', apiKey: 'sk-0123456789', models: 'discover' };
    const { upstream } = await startAcme(list('one'), entry);
    expect((await upstream.exchange()).url).toBe('/models?output_modalities=text,image');
  });

  test.for([
    ['a bare list', [{ id: 'one' }, { id: 'two', type: 'chat' }], ['one', 'two']],
    ['a list with other things in it', { data: [null, 5, {}, { id: '' }, { id: 7 }, { id: 'one' }] }, ['one']],
    ['a list that names one twice', { data: [{ id: 'one' }, { id: 'two' }, { id: 'one' }] }, ['one', 'two']],
    ['null for an empty list', { object: 'list', data: null }, []],
  ] as const)('come from %s', async ([_title, body, names]) => {
    expect((await known(answerList(body))).map(({ name }) => name)).toEqual(names);
  });

  test('change when the list does, and are the same array as long as it does not', async () => {
    const { upstream, provider } = await startAcme([list('one'), list('one'), list('one', 'two'), () => {}], DISCOVER);
    const seen: (readonly ProviderModel[])[] = [];
    for (const next of [1, 2, 3]) {
      await upstream.exchange(next);
      seen.push(provider.models);
    }
    expect(seen[0]).toMatchObject([{ name: 'one', kind: 'CHAT' }]);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).toMatchObject([
      { name: 'one', kind: 'CHAT' },
      { name: 'two', kind: 'CHAT' },
    ]);
  });

  const failures: readonly (readonly [string, Play])[] = [
    ['answers 500', ({ reply }) => reply({ status: 500 })],
    ['answers 401', ({ reply }) => reply({ status: 401 })],
    ['breaks off', ({ breakOff }) => breakOff()],
    ['sends a page', ({ reply }) => reply({ body: '<!doctype html>' })],
    ['sends no list', ({ reply }) => reply({ body: '{"data":{"id":"one"}}' })],
    ['sends an error', ({ reply }) => reply({ body: '{"error":{"message":"no"}}' })],
  ];

  test.for(failures)('stay when the upstream %s, and it is asked again', async ([_title, fail]) => {
    const { upstream, provider } = await startAcme([list('one'), fail, fail, list('two'), () => {}], DISCOVER);
    await upstream.exchange(1);
    const first = provider.models;
    await upstream.exchange(3);
    expect(provider.models).toBe(first);
    await upstream.exchange(4);
    expect(provider.models).toMatchObject([{ name: 'two', kind: 'CHAT' }]);
  });

  test('are asked for with growing pauses while the upstream fails, up to the interval', () => {
    for (const [failures, most] of [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000].entries()) {
      const pauses = Array.from({ length: 100 }, () => toPauseMs(failures + 1, 20_000));
      expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(most / 2);
      expect(new Set(pauses).size).toBeGreaterThan(1);
    }
    expect(toPauseMs(5_000, 20_000)).toBeLessThanOrEqual(20_000);
    expect(toPauseMs(1, 5)).toBeLessThanOrEqual(5);
  });

  test('have a problem until they are known, and again while they are not told', async () => {
    const fail: Play = ({ reply }) => reply({ status: 401, body: '{"error":{"message":"No key sk-0123456789"}}' });
    const { upstream, provider } = await startAcme([fail, list('one'), fail, () => {}], {
      ...DISCOVER,
      apiKey: 'sk-0123456789',
    });
    expect(provider.modelsProblem).toBe('acme has not listed its models yet');
    await upstream.exchange(1);
    expect(provider.modelsProblem).toMatch(/^acme answered 401/);
    expect(provider.modelsProblem).not.toContain('0123456789');
    await upstream.exchange(2);
    expect(provider).toMatchObject({ modelsProblem: null, models: [{ name: 'one' }] });
    await upstream.exchange(3);
    expect(provider).toMatchObject({
      modelsProblem: expect.stringMatching(/^acme answered 401/),
      models: [{ name: 'one' }],
    });
  });

  describe('once more', () => {
    const SELDOM = { models: 'discover' };

    test('are there when it settles', async () => {
      const { provider } = await startAcme([list('one'), list('one', 'two')], SELDOM);
      await provider.modelsListed;
      await provider.refreshModels?.();
      expect(provider.models.map(({ name }) => name)).toEqual(['one', 'two']);
    });

    test('are asked for once for all who want them, and not again at once', async () => {
      const { upstream, provider } = await startAcme(list('one'), SELDOM);
      await provider.modelsListed;
      await Promise.all(Array.from({ length: 100 }, () => provider.refreshModels?.()));
      for (let at = 0; at < 100; at++) await provider.refreshModels?.();
      expect(upstream.exchanges).toHaveLength(2);
    });

    test('are asked for again after five seconds', async () => {
      vi.useFakeTimers({ toFake: ['performance'] });
      onTestFinished(() => void vi.useRealTimers());
      const { upstream, provider } = await startAcme(list('one'), SELDOM);
      await provider.modelsListed;
      for (const [ms, lists] of [
        [0, 2],
        [4_999, 2],
        [1, 3],
        [1, 3],
      ] as const) {
        vi.advanceTimersByTime(ms);
        await provider.refreshModels?.();
        expect(upstream.exchanges).toHaveLength(lists);
      }
    });

    test('are not asked for while the first list is awaited', async () => {
      const asked = Promise.withResolvers<void>();
      const { upstream, provider } = await startAcme(async (exchange) => {
        await asked.promise;
        list('one')(exchange);
      }, SELDOM);
      const waiting = [provider.refreshModels?.(), provider.refreshModels?.()];
      asked.resolve();
      await Promise.all(waiting);
      expect(provider.models.map(({ name }) => name)).toEqual(['one']);
      expect(upstream.exchanges).toHaveLength(1);
    });

    test('are not asked for when the provider is closed', async () => {
      const { upstream, provider } = await startAcme(list('one'), SELDOM);
      await provider.modelsListed;
      await provider.close?.();
      await provider.refreshModels?.();
      expect(upstream.exchanges).toHaveLength(1);
    });
  });

  test('leave the provider as it is configured while they are not known', async () => {
    const { provider } = await startAcme(() => {}, { ...DISCOVER, defaultModel: 'one', defaultImageModel: 'two' });
    expect(provider).toMatchObject({ models: [], defaultModel: 'one', defaultImageModel: 'two' });
    expect(provider.streamChat).toBeDefined();
    expect(provider.generateImages).toBeDefined();
  });

  test('do not stand in the way of a chat', async () => {
    const { upstream, provider } = await startAcme((exchange) => {
      if (exchange.method === 'POST') answerWith(event({ content: 'Hello' }, 'stop'))(exchange);
    }, DISCOVER);
    await upstream.exchange();
    expect(textOf(await collect(chat(provider)))).toBe('Hello');
  });

  test('are not asked for any more when the provider is closed, in the middle of an answer or between two', async () => {
    const silent = await startAcme(() => {}, DISCOVER);
    const exchange = await silent.upstream.exchange();
    await silent.provider.close?.();
    await exchange.closed;
    const { upstream, provider } = await startAcme(list('one'), DISCOVER);
    await upstream.exchange(1);
    await provider.close?.();
    await upstream.allClosed();
    const { length } = upstream.exchanges;
    await new Promise((resolve) => setTimeout(resolve, 30)); // Six intervals.
    expect(upstream.exchanges).toHaveLength(length);
    expect(silent.upstream.exchanges).toHaveLength(1);
  });

  test('may be a thousand', async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `maker/model-${at}`);
    const data = names.map((id) => ({
      id,
      description: 'x'.repeat(500),
      architecture: { output_modalities: ['text'] },
    }));
    expect(await known(answerList({ data }))).toHaveLength(1_000);
  });
});

describe('models that are listed in the configuration', () => {
  test('are not asked for', async () => {
    const { upstream, provider } = await startAcme(answerWith(event({ content: 'Hello' }, 'stop')), {
      models: ['one'],
      discoverIntervalMs: 1,
    });
    await collect(chat(provider));
    expect(upstream.exchanges.map(({ method }) => method)).toEqual(['POST']);
    expect(provider).toMatchObject({ modelsProblem: null });
    expect(provider.refreshModels).toBeUndefined();
  });

  test('are what they are configured as, whatever their names', () => {
    const models = ['nomic-embed-text', { name: 'whisper', kind: 'IMAGE' }, { name: 'flux', kind: 'CHAT' }];
    const provider = createAcme({ baseUrl: 'http://127.0.0.1:1', models });
    expect(provider.models.map(({ kind }) => kind)).toEqual(['CHAT', 'IMAGE', 'CHAT']);
  });

  test.for([
    [['one'], true, false],
    [[{ name: 'one', kind: 'IMAGE' }], false, true],
    [['one', { name: 'two', kind: 'IMAGE' }], true, true],
  ] as const)('%j: chat %s, pictures %s', ([models, chats, draws]) => {
    const provider = createAcme({ baseUrl: 'http://127.0.0.1:1', models });
    expect(provider.streamChat !== undefined).toBe(chats);
    expect(provider.generateImages !== undefined).toBe(draws);
  });
});
