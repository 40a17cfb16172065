import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { TEXT_ONLY } from '../../src/providers/capabilities.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { websim } from '../../src/providers/websim.ts';
import { type Answer, type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { assistant, system, user } from '../helpers/messages.ts';
import { chat, collect, createProvider, describeProvider, draw } from '../helpers/provider-suite.ts';

describeProvider({
  name: 'Websim',
  create: (options, settings) => websim.create(websim.options.parse({ retryBaseMs: 1, ...options }), settings),
  upstream: {
    chat: {
      contentType: 'application/json',
      frames: (texts) => [JSON.stringify({ content: texts.join('') })],
      empty: '{"content":" \\n "}',
    },
    images: { answer: '{"url":"https://images.example/1.png"}', empty: '{}' },
  },
  answersAtOnce: 'the upstream streams nothing, so its answer has been read whole when the first part is there',
});

const recorded = readFileSync(new URL('../fixtures/websim/chat.json', import.meta.url), 'utf8');
const picture = '{"url":"https://images.example/1.png"}';

const answer =
  (body: string, more: Answer = {}): Play =>
  ({ reply }) =>
    reply({ ...more, body });
const rateLimited =
  (headers: Answer['headers'] = {}): Play =>
  ({ reply }) =>
    reply({ status: 429, headers });

type Use = (provider: Provider, signal?: AbortSignal) => Promise<unknown>;

test('is what it says it is', () => {
  expect(createProvider(websim, {})).toMatchObject({
    id: 'websim',
    name: 'Websim',
    url: 'https://websim.ai',
    working: true,
    needsAuth: false,
    supportsStream: false,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    models: [
      { name: 'gemini-1.5-pro', kind: 'CHAT', capabilities: TEXT_ONLY },
      { name: 'gemini-1.5-flash', kind: 'CHAT', capabilities: TEXT_ONLY },
      { name: 'flux', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 1 } },
    ],
    defaultModel: 'gemini-1.5-pro',
    defaultImageModel: 'flux',
  });
});

describe('a request', () => {
  const HEADERS = {
    accept: '*/*',
    'accept-language': 'en-US,en;q=0.9',
    'content-type': 'text/plain;charset=UTF-8',
    origin: 'https://websim.ai',
    referer: expect.stringMatching(/^https:\/\/websim\.ai\/./),
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36',
    'websim-flags': '',
  };

  test('for a chat sends the messages with their roles in lower case', async () => {
    const upstream = await startFakeUpstream(answer(recorded));
    await collect(
      chat(createProvider(websim, { baseUrl: upstream.url }), undefined, [
        system('Be "brief".'),
        user('Grüße 👋'),
        assistant(''),
        user(' and\nmore '),
      ]),
    );
    const { method, url, headers, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /api/v1/inference/run_chat_completion');
    expect(headers).toMatchObject(HEADERS);
    const messages = String.raw`[{"role":"system","content":"Be \"brief\"."},{"role":"user","content":"Grüße 👋"},{"role":"assistant","content":""},{"role":"user","content":" and\nmore "}]`;
    expect(body).toBe(`{"project_id":"${projectId(body)}","messages":${messages}}`);
  });

  test('for a picture sends the prompt and the aspect ratio', async () => {
    const upstream = await startFakeUpstream(answer(picture));
    const provider = createProvider(websim, { baseUrl: upstream.url });
    await draw(provider, { prompt: 'ein Kätzchen' });
    await draw(provider, { aspectRatio: { width: 16, height: 9 } });
    const { method, url, headers, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /api/v1/inference/run_image_generation');
    expect(headers).toMatchObject(HEADERS);
    expect(body).toBe(`{"project_id":"${projectId(body)}","prompt":"ein Kätzchen","aspect_ratio":"1:1"}`);
    expect(JSON.parse((await upstream.exchange(1)).body)).toMatchObject({ aspect_ratio: '16:9' });
  });

  test('sends the header websim-flags, empty', async () => {
    const upstream = await startFakeUpstream(answer(recorded));
    await collect(chat(createProvider(websim, { baseUrl: upstream.url })));
    const { rawHeaders } = await upstream.exchange();
    expect(rawHeaders.filter((header) => header.includes('websim-flags'))).toEqual(['websim-flags']);
    expect(rawHeaders[rawHeaders.indexOf('websim-flags') + 1]).toBe('');
  });

  test('has one referer for a chat and another for a picture', async () => {
    const upstream = await startFakeUpstream([answer(recorded), answer(picture)]);
    const provider = createProvider(websim, { baseUrl: upstream.url });
    await collect(chat(provider));
    await draw(provider);
    const [first, second] = upstream.exchanges.map(({ headers }) => headers.referer);
    expect(first).not.toBe(second);
  });

  test('has the configured headers and the cookie', async () => {
    const upstream = await startFakeUpstream(answer(recorded));
    const options = { headers: { 'User-Agent': 'modelql', 'x-more': '1' }, cookie: 'session=1' };
    await collect(chat(createProvider(websim, { baseUrl: upstream.url, ...options })));
    const { headers } = await upstream.exchange();
    expect(headers).toMatchObject({ 'user-agent': 'modelql', 'x-more': '1', cookie: 'session=1' });
  });
});

describe('the project id', () => {
  const idsOf = async (play: Play, use: Use, more = {}) => {
    const upstream = await startFakeUpstream(play);
    const provider = createProvider(websim, { baseUrl: upstream.url, ...more });
    await Promise.all(Array.from({ length: 40 }, () => use(provider)));
    return upstream.exchanges.map(({ body }) => projectId(body));
  };

  test('is three and fifteen letters and digits for a chat, fresh for every request', async () => {
    const ids = await idsOf(answer(recorded), (provider) => collect(chat(provider)));
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{3}_[a-z0-9]{15}$/);
    expect(new Set(ids).size).toBe(40);
    expect(new Set(ids.join(''))).toEqual(new Set('abcdefghijklmnopqrstuvwxyz0123456789_'));
  });

  test('is seven and twelve letters and digits for a picture, fresh for every request', async () => {
    const ids = await idsOf(answer(picture), (provider) => draw(provider));
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{7}_[a-z0-9]{12}$/);
    expect(new Set(ids).size).toBe(40);
  });

  test('is the one that is given', async () => {
    const options = { projectId: 'ke3_xh5gai3gjkmruomu' };
    expect(new Set(await idsOf(answer(recorded), (provider) => collect(chat(provider)), options))).toEqual(
      new Set(['ke3_xh5gai3gjkmruomu']),
    );
    expect(new Set(await idsOf(answer(picture), (provider) => draw(provider), options))).toEqual(
      new Set(['ke3_xh5gai3gjkmruomu']),
    );
  });
});

describe('an answer', () => {
  const answerTo = async (body: string, more: Answer = {}) => {
    const upstream = await startFakeUpstream(answer(body, more));
    return collect(chat(createProvider(websim, { baseUrl: upstream.url })));
  };
  const finish = { type: 'finish', reason: 'STOP', rawReason: null, usage: null };

  test('is its trimmed content, in one part', async () => {
    expect(await answerTo(recorded)).toEqual([{ type: 'text-delta', text: 'Hello, world! 👋' }, finish]);
  });

  test.for(['Hello, world!', ' Hello\n<b>world</b> ', '{"content": "Hello', '42'])(
    'that is no JSON object is itself the text, to the letter: %j',
    async (body) => {
      expect(await answerTo(body)).toEqual([{ type: 'text-delta', text: body }, finish]);
    },
  );

  test.for(['{}', '{"content":""}', '{"content":null}', '{"content":["Hello"]}', '[]', '["Hello"]', 'null'])(
    'fails with BAD_RESPONSE when it is %s',
    async (body) => {
      await expect(answerTo(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );

  test('fails with what it tells of an error', async () => {
    const error = { message: 'You are sending too fast', code: 'rate_limit_exceeded' };
    await expect(answerTo(JSON.stringify({ error }))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      message: 'Websim sent an error: You are sending too fast',
    });
  });

  test.for([
    ['<html><body>Hello</body></html>', 'application/json'],
    ['\n <!doctype html>\n<title>Hello</title>', 'text/plain'],
    ['<div>Hello</div>', 'text/html'],
  ] as const)('fails with BAD_RESPONSE when it is the page %j, sent as %s', async ([body, type]) => {
    await expect(answerTo(body, { headers: { 'content-type': type } })).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });
});

test('a text that begins with many comments is read at once', async () => {
  const text = `${'<!---->'.repeat(1000)}Hello`;
  const upstream = await startFakeUpstream(answer(text));
  const [part] = await collect(chat(createProvider(websim, { baseUrl: upstream.url })));
  expect(part).toEqual({ type: 'text-delta', text });
});

describe('a picture', () => {
  const drawnFrom = async (body: string) => {
    const upstream = await startFakeUpstream(answer(body));
    return draw(createProvider(websim, { baseUrl: upstream.url }), { prompt: 'a cat' });
  };

  test('is the one url, with the prompt as its alternative text', async () => {
    expect(await drawnFrom(picture)).toEqual([{ url: 'https://images.example/1.png', alt: 'a cat' }]);
  });

  test('is where the site is, where the url is relative', async () => {
    const [image] = await drawnFrom('{"url":"/files/1.png"}');
    expect(image?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/files\/1\.png$/);
  });

  test.for(['{}', '{"url":""}', '{"url":null}', '{"url":"Sorry"}', '[]', 'null', 'https://images.example/1.png'])(
    'fails with BAD_RESPONSE when the answer is %s',
    async (body) => {
      await expect(drawnFrom(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );
});

describe('after a 429', () => {
  const uses: readonly (readonly [string, Play, Use])[] = [
    ['a chat', answer(recorded), (provider, signal) => collect(chat(provider, signal))],
    ['a picture', answer(picture), (provider, signal) => draw(provider, {}, signal)],
  ];

  test.for(uses)('%s is asked for three times, with a pause that doubles', async ([_title, good, use]) => {
    const upstream = await startFakeUpstream([rateLimited(), rateLimited(), good]);
    await use(createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 25 }));
    const [first = 0, second = 0] = pauses(upstream.exchanges);
    expect(first).toBeGreaterThan(48);
    expect(second).toBeGreaterThan(98);
    expect(new Set(upstream.exchanges.map(({ url }) => url)).size).toBe(1);
  });

  test.for(uses)('%s fails with RATE_LIMITED when the third try is refused, too', async ([_title, _good, use]) => {
    const upstream = await startFakeUpstream(rateLimited());
    const provider = createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 1 });
    await expect(use(provider)).rejects.toMatchObject({ code: 'RATE_LIMITED', status: 429, retryable: true });
    expect(upstream.exchanges).toHaveLength(3);
  });

  test('it waits as many seconds as retry-after says', async () => {
    const upstream = await startFakeUpstream([rateLimited({ 'retry-after': '1' }), answer(recorded)]);
    await collect(chat(createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 1 })));
    const [pause] = pauses(upstream.exchanges);
    expect(pause).toBeGreaterThan(990);
  });

  test('it waits until the date that retry-after says', async () => {
    let retryAt = 0;
    const upstream = await startFakeUpstream([
      ({ reply }) => {
        retryAt = Math.ceil(Date.now() / 1000) * 1000 + 1000;
        reply({ status: 429, headers: { 'retry-after': new Date(retryAt).toUTCString() } });
      },
      ({ reply }) => {
        retryAt -= Date.now();
        reply({ body: recorded });
      },
    ]);
    await collect(chat(createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 1 })));
    expect(retryAt).toBeLessThan(5);
  });

  test.for(['0', '-1', 'soon', new Date(0).toUTCString()])(
    'it does not wait any less because of retry-after: %s',
    async (value) => {
      const upstream = await startFakeUpstream([rateLimited({ 'retry-after': value }), answer(recorded)]);
      await collect(chat(createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 25 })));
      const [pause] = pauses(upstream.exchanges);
      expect(pause).toBeGreaterThan(48);
    },
  );

  test.for(uses)('%s ends at once when aborted while it waits', { timeout: 20_000 }, async ([_title, _good, use]) => {
    const upstream = await startFakeUpstream(rateLimited({ 'retry-after': '30' }));
    const provider = createProvider(websim, { baseUrl: upstream.url });
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const rejected = expect(use(provider, controller.signal)).rejects.toBe(reason);
    await upstream.exchange();
    for (let turn = 0; turn < 20; turn++) await nextTurn(); // Time for the provider to read the refusal.
    controller.abort(reason);
    await rejected;
    expect(upstream.exchanges).toHaveLength(1);
  });
});

test.for([402, 408, 500, 502, 503])('a %i is not tried again', async (status) => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ status, headers: { 'retry-after': '0' } }));
  const provider = createProvider(websim, { baseUrl: upstream.url, retryBaseMs: 1 });
  await expect(collect(chat(provider))).rejects.toMatchObject({ status });
  expect(upstream.exchanges).toHaveLength(1);
});

function projectId(body: string): string {
  return (JSON.parse(body) as { project_id: string }).project_id;
}

function pauses(exchanges: readonly { readonly at: number }[]): number[] {
  return exchanges.slice(1).map(({ at }, index) => at - (exchanges[index]?.at ?? 0));
}
