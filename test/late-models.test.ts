import { describe, expect, test } from 'vitest';
import { overPost, overSse, overWebSocket, type Request, type Result } from './helpers/clients.ts';
import { type Exchange, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { leftOverWebSocket, overHttp, type Start } from './helpers/leavers.ts';
import { answerWith, DONE, event } from './helpers/openai-server.ts';
import { startServer } from './helpers/server.ts';

const ask = (model: string | null, more: object = {}): Request => ({
  query: `subscription ($input: ChatInput!, $after: Int) {
    chat(input: $input, after: $after) { __typename ... on ChatDelta { text } ... on ChatFailed { code } }
  }`,
  variables: {
    input: { messages: [{ role: 'USER', content: 'hello' }], ...(model === null ? {} : { model }), ...more },
  },
});
const complete = (model: string): Request => ({
  query: 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename ... on ChatAnswer { text } } }',
  variables: { input: { messages: [{ role: 'USER', content: 'hello' }], model } },
});
const draw = (model: string): Request => ({
  query: 'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename } }',
  variables: { input: { prompt: 'a cat', model } },
});

const streams = [
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
] as const;

const reply = (names: readonly string[], { reply }: Exchange) =>
  reply({ body: JSON.stringify({ data: names.map((id) => ({ id })) }) });

/** A server whose upstream lists `listed` at the start, and then answers as it is told when it is asked once more. */
async function startLate(listed: readonly string[], again: Play, more: object = {}) {
  let lists = 0;
  const upstream = await startFakeUpstream((exchange) => {
    if (exchange.url === '/images/generations') {
      return exchange.reply({ body: '{"data":[{"url":"https://images.example/1.png"}]}' });
    }
    if (exchange.url === '/api/show') return exchange.reply({ status: 404 });
    if (exchange.method === 'POST') return answerWith(event({ content: 'Hello' }, 'stop'), DONE)(exchange);
    return lists++ === 0 ? reply(listed, exchange) : again(exchange);
  });
  const providers = { ollama: { type: 'ollama', baseUrl: upstream.url } };
  const server = await startServer({ config: { ...more, providers } });
  await server.app.modelsListed(new AbortController().signal);
  const asked = (wanted: string) =>
    upstream.exchanges.filter(({ method, url }) => method === wanted && url !== '/api/show').length;
  return { server, upstream, asked };
}

const errorOf = ([result]: readonly Result[]) => result?.errors?.[0];
const chatted = (results: readonly Result[]) =>
  results.map(({ data }) => (data?.chat as { __typename: string } | undefined)?.__typename);

describe('a model that has come since the last list', () => {
  const pulled: Play = (exchange) => reply(['old', 'new', 'flux'], exchange);

  test.for(streams)('answers a chat over %s', async ([, run]) => {
    for (const input of [{ model: 'ollama/new' }, { model: 'new' }, { model: 'new', provider: 'ollama' }]) {
      const { server, asked } = await startLate(['old'], pulled);
      expect(chatted(await run(server, ask(null, input)))).toEqual(['ChatStarted', 'ChatDelta', 'ChatFinished']);
      expect(asked('GET')).toBe(2);
    }
  });

  test.for(streams)('is the default of a chat over %s', async ([, run]) => {
    const { server } = await startLate(['old'], pulled, { defaults: { chat: 'ollama/new' } });
    expect(chatted(await run(server, ask(null)))).toEqual(['ChatStarted', 'ChatDelta', 'ChatFinished']);
  });

  test('answers a whole chat, and makes a picture', async () => {
    const { server } = await startLate(['old'], pulled);
    expect(await overPost(server, complete('ollama/new'))).toMatchObject([
      { data: { completeChat: { text: 'Hello' } } },
    ]);
    const other = await startLate(['old'], pulled);
    const [drawn] = await overPost(other.server, draw('ollama/flux'));
    expect(drawn).toEqual({ data: { generateImage: { __typename: 'GeneratedImages' } } });
  });
});

describe('a model that is not there', () => {
  test.for(streams)(
    'is told over %s, and costs one list in five seconds, however often it is asked for',
    async ([, run]) => {
      const { server, asked } = await startLate(['old'], (exchange) => reply(['old'], exchange));
      for (let at = 0; at < 5; at++) {
        const results = await Promise.all([run(server, ask('ollama/new')), run(server, ask('nothing'))]);
        for (const result of results) {
          expect(errorOf(result)).toMatchObject({
            extensions: { code: 'MODEL_NOT_FOUND', closest: expect.any(Array) },
          });
        }
      }
      expect(asked('GET')).toBe(2);
      expect(asked('POST')).toBe(0);
    },
  );

  test.for(streams)(
    'costs no list over %s where its provider is not there or it is a chat that is joined',
    async ([, run]) => {
      const { server, asked } = await startLate(['old'], () => {});
      expect(errorOf(await run(server, ask('new', { provider: 'nobody' })))?.extensions?.code).toBe(
        'PROVIDER_NOT_FOUND',
      );
      const { query, variables } = ask('ollama/new', { id: 'an-id' });
      const joined = await run(server, { query, variables: { ...variables, after: 3 } });
      expect(errorOf(joined)).toBeDefined();
      expect(asked('GET')).toBe(1);
    },
  );

  test.for(streams)('is told over %s with the reason why it is not known', async ([, run]) => {
    const fail: Play = ({ reply }) => reply({ status: 503, body: '{"error":"Loading"}' });
    const { server } = await startLate(['old'], fail, { defaults: { chat: 'ollama/new' } });
    const message = /^The default model 'ollama\/new' is not there \(Ollama answered 503: Loading\)\.$/;
    expect(errorOf(await run(server, ask(null)))).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'MODEL_NOT_FOUND' },
    });
    const [result] = await overPost(server, { query: '{ provider(id: "ollama") { modelsProblem } }' });
    expect(result).toEqual({ data: { provider: { modelsProblem: 'Ollama answered 503: Loading' } } });
  });

  test('leaves the providers whose models are known without a problem', async () => {
    const { server } = await startLate(['old'], () => {});
    const [result] = await overPost(server, { query: '{ providers { id modelsProblem } }' });
    const ids = ['local', 'websim', 'aichats', 'chatgptfree', 'ollama'];
    expect(result?.data?.providers).toEqual(ids.map((id) => ({ id, modelsProblem: null })));
  });
});

const chat = ask('ollama/new');
const resumable = ask('ollama/new', { id: '5f0c6f3e-8f7a-4a57-9b5c-0a3f5f1d2c11' });

describe('while the list is awaited', () => {
  test.for<[string, Start, Request]>([
    ['a chat over SSE that is left', overHttp('text/event-stream'), chat],
    ['a chat with an id over SSE that is left', overHttp('text/event-stream'), resumable],
    ['a chat over WebSocket that is completed', leftOverWebSocket('complete'), chat],
    ['a chat with an id over WebSocket that is completed', leftOverWebSocket('complete'), resumable],
    ['a chat over a WebSocket that closes', leftOverWebSocket('close'), chat],
    ['a chat with an id over a WebSocket that closes', leftOverWebSocket('close'), resumable],
    ['a whole chat over POST that is dropped', overHttp('application/json'), complete('ollama/new')],
    ['a picture over WebSocket that is completed', leftOverWebSocket('complete'), draw('ollama/flux')],
  ])('%s is let go at once, and calls nothing', async ([_title, start, request]) => {
    const awaited = Promise.withResolvers<Exchange>();
    const { server, asked } = await startLate(['old'], awaited.resolve);
    const leave = start(server, request);
    const exchange = await awaited.promise;
    leave();
    await expect
      .poll(() => server.log.filter(({ msg }) => msg === 'operation'), { interval: 1, timeout: 10_000 })
      .toHaveLength(1);
    expect(server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'LEFT' });
    reply(['old', 'new', 'flux'], exchange);
    // The next one is answered after what the list has set going, if it has.
    expect(chatted(await overSse(server, ask('new')))).toEqual(['ChatStarted', 'ChatDelta', 'ChatFinished']);
    expect(asked('POST')).toBe(1);
    expect(server.errors()).toEqual([]);
  });

  test('a stop of the server ends a chat that has not begun', async () => {
    const awaited = Promise.withResolvers<void>();
    const { server, asked } = await startLate(['old'], () => awaited.resolve(), { limits: { shutdownGraceMs: 1 } });
    const results = overSse(server, chat);
    await awaited.promise;
    const stopped = server.app.stop();
    expect(errorOf(await results)).toMatchObject({ extensions: { code: 'SHUTTING_DOWN' } });
    await stopped;
    expect(asked('POST')).toBe(0);
    expect(server.errors()).toEqual([]);
  });
});
