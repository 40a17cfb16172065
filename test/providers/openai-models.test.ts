import { describe, expect, test } from 'vitest';
import { toPauseMs } from '../../src/providers/openai-models.ts';
import type { ProviderModel } from '../../src/providers/provider.ts';
import type { Play } from '../helpers/fake-upstream.ts';
import { answerWith, createAcme, event, readFixture, startAcme } from '../helpers/openai-server.ts';
import { chat, collect, textOf } from '../helpers/provider-suite.ts';

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
    expect(provider.models).toEqual([
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
    expect(await known(answerList(JSON.parse(readFixture('openrouter/models.json'))))).toEqual([
      { name: 'openai/gpt-4.1-mini', kind: 'CHAT' },
      { name: 'google/gemini-2.5-flash-image', kind: 'CHAT' },
      { name: 'example/painter', kind: 'IMAGE' },
    ]);
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
    expect(seen[0]).toEqual([{ name: 'one', kind: 'CHAT' }]);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).toEqual([
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
    expect(provider.models).toEqual([{ name: 'two', kind: 'CHAT' }]);
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
