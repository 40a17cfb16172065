import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  isRising,
  overPost,
  overSse,
  overWebSocket,
  type Request,
  type Result,
  withDeltasJoined,
} from './helpers/clients.ts';
import { type Exchange, inBytes, startFakeUpstream } from './helpers/fake-upstream.ts';
import { DONE, event } from './helpers/openai-server.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { seq model { id } }
    ... on ChatDelta { seq text offset }
    ... on ChatFinished { seq length finishReason usage { totalTokens } }
    ... on ChatFailed { seq code message retryable attempts { code model { id } } }
  }
}`;
const COMPLETE = `mutation ($input: ChatInput!) {
  completeChat(input: $input) { __typename ... on ChatAnswer { text model { id } } ... on ChatFailed { code retryable } }
}`;
const IMAGE = `mutation ($input: GenerateImageInput!) {
  generateImage(input: $input) { __typename ... on GeneratedImages { images { url alt } model { id } prompt } ... on ImageFailed { code retryable } }
}`;

const ANSWER = 'Grüße aus 東京 👋🏽, schön!';

/** Answers in single bytes, so that lines and characters are cut everywhere. */
async function inPieces({ begin, send, end }: Exchange, body: string): Promise<void> {
  await begin();
  await send(...inBytes(body));
  end();
}

interface Site {
  /** Its entry in the configuration, beside the base URL. */
  readonly entry?: object;
  readonly model: string;
  answer(exchange: Exchange): unknown;
  readonly imageModel?: string;
}

/** The three public sites, and a server of one's own, as they answer when all is well. */
const sites: Readonly<Record<string, Site>> = {
  websim: {
    entry: { retryBaseMs: 1 },
    model: 'websim/gemini-1.5-pro',
    imageModel: 'websim/flux',
    answer: (exchange) => {
      const image = exchange.url.endsWith('run_image_generation');
      return inPieces(
        exchange,
        JSON.stringify(image ? { url: 'https://images.example/1.png' } : { content: ` ${ANSWER}\n` }),
      );
    },
  },
  aichats: {
    model: 'aichats/gpt-4',
    imageModel: 'aichats/dalle',
    answer(exchange) {
      if (JSON.parse(exchange.body).type === 'image')
        return inPieces(exchange, '{"data":[{"url":"https://images.example/1.png"}]}');
      const fragments = ANSWER.match(/.{1,5}/gu) ?? [];
      return inPieces(exchange, fragments.map((fragment) => `data: ${fragment}\r\n\r\n`).join(''));
    },
  },
  chatgptfree: {
    model: 'chatgptfree/gpt-4o-mini-2024-07-18',
    answer(exchange) {
      if (exchange.method === 'GET') return inPieces(exchange, '<main data-post-id="7" data-nonce="abc">');
      const fragments = ANSWER.match(/.{1,5}/gu) ?? [];
      const chunks = fragments.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      return inPieces(exchange, `${chunks.join('')}data: [DONE]\n\n`);
    },
  },
  acme: {
    entry: {
      type: 'openai-compatible',
      apiKey: 'sk-0123456789',
      models: ['makers/writer', { name: 'painter', kind: 'IMAGE' }],
    },
    model: 'acme/makers/writer',
    imageModel: 'acme/painter',
    answer(exchange) {
      if (exchange.url === '/images/generations') {
        const { n } = JSON.parse(exchange.body);
        return inPieces(exchange, JSON.stringify({ data: Array(n).fill({ url: 'https://images.example/1.png' }) }));
      }
      const fragments = ANSWER.match(/.{1,5}/gu) ?? [];
      return inPieces(exchange, [...fragments.map((content) => event({ content })), event({}, 'stop'), DONE].join(''));
    },
  },
};

async function startWith(id: string, play: (exchange: Exchange) => unknown): Promise<TestServer> {
  const { url: baseUrl } = await startFakeUpstream(play);
  return startServer({ config: { providers: { [id]: { baseUrl, ...sites[id]?.entry } } } });
}

const ask = (
  query: string,
  provider: string,
  input: object = { messages: [{ role: 'USER', content: 'hello' }] },
): Request => ({
  query,
  variables: { input: { provider, ...input } },
});

const chatEvents = (results: readonly Result[]) => results.map(({ data }) => data?.chat as Record<string, unknown>);

describe.for(Object.entries(sites))('%s', ([id, { model, imageModel, answer }]) => {
  test.for([
    ['SSE', overSse],
    ['WebSocket', overWebSocket],
  ] as const)('streams a chat over %s', async ([, run]) => {
    const events = chatEvents(await run(await startWith(id, answer), ask(CHAT, id)));
    expect(isRising(events.map(({ seq }) => Number(seq)))).toBe(true);
    expect(events[0]).toMatchObject({ __typename: 'ChatStarted', model: { id: model } });
    let text = '';
    for (const delta of events.slice(1, -1)) {
      expect(delta).toMatchObject({ __typename: 'ChatDelta', offset: text.length });
      text += delta.text;
    }
    expect(text).toBe(ANSWER);
    expect(events.at(-1)).toMatchObject({
      __typename: 'ChatFinished',
      length: ANSWER.length,
      finishReason: 'STOP',
      usage: null,
    });
  });

  test('answers a whole chat', async () => {
    const [result] = await overPost(await startWith(id, answer), ask(COMPLETE, id));
    expect(result).toEqual({
      data: { completeChat: { __typename: 'ChatAnswer', text: ANSWER, model: { id: model } } },
    });
  });

  if (imageModel === undefined) return;

  test('makes pictures', async () => {
    const [result] = await overPost(await startWith(id, answer), ask(IMAGE, id, { prompt: 'a cat', count: 2 }));
    const image = { url: 'https://images.example/1.png', alt: 'a cat' };
    expect(result).toEqual({
      data: {
        generateImage: {
          __typename: 'GeneratedImages',
          images: [image, image],
          model: { id: imageModel },
          prompt: 'a cat',
        },
      },
    });
  });

  test('answers a chat in a picture', async () => {
    const query =
      'subscription ($input: ChatInput!) { chat(input: $input) { __typename ... on ChatImage { image { url alt } } } }';
    const messages = [{ role: 'USER', content: ' a cat ' }];
    const events = chatEvents(
      await overSse(await startWith(id, answer), ask(query, id, { model: imageModel, messages })),
    );
    expect(events).toEqual([
      { __typename: 'ChatStarted' },
      { __typename: 'ChatImage', image: { url: 'https://images.example/1.png', alt: 'a cat' } },
      { __typename: 'ChatFinished' },
    ]);
  });
});

test('xAI, which refuses a size, makes pictures of every shape', async () => {
  const { url: baseUrl } = await startFakeUpstream(({ body, reply }) =>
    'size' in JSON.parse(body)
      ? reply({ status: 400, body: '{"code":"400","error":"Argument not supported: size"}' })
      : reply({ body: '{"data":[{"url":"https://images.example/1.png"}]}' }),
  );
  const xai = { type: 'xai', apiKey: 'sk-0123456789', baseUrl, models: [{ name: 'painter', kind: 'IMAGE' }] };
  const server = await startServer({ config: { providers: { xai } } });
  for (const aspectRatio of ['1:1', '16:9', '1:64']) {
    const [result] = await overPost(server, ask(IMAGE, 'xai', { prompt: 'a cat', aspectRatio }));
    const images = [{ url: 'https://images.example/1.png', alt: 'a cat' }];
    expect(result?.data?.generateImage).toMatchObject({ __typename: 'GeneratedImages', images });
  }
});

/** What an upstream does, and the failure it becomes. */
const faults: readonly (readonly [string, (exchange: Exchange) => unknown, string, boolean])[] = [
  ['429', ({ reply }) => reply({ status: 429 }), 'RATE_LIMITED', true],
  ['402', ({ reply }) => reply({ status: 402 }), 'RATE_LIMITED', false],
  ['401', ({ reply }) => reply({ status: 401 }), 'UNAUTHORIZED', false],
  ['403', ({ reply }) => reply({ status: 403 }), 'UNAUTHORIZED', false],
  ['a bot challenge', ({ reply }) => reply({ status: 403, body: '<title>Just a moment...</title>' }), 'BLOCKED', false],
  ['504', ({ reply }) => reply({ status: 504 }), 'TIMEOUT', true],
  ['500', ({ reply }) => reply({ status: 500 }), 'UNAVAILABLE', true],
  ['404', ({ reply }) => reply({ status: 404 }), 'REJECTED', false],
  ['a reset', ({ reset }) => reset(), 'UNREACHABLE', true],
  ['a page', ({ reply }) => reply({ body: '<!doctype html><p>Hello' }), 'BAD_RESPONSE', false],
  ['nothing', ({ reply }) => reply({}), 'BAD_RESPONSE', false],
];

describe.for(Object.keys(sites))('a failure of %s', (id) => {
  test.for(faults)('%s', async ([_title, play, code, retryable]) => {
    const server = await startWith(id, play);
    const [overEvents, overSocket] = await Promise.all([
      overSse(server, ask(CHAT, id)),
      overWebSocket(server, ask(CHAT, id)),
    ]);
    const failed = {
      __typename: 'ChatFailed',
      seq: 0,
      code,
      retryable,
      attempts: [{ code, model: { id: sites[id]?.model } }],
    };
    expect(chatEvents(overEvents)).toEqual([{ ...failed, message: expect.any(String) }]);
    expect(chatEvents(overSocket)).toEqual([{ ...failed, message: expect.any(String) }]);
    const [result] = await overPost(server, ask(COMPLETE, id));
    expect(result).toEqual({ data: { completeChat: { __typename: 'ChatFailed', code, retryable } } });
    if (!sites[id]?.imageModel) return;
    const [image] = await overPost(server, ask(IMAGE, id, { prompt: 'a cat' }));
    expect(image).toEqual({ data: { generateImage: { __typename: 'ImageFailed', code, retryable } } });
    expect(server.errors()).toEqual([]);
  });
});

describe('an answer in the dialect of', () => {
  const folder = 'test/fixtures/openai-compatible';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(sse|json)$/.test(file));

  test.for(files)('%s is told alike over SSE and WebSocket', async (file) => {
    const body = readFileSync(join(folder, file), 'utf8');
    const upstream = await startFakeUpstream((exchange) => inPieces(exchange, body));
    const server = await startServer({
      config: { providers: { server: { type: 'openai-compatible', baseUrl: `${upstream.url}/v1`, models: ['m'] } } },
    });
    const [overEvents, overSocket] = await Promise.all([
      overSse(server, ask(TOLD, 'server')),
      overWebSocket(server, ask(TOLD, 'server')),
    ]);
    expect(withDeltasJoined(overSocket)).toEqual(withDeltasJoined(overEvents));
    const ends = chatEvents(overEvents).filter(
      ({ __typename: type }) => type === 'ChatFinished' || type === 'ChatFailed',
    );
    expect(ends).toHaveLength(1);
    expect(chatEvents(overEvents).at(-1)).toBe(ends[0]);
    expect(server.errors()).toEqual([]);
  });
});

const TOLD = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatDelta { text offset }
    ... on ChatReasoningDelta { text offset }
    ... on ChatImage { image { url alt } }
    ... on ChatFinished { length finishReason rawFinishReason usage { promptTokens completionTokens reasoningTokens totalTokens } }
    ... on ChatFailed { code message }
  }
}`;
