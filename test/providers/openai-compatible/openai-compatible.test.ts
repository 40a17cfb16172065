import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Play } from '../../helpers/fake-upstream.ts';
import { assistant, system, user } from '../../helpers/messages.ts';
import { answerWith, createAcme, DONE, data, event, startAcme } from '../../helpers/openai-server.ts';
import { chat, collect, createSettings, describeProvider, joinText } from '../../helpers/provider-suite.ts';

const MODELS = ['acme-1', { name: 'acme-painter', kind: 'IMAGE' }];

describeProvider({
  name: 'An OpenAI-compatible server',
  create: (options, settings) => createAcme({ models: MODELS, ...options }, settings),
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [...texts.map((content) => event({ content })), event({}, 'stop') + DONE],
      empty: event({ role: 'assistant', content: '' }) + event({}, 'stop') + DONE,
    },
    images: { answer: '{"created":1,"data":[{"url":"https://images.example/1.png"}]}', empty: '{"data":[]}' },
  },
});

test('is what it says it is', () => {
  const provider = createAcme({ baseUrl: 'http://127.0.0.1:1', models: MODELS });
  expect(provider).toMatchObject({
    id: 'acme',
    name: 'acme',
    url: null,
    working: true,
    needsAuth: false,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    models: [
      {
        name: 'acme-1',
        kind: 'CHAT',
        capabilities: { options: null, inputs: null, tools: null },
      },
      { name: 'acme-painter', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 10 } },
    ],
    defaultModel: 'acme-1',
    defaultImageModel: 'acme-painter',
  });
  expect(provider.models).toBe(provider.models);
});

test('is what its entry says', () => {
  const models = ['one', { name: 'two', aliases: ['second'] }, { name: 'three', kind: 'IMAGE' }, 'four'];
  const entry = { name: 'Acme', working: false, models, defaultModel: 'two', maxImagesPerCall: 4, apiKey: 'key-0123' };
  expect(createAcme({ baseUrl: 'http://127.0.0.1:1', ...entry })).toMatchObject({
    name: 'Acme',
    working: false,
    needsAuth: true,
    models: [
      { name: 'one' },
      { name: 'two', aliases: ['second'] },
      { name: 'three', kind: 'IMAGE', capabilities: { imagesPerCall: 4 } },
      { name: 'four' },
    ],
    defaultModel: 'two',
    defaultImageModel: 'three',
  });
});

describe('a request', () => {
  const hello = answerWith(event({ content: 'Hello' }, 'stop'), DONE);

  test('holds the messages and no option that was not given', async () => {
    const { upstream, provider } = await startAcme(hello);
    const messages = [system('Be "brief".'), user('Grüße 👋'), assistant('  '), user('')];
    await collect(chat(provider, undefined, messages));
    const { method, url, headers, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /chat/completions');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'user-agent': 'modelql',
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.parse(body)).toEqual({
      model: 'acme-1',
      messages: [
        { role: 'system', content: 'Be "brief".' },
        { role: 'user', content: 'Grüße 👋' },
        { role: 'assistant', content: '  ' },
        { role: 'user', content: '' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('holds the options that were given, zero too', async () => {
    const { upstream, provider } = await startAcme(hello);
    const options = { temperature: 0, topP: 0.5, maxTokens: 20, stop: ['\n', 'END'], seed: 0 };
    await collect(chat(provider, undefined, undefined, options));
    expect(JSON.parse((await upstream.exchange()).body)).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_tokens: 20,
      stop: ['\n', 'END'],
      seed: 0,
    });
  });

  test('names the longest answer as the server does', async () => {
    const { upstream, provider } = await startAcme(hello, { maxTokensField: 'max_completion_tokens' });
    await collect(chat(provider, undefined, undefined, { maxTokens: 20 }));
    const body = JSON.parse((await upstream.exchange()).body);
    expect(body).toMatchObject({ max_completion_tokens: 20 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  test('asks for no usage where the server refuses that', async () => {
    const { upstream, provider } = await startAcme(hello, { streamUsage: false });
    await collect(chat(provider));
    expect(JSON.parse((await upstream.exchange()).body)).not.toHaveProperty('stream_options');
  });

  test('has the key, the headers and the cookie of the entry', async () => {
    const entry = { apiKey: 'sk-0123456789', headers: { 'X-Title': 'Acme' }, cookie: 'a=b' };
    const { upstream, provider } = await startAcme(hello, entry);
    await collect(chat(provider));
    expect((await upstream.exchange()).headers).toMatchObject({
      authorization: 'Bearer sk-0123456789',
      'x-title': 'Acme',
      cookie: 'a=b',
    });
  });

  test('has an authorization of the entry in place of the key', async () => {
    const { upstream, provider } = await startAcme(hello, { apiKey: 'sk-1', headers: { Authorization: 'Basic eA==' } });
    await collect(chat(provider));
    expect((await upstream.exchange()).headers.authorization).toBe('Basic eA==');
  });

  test('goes out on the connection of the one before, where the body ends a little after its last event', async () => {
    const { upstream, provider } = await startAcme(async (exchange) => {
      await exchange.begin();
      await exchange.send(event({ content: 'Hello' }, 'stop') + DONE);
      await exchange.send(': bye\n');
      exchange.end();
    });
    for (const _time of [1, 2, 3]) {
      await collect(chat(provider));
      await nextTurn();
    }
    expect(upstream.exchanges).toHaveLength(3);
    expect(upstream.openSockets).toBe(1);
  });
});

/** A usage that tells nothing. */
const uncounted = {
  promptTokens: null,
  cachedPromptTokens: null,
  cacheWriteTokens: null,
  completionTokens: null,
  reasoningTokens: null,
  totalTokens: null,
};

describe('an answer', () => {
  const answerTo = async (...events: string[]) =>
    joinText(await collect(chat((await startAcme(answerWith(...events))).provider)));
  const finish = (more: object = {}) => ({ type: 'finish', reason: 'STOP', rawReason: 'stop', usage: null, ...more });
  const stop = event({}, 'stop');

  test.for([
    ['a delta with only a role', event({ role: 'assistant' })],
    ['a delta that is null', event(null)],
    ['no delta', event(undefined)],
    ['empty content', event({ content: '' })],
    ['null content', event({ content: null, refusal: null, reasoning: null, images: null })],
    ['no choices', data({ choices: [] })],
    ['choices that are null', data({ choices: null })],
    ['an empty object', data({})],
    ['an error that is null', data({ error: null, choices: [] })],
    ['empty lists', event({ content: [], tool_calls: [], images: [] })],
    ['values of other types', event({ content: 5, refusal: {}, reasoning: [], images: [null] })],
    ['content parts of other types', event({ content: [null, 'x', { type: 'reference' }, { type: 'text', text: 1 }] })],
    ['a finish reason that is empty', event({}, '')],
    ['a value that is no object', 'data: 5\n\ndata: "text"\n\ndata: null\n\n'],
    ['an event without data', 'data:\n\nevent: ping\n\n'],
  ])('has no part in %s', async ([_title, said = '']) => {
    expect(await answerTo(said, event({ content: 'Hello' }), said, stop, said, DONE)).toEqual([
      { type: 'text-delta', text: 'Hello' },
      finish(),
    ]);
  });

  test('is the text to the letter', async () => {
    const texts = ['  ', '\n', ' a ', '\u0000', '\ufeff', '  '];
    const parts = await answerTo(...texts.map((content) => event({ content })), stop, DONE);
    expect(parts.slice(0, -1)).toEqual([{ type: 'text-delta', text: texts.join('') }]);
  });

  test('has reasoning once that comes under two names', async () => {
    const parts = await answerTo(
      event({ reasoning_content: 'one', reasoning: 'one' }),
      event({ reasoning_content: '', reasoning: ' two' }),
      event({ reasoning_content: ' three', reasoning: null }),
      event({ reasoning: ' four', content: 'Hello' }, 'stop'),
      DONE,
    );
    expect(parts).toEqual([
      { type: 'reasoning-delta', text: 'one two three four' },
      { type: 'text-delta', text: 'Hello' },
      finish(),
    ]);
  });

  test('has the last usage that counts something, as it was sent', async () => {
    const usage = (count: number) => ({ usage: { prompt_tokens: count, completion_tokens: 1, total_tokens: 1000 } });
    const parts = await answerTo(
      event({ content: 'Hello' }, null, usage(1)),
      event({}, 'stop', usage(2)),
      data({ choices: [], ...usage(3) }),
      data({ choices: [], usage: null }),
      data({ choices: [], usage: {} }),
      DONE,
    );
    expect(parts.at(-1)).toEqual(
      finish({ usage: { ...uncounted, promptTokens: 3, completionTokens: 1, totalTokens: 1000 } }),
    );
  });

  test('has null for what is not counted, or not in whole tokens', async () => {
    const usage = { completion_tokens: 0, prompt_tokens: '7', total_tokens: 1.5, completion_tokens_details: null };
    const parts = await answerTo(event({ content: 'Hello' }, 'stop', { usage }), DONE);
    expect(parts.at(-1)).toEqual(finish({ usage: { ...uncounted, completionTokens: 0 } }));
  });

  test.for([
    ['stop', 'STOP'],
    ['length', 'LENGTH'],
    ['content_filter', 'CONTENT_FILTER'],
    ['tool_calls', 'TOOL_CALLS'],
    ['eos', 'STOP'],
    ['STOP', 'STOP'],
    ['end_turn', 'STOP'],
    ['MAX_TOKENS', 'LENGTH'],
    ['content_filter: hate', 'CONTENT_FILTER'],
    ['function_call', 'TOOL_CALLS'],
    ['tired', 'OTHER'],
  ])('that ends with %s ends with %s', async ([rawReason, reason]) => {
    const parts = await answerTo(event({ content: 'Hello' }, rawReason), DONE);
    expect(parts.at(-1)).toEqual(finish({ reason, rawReason }));
  });

  test.for([
    ['length', 'LENGTH'],
    ['content_filter', 'CONTENT_FILTER'],
    ['tool_calls', 'TOOL_CALLS'],
  ])('without a part ends with %s where that tells why', async ([rawReason, reason]) => {
    expect(await answerTo(event({ content: '' }, rawReason), DONE)).toEqual([finish({ reason, rawReason })]);
  });

  test('may end without [DONE] after a finish reason', async () => {
    expect((await answerTo(event({ content: 'Hello' }), stop, data({ choices: [] }))).at(-1)).toEqual(finish());
  });

  test('may end with [DONE] without a finish reason', async () => {
    const parts = await answerTo(event({ content: 'Hello' }), DONE);
    expect(parts.at(-1)).toEqual(finish({ reason: 'OTHER', rawReason: null }));
  });

  test('has nothing in it that follows [DONE], not even an error', async () => {
    const after = [event({ content: 'no' }, 'length'), data({ error: { message: 'no' } }), 'data: {'];
    const parts = await answerTo(event({ content: 'Hello' }, 'stop'), DONE, ...after, DONE);
    expect(parts).toEqual([{ type: 'text-delta', text: 'Hello' }, finish()]);
  });

  const endings: readonly (readonly [string, Play])[] = [
    ['stays open', () => {}],
    ['breaks', ({ breakOff }) => breakOff()],
    ['is reset', ({ reset }) => reset()],
    [
      'goes on without end',
      async (exchange) => {
        while (!exchange.gone) await exchange.send(Buffer.alloc(65_536, 'x'));
      },
    ],
  ];

  test.for(endings)('ends with [DONE] though the connection %s', async ([_title, end]) => {
    const { upstream, provider } = await startAcme(async (exchange) => {
      await exchange.begin();
      await exchange.send(event({ content: 'Hello' }, 'stop') + DONE);
      await end(exchange);
    });
    expect((await collect(chat(provider))).at(-1)).toEqual(finish());
    await (await upstream.exchange()).closed;
  });

  test('rejects with the reason of the signal that aborts after [DONE]', async () => {
    const controller = new AbortController();
    const reason = new Error('left at the end');
    const { provider } = await startAcme(async (exchange) => {
      await exchange.begin();
      await exchange.send(event({ content: 'Hello' }, 'stop') + DONE);
      controller.abort(reason);
    });
    await expect(collect(chat(provider, controller.signal))).rejects.toBe(reason);
  });

  test('may be one JSON document under the name of a stream, after blanks and in pieces', async () => {
    const { provider } = await startAcme(async (exchange) => {
      await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
      const message = { role: 'assistant', content: 'Hello', reasoning_content: 'Well' };
      const body = JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }, null, 2);
      await exchange.send('  \n\n', body.slice(0, 1), body.slice(1, 40), body.slice(40), '\n');
      exchange.end();
    });
    expect(await collect(chat(provider))).toEqual([
      { type: 'reasoning-delta', text: 'Well' },
      { type: 'text-delta', text: 'Hello' },
      finish(),
    ]);
  });

  test('that comes as one document is complete without a finish reason', async () => {
    const parts = await answerTo(JSON.stringify({ choices: [{ message: { content: 'Hello' } }] }));
    expect(parts.at(-1)).toEqual(finish({ reason: 'OTHER', rawReason: null }));
  });
});

describe('an answer fails with BAD_RESPONSE', () => {
  test.for([
    ['that breaks off after its text', event({ content: 'Hello' })],
    ['that breaks off within an event', event({ content: 'Hello' }) + event({}, 'stop').slice(0, -6)],
    ['that is no JSON at its end', `${event({ content: 'Hello' })}data: [DON\n\n`],
    ['that is only [DONE]', DONE],
    ['that is only a stop', event({}, 'stop') + DONE],
    ['that is only usage', data({ choices: [], usage: { total_tokens: 7 } }) + DONE],
    ['that is only comments', ': one\n\n: two\n\n'],
    ['that is a document without an answer', '{"choices":[]}'],
    ['that is half a document', '{"choices":[{"message":{"content":"Hel'],
  ])('%s', async ([_title, body = '']) => {
    const { provider } = await startAcme(answerWith(body));
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'BAD_RESPONSE', retryable: false });
  });
});

describe('an error in an answer', () => {
  test.for([
    [{ code: 429 }, 'RATE_LIMITED', true],
    [{ code: '429' }, 'RATE_LIMITED', true],
    [{ code: 402 }, 'RATE_LIMITED', false],
    [{ code: 401 }, 'UNAUTHORIZED', false],
    [{ code: 403 }, 'UNAUTHORIZED', false],
    [{ code: 408 }, 'TIMEOUT', true],
    [{ code: 400 }, 'REJECTED', false],
    [{ code: 502 }, 'UNAVAILABLE', true],
    [{ code: 'server_error' }, 'UNAVAILABLE', true],
    [{ code: null }, 'UNAVAILABLE', true],
    [{ code: 0 }, 'UNAVAILABLE', true],
    [{ code: 1_302 }, 'UNAVAILABLE', true],
    [{}, 'UNAVAILABLE', true],
  ] as const)('%j means %s, retryable: %s', async ([error, code, retryable]) => {
    const { provider } = await startAcme(answerWith(event({ content: 'Hel' }), data({ error }), DONE));
    await expect(collect(chat(provider))).rejects.toMatchObject({ code, retryable });
  });

  test.for([
    ['alone', data({ error: { message: 'Too warm', code: 503 } })],
    ['beside choices', event({ content: 'no' }, 'error', { error: { message: 'Too warm' } })],
    ['in a choice', data({ choices: [{ delta: {}, error: { message: 'Too warm' }, finish_reason: 'error' }] })],
    ['as a text', data({ error: 'Too warm' })],
    ['as an event of its own', `event: error\n${data({ error: { message: 'Too warm' } })}`],
    ['as a document', JSON.stringify({ error: { message: 'Too warm', type: 'server_error' } }), ''],
    ["under Groq's name", data({ choices: [], x_groq: { error: 'Too warm' } })],
  ])('is looked for first: %s', async ([_title, said = '', rest = event({ content: 'no' }, 'stop') + DONE]) => {
    const { provider } = await startAcme(answerWith(said, rest));
    const parts: unknown[] = [];
    const outcome = (async () => {
      for await (const part of chat(provider)) parts.push(part);
    })();
    await expect(outcome).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^acme sent .*: Too warm$/),
    });
    expect(parts).toEqual([]);
  });

  test('shows neither the key nor a header that the upstream says, and only its beginning', async () => {
    const entry = { apiKey: 'sk-0123456789abcdef', headers: { 'x-team': 'red-herring' } };
    const { provider } = await startAcme(({ headers, reply }) => {
      const message = `No: ${headers.authorization} of ${headers['x-team']} ${'!'.repeat(5000)}`;
      reply({ body: data({ error: { message, code: 401 } }) });
    }, entry);
    const { message } = await collect(chat(provider)).then(
      () => new Error('expected a failure'),
      (error: Error) => error,
    );
    expect(message).toContain('No: ');
    expect(message).not.toMatch(/0123|herring/);
    expect(message.length).toBeLessThan(600);
  });

  test('shows no key after a bad status either', async () => {
    const { provider } = await startAcme(
      ({ reply }) => reply({ status: 401, body: '{"error":{"message":"Incorrect API key: sk-0123456789abcdef"}}' }),
      { apiKey: 'sk-0123456789abcdef' },
    );
    await expect(collect(chat(provider))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: 'acme answered 401: Incorrect API key: ***',
    });
  });

  test.for([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '70', 'retry-after': '7' }, 70],
    [{}, undefined],
  ] as const)('after a 429 with %j asks for a wait of %s ms', async ([headers, retryAfterMs]) => {
    const { provider } = await startAcme(({ reply }) => reply({ status: 429, headers }));
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs });
  });
});

test('gives a picture of 20 MB in one event', async () => {
  const url = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${'A'.repeat(20_000_000)}`;
  const body = event({ content: '', images: [{ image_url: { url } }] }, 'stop') + DONE;
  const { upstream } = await startAcme(({ reply }) => reply({ body }));
  const provider = createAcme({ baseUrl: upstream.url }, createSettings({ maxAnswerBytes: 100_000_000 }));
  const [first] = await collect(chat(provider));
  expect(first?.type === 'image' && first.image.url.length).toBe(url.length);
});
