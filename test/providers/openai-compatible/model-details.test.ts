import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Exchange, type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createAcme, readFixture } from '../../helpers/openai-server.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `model-${at}`);
const list = (models: readonly string[], created: number | ((name: string) => number) = 1) =>
  JSON.stringify({
    data: models.map((id) => ({ id, created: typeof created === 'number' ? created : created(id) })),
  });
const TOOLS = JSON.stringify({ capabilities: ['completion', 'tools'], model_info: {} });

/** An Ollama that lists `lists` in turn, the last one again and again, and shows a model as it is told. */
async function startOllama(lists: readonly string[], show: Play, more: object = {}) {
  let asked = 0;
  const upstream = await startFakeUpstream((exchange) => {
    if (exchange.method === 'POST') return show(exchange);
    return exchange.reply({ body: lists[Math.min(asked++, lists.length - 1)] ?? '' });
  });
  const provider = createAcme({ type: 'ollama', baseUrl: `${upstream.url}/v1`, models: 'discover', ...more });
  const shown = () =>
    upstream.exchanges.filter(({ url }) => url === '/api/show').map(({ body }) => JSON.parse(body).model as string);
  const tools = () => provider.models.map(({ capabilities }) => capabilities?.tools);
  await provider.modelsListed;
  return { upstream, provider, shown, tools };
}

describe('what is told of each model', () => {
  test('is asked for once for each, and at most four at once', async () => {
    let open = 0;
    let most = 0;
    const { shown, tools } = await startOllama([list(names(20))], async ({ reply }) => {
      most = Math.max(most, ++open);
      await sleep(1);
      open--;
      reply({ body: TOOLS });
    });
    await expect.poll(tools).toEqual(names(20).map(() => true));
    expect(shown().toSorted()).toEqual(names(20).toSorted());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('does not keep the list waiting, and comes to it when it is there', async () => {
    const asked = Promise.withResolvers<Exchange>();
    const { provider, tools } = await startOllama([list(['one'])], asked.resolve);
    expect(provider).toMatchObject({ models: [{ name: 'one' }], modelsProblem: null });
    expect(tools()).toEqual([null]);
    (await asked.promise).reply({ body: TOOLS });
    await expect.poll(tools).toEqual([true]);
  });

  test('is asked for again only of a model that has changed, and stays of the others', async () => {
    const changed = (name: string) => (name === 'model-1' ? 2 : 1);
    const { upstream, shown, tools } = await startOllama(
      [list(names(3)), list(names(3), changed)],
      ({ reply }) => reply({ body: TOOLS }),
      { discoverIntervalMs: 5 },
    );
    await expect.poll(() => upstream.exchanges.filter(({ method }) => method === 'GET').length).toBeGreaterThan(4);
    expect(tools()).toEqual([true, true, true]);
    expect(shown().toSorted()).toEqual(['model-0', 'model-1', 'model-1', 'model-2']);
  });

  test('is left alone where nobody answers', async () => {
    const { shown, tools } = await startOllama([list(names(50))], ({ reply }) => reply({ status: 404 }));
    expect(tools()).toEqual(names(50).map(() => null));
    expect(shown()).toHaveLength(4);
  });

  test('is known of the others where one cannot be shown', async () => {
    const { tools } = await startOllama([list(names(9))], ({ body, reply }) =>
      JSON.parse(body).model === 'model-2' ? reply({ status: 500 }) : reply({ body: TOOLS }),
    );
    await expect.poll(tools).toEqual(names(9).map((name) => (name === 'model-2' ? null : true)));
  });

  test.for(['', 'null', '[]', '{"capabilities":"tools","model_info":[]}', '<!doctype html>'])(
    'is not known where the answer is %j',
    async (body) => {
      const { tools, shown } = await startOllama([list(['one'])], ({ reply }) => reply({ body }));
      expect(tools()).toEqual([null]);
      expect(shown()).toEqual(['one']);
    },
  );

  test('is not asked for any more when the provider is closed', async () => {
    const asked = Promise.withResolvers<Exchange>();
    const { upstream, provider } = await startOllama([list(names(9))], asked.resolve);
    await asked.promise;
    await provider.close?.();
    await upstream.allClosed();
    expect(upstream.exchanges.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(4);
  });
});

describe('another list', () => {
  const startStudio = async (own: Play) => {
    const { url } = await startFakeUpstream((exchange) =>
      exchange.url === '/v1/models' ? exchange.reply({ body: readFixture('models/lmstudio.json') }) : own(exchange),
    );
    const provider = createAcme({ type: 'lmstudio', baseUrl: `${url}/v1`, models: 'discover' });
    await provider.modelsListed;
    return provider;
  };
  const plain = ['example/otter-8b', 'otter-eye-7b', 'plain-vectors'];

  test.for<[string, Play]>([
    ['an error with a status', ({ reply }) => reply({ status: 404 })],
    ['an error without one', ({ reply }) => reply({ body: '{"error":"Unexpected endpoint or method."}' })],
    ['a page', ({ reply }) => reply({ body: '<!doctype html>' })],
    ['a broken answer', ({ breakOff }) => breakOff()],
    ['nothing', () => {}],
  ])('that is %s leaves the models as they are listed', async ([, own]) => {
    const provider = await startStudio(own);
    expect(provider.models.map(({ name }) => name)).toEqual(plain);
    expect(provider.modelsProblem).toBeNull();
  });

  test('adds no model, and takes none away of which it says nothing', async () => {
    const provider = await startStudio(({ reply }) => reply({ body: '{"data":[{"id":"other","type":"llm"}]}' }));
    expect(provider.models.map(({ name }) => name)).toEqual(plain);
  });
});
