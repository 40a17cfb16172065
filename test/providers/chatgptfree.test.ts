import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TEXT_ONLY } from '../../src/providers/capabilities.ts';
import { chatgptfree } from '../../src/providers/chatgptfree.ts';
import { type Exchange, type FakeUpstream, type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { system, user } from '../helpers/messages.ts';
import { chat, collect, createProvider, createSettings, describeProvider, textOf } from '../helpers/provider-suite.ts';

const page = readFixture('page.html');
const greeting = readFixture('greeting.sse');
const DONE = 'data: [DONE]\n\n';

describeProvider({
  name: 'ChatgptFree',
  create: (options, settings) => chatgptfree.create(chatgptfree.options.parse(options), settings),
  upstream: {
    prelude(exchange) {
      if (!isPage(exchange)) return false;
      exchange.reply({ body: page });
      return true;
    },
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [...texts.map(delta), DONE],
      empty: `${delta('')}${DONE}`,
    },
  },
});

test('is what it says it is', () => {
  expect(createProvider(chatgptfree, {})).toMatchObject({
    id: 'chatgptfree',
    name: 'ChatgptFree',
    url: 'https://chatgptfree.ai',
    working: false,
    needsAuth: false,
    supportsStream: true,
    supportsMessageHistory: true,
    models: [{ name: 'gpt-4o-mini-2024-07-18', kind: 'CHAT', aliases: ['gpt-4o-mini'], capabilities: TEXT_ONLY }],
    defaultModel: 'gpt-4o-mini-2024-07-18',
    defaultImageModel: null,
  });
  expect(createProvider(chatgptfree, { working: true }).working).toBe(true);
  expect(createProvider(chatgptfree, {}).generateImages).toBeUndefined();
});

describe('a request', () => {
  test('names the site without the query of its base URL, which stands behind every path', async () => {
    const upstream = await startSite();
    await collect(chat(createProvider(chatgptfree, { baseUrl: `${upstream.url}/?a=b` })));
    const { url, headers, body } = await upstream.exchange(1);
    expect((await upstream.exchange()).url).toBe('/?a=b');
    expect(url).toBe('/wp-admin/admin-ajax.php?a=b');
    expect(headers).toMatchObject({ origin: upstream.url, referer: `${upstream.url}/chat/` });
    expect(new URLSearchParams(body).get('url')).toBe(upstream.url);
  });

  test('is a form with the page’s numbers and the folded history', async () => {
    const upstream = await startSite();
    await collect(
      chat(createProvider(chatgptfree, { baseUrl: upstream.url }), undefined, [
        system('Be brief & kind=yes.'),
        user('Grüße 👋 + 100%'),
      ]),
    );
    const { method, url, headers, body } = await upstream.exchange(1);
    expect(`${method} ${url}`).toBe('POST /wp-admin/admin-ajax.php');
    expect(headers).toMatchObject({
      accept: '*/*',
      'accept-language': expect.stringMatching(/^en/),
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i),
      origin: upstream.url,
      referer: `${upstream.url}/chat/`,
      'user-agent': expect.stringMatching(/^Mozilla\/5\.0 .* Chrome\/[\d.]+ Safari\/537\.36$/),
      'sec-ch-ua': expect.stringContaining('"Google Chrome"'),
      'sec-fetch-mode': 'cors',
    });
    expect([...new URLSearchParams(body)]).toEqual([
      ['_wpnonce', '2f8e1b07c4'],
      ['post_id', '6'],
      ['url', upstream.url],
      ['action', 'wpaicg_chat_shortcode_message'],
      ['message', 'System: Be brief & kind=yes.\nUser: Grüße 👋 + 100%\nAssistant:'],
      ['bot_id', '0'],
    ]);
    expect(body).toContain(
      '&message=System%3A+Be+brief+%26+kind%3Dyes.%0AUser%3A+Gr%C3%BC%C3%9Fe+%F0%9F%91%8B+%2B+100%25%0AAssistant%3A&',
    );
  });

  test('goes below the base url, which has no slash at its end', async () => {
    const upstream = await startFakeUpstream(({ method, reply }) =>
      reply({ body: method === 'GET' ? page : greeting }),
    );
    await collect(chat(createProvider(chatgptfree, { baseUrl: `${upstream.url}/site/` })));
    expect(upstream.exchanges.map(({ url }) => url)).toEqual(['/site/', '/site/wp-admin/admin-ajax.php']);
    const { headers, body } = await upstream.exchange(1);
    expect(new URLSearchParams(body).get('url')).toBe(`${upstream.url}/site`);
    expect(headers).toMatchObject({ origin: upstream.url, referer: `${upstream.url}/chat/` });
  });

  test('has the cookie and the configured headers, that of the page too', async () => {
    const upstream = await startSite();
    const options = { baseUrl: upstream.url, cookie: 'visitor=1', headers: { 'x-more': '2' } };
    await collect(chat(createProvider(chatgptfree, options)));
    for (const { headers } of upstream.exchanges) expect(headers).toMatchObject({ cookie: 'visitor=1', 'x-more': '2' });
  });

  test('fails with TIMEOUT when the answer takes longer as a whole than it may', async () => {
    const upstream = await startSite(async (exchange) => {
      await exchange.begin();
      while (!exchange.gone) await exchange.send(delta('on and '));
    });
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url, timeoutMs: 1000 });
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    await upstream.allClosed();
  });
});

describe('the page before the first chat', () => {
  test('is read once, for chats that start together and for those that follow', async () => {
    const loaded = Promise.withResolvers<void>();
    const upstream = await startSite(
      (exchange) => exchange.reply({ body: greeting }),
      async (exchange) => {
        await loaded.promise;
        exchange.reply({ body: page });
      },
    );
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    const chats = Array.from({ length: 5 }, () => collect(chat(provider)));
    await upstream.exchange();
    loaded.resolve();
    for (const parts of await Promise.all(chats)) expect(textOf(parts)).toBe(' Hello, wörld 👋 ');
    await collect(chat(provider));
    expect(pagesOf(upstream)).toHaveLength(1);
    expect(noncesOf(upstream)).toEqual(Array(6).fill('2f8e1b07c4'));
  });

  test.for([
    ['data-post-id', 'data-nonce'],
    ['data-nonce', 'data-post-id'],
  ] as const)('fails with BAD_RESPONSE that names %s when it lacks it', async ([missing, other]) => {
    const upstream = await startSite(undefined, (exchange) =>
      exchange.reply({ body: page.replace(missing, 'data-x') }),
    );
    const failed = collect(chat(createProvider(chatgptfree, { baseUrl: upstream.url })));
    await expect(failed).rejects.toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringContaining(missing) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining(other) });
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('fails with BAD_RESPONSE when its post id is no number', async () => {
    const upstream = await startSite(undefined, ({ reply }) => reply({ body: page.replace('"6"', '"six"') }));
    await expect(collect(chat(createProvider(chatgptfree, { baseUrl: upstream.url })))).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining('data-post-id'),
    });
  });

  test.for([
    ['BLOCKED', 403, '<title>Just a moment...</title>'],
    ['UNAUTHORIZED', 403, ''],
    ['UNAVAILABLE', 500, ''],
  ] as const)('that fails with %s fails the chat, and is read again for the next', async ([code, status, body]) => {
    let broken = true;
    const upstream = await startSite(undefined, ({ reply }) => reply(broken ? { status, body } : { body: page }));
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    await expect(collect(chat(provider))).rejects.toMatchObject({ code, status });
    expect(upstream.exchanges).toHaveLength(1);
    broken = false;
    expect(textOf(await collect(chat(provider)))).toBe(' Hello, wörld 👋 ');
    expect(pagesOf(upstream)).toHaveLength(2);
  });

  test('fails with TIMEOUT when it does not come in time', async () => {
    const upstream = await startSite(undefined, () => {});
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url }, createSettings({ firstPartTimeoutMs: 80 }));
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'TIMEOUT' });
    await upstream.allClosed();
  });

  test('goes on for the others when one of those that wait for it leaves', async () => {
    const loaded = Promise.withResolvers<void>();
    const upstream = await startSite(undefined, async (exchange) => {
      await loaded.promise;
      exchange.reply({ body: page });
    });
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    const controller = new AbortController();
    const reason = new Error('the first one left');
    const first = expect(collect(chat(provider, controller.signal))).rejects.toBe(reason);
    const second = collect(chat(provider));
    const exchange = await upstream.exchange();
    controller.abort(reason);
    await first;
    expect(exchange.gone).toBe(false);
    loaded.resolve();
    expect(textOf(await second)).toBe(' Hello, wörld 👋 ');
    expect(pagesOf(upstream)).toHaveLength(1);
  });

  test('is let go of at once when the last of those that wait for it leaves', async () => {
    const upstream = await startSite(undefined, () => {});
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const chats = controllers.map(({ signal }) => collect(chat(provider, signal)));
    const reasons = controllers.map((_controller, index) => new Error(`number ${index} left`));
    const rejected = Promise.all(chats.map((parts, index) => expect(parts).rejects.toBe(reasons[index])));
    const exchange = await upstream.exchange();
    controllers.forEach((controller, index) => {
      controller.abort(reasons[index]);
    });
    await rejected;
    await exchange.closed;
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('is read again after all who waited for it have left', async () => {
    const upstream = await startFakeUpstream([() => {}, (exchange) => exchange.reply({ body: page }), answerGreeting]);
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    const controller = new AbortController();
    const first = expect(collect(chat(provider, controller.signal))).rejects.toThrow('left');
    await upstream.exchange();
    controller.abort(new Error('left'));
    await first;
    expect(textOf(await collect(chat(provider)))).toBe(' Hello, wörld 👋 ');
  });
});

describe('after a 403', () => {
  /** Only the newest nonce is good; each page has a new one. */
  const startExpiringSite = async (good: (nonce: string) => boolean) => {
    let pages = 0;
    return startFakeUpstream((exchange) => {
      if (isPage(exchange)) return exchange.reply({ body: page.replace('2f8e1b07c4', `nonce-${pages++}`) });
      const nonce = new URLSearchParams(exchange.body).get('_wpnonce') ?? '';
      return exchange.reply(good(nonce) ? { body: greeting } : { status: 403, body: '-1' });
    });
  };

  test('the page is read again and the chat tried once more', async () => {
    const upstream = await startExpiringSite((nonce) => nonce === 'nonce-1');
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    expect(textOf(await collect(chat(provider)))).toBe(' Hello, wörld 👋 ');
    expect(noncesOf(upstream)).toEqual(['nonce-0', 'nonce-1']);
    await collect(chat(provider));
    expect(noncesOf(upstream)).toEqual(['nonce-0', 'nonce-1', 'nonce-1']);
    expect(pagesOf(upstream)).toHaveLength(2);
  });

  test('chats that run together share the new page', async () => {
    const upstream = await startExpiringSite((nonce) => nonce === 'nonce-1');
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    await Promise.all(Array.from({ length: 4 }, () => collect(chat(provider))));
    expect(noncesOf(upstream).toSorted()).toEqual([...Array(4).fill('nonce-0'), ...Array(4).fill('nonce-1')]);
    expect(pagesOf(upstream)).toHaveLength(2);
  });

  test('a second 403 is UNAUTHORIZED', async () => {
    const upstream = await startExpiringSite(() => false);
    const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 403 });
    expect(noncesOf(upstream)).toEqual(['nonce-0', 'nonce-1']);
    expect(pagesOf(upstream)).toHaveLength(2);
  });

  test('the new page is let go of at once when the caller leaves', async () => {
    const upstream = await startFakeUpstream([
      ({ reply }) => reply({ body: page }),
      ({ reply }) => reply({ status: 403 }),
      () => {},
    ]);
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const parts = collect(chat(createProvider(chatgptfree, { baseUrl: upstream.url }), controller.signal));
    const rejected = expect(parts).rejects.toBe(reason);
    const exchange = await upstream.exchange(2);
    expect(isPage(exchange)).toBe(true);
    controller.abort(reason);
    await rejected;
    await exchange.closed;
  });
});

test.for([400, 401, 429, 500, 503])('a %i is not tried again', async (status) => {
  const upstream = await startSite(({ reply }) => reply({ status }));
  const provider = createProvider(chatgptfree, { baseUrl: upstream.url });
  await expect(collect(chat(provider))).rejects.toMatchObject({ status });
  expect(upstream.exchanges).toHaveLength(2);
});

describe('an answer', () => {
  const answerTo = async (body: string) => {
    const upstream = await startSite(({ reply }) => reply({ body }));
    return collect(chat(createProvider(chatgptfree, { baseUrl: upstream.url })));
  };

  test('is the deltas as they are, with the reason the upstream gave', async () => {
    expect(await answerTo(greeting)).toEqual([
      { type: 'text-delta', text: ' Hello, wörld 👋 ' },
      { type: 'finish', reason: 'STOP', rawReason: 'stop', usage: null },
    ]);
  });

  test.for([
    ['stop', 'STOP'],
    ['length', 'LENGTH'],
    ['content_filter', 'CONTENT_FILTER'],
    ['function_call', 'TOOL_CALLS'],
  ] as const)('ends with the finish reason %s as %s', async ([rawReason, reason]) => {
    const last = `data: {"choices":[{"delta":{},"finish_reason":"${rawReason}"}]}\n\n`;
    const parts = await answerTo(`${delta('Hello')}${last}${delta('')}${DONE}`);
    expect(parts.at(-1)).toEqual({ type: 'finish', reason, rawReason, usage: null });
    expect(await answerTo(`${delta('Hello')}${last}`)).toEqual(parts);
  });

  test('ends at [DONE], whatever follows', async () => {
    const parts = await answerTo(`${delta('Hello')}${DONE}${delta(' again')}{"data":" and again"}\n`);
    expect(textOf(parts)).toBe('Hello');
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'STOP', rawReason: null, usage: null });
  });

  test('ends at [DONE], though the connection stays open', async () => {
    const upstream = await startSite(async (exchange) => {
      await exchange.begin();
      await exchange.send(delta('Hello'), 'data: [DONE]\n');
    });
    expect(textOf(await collect(chat(createProvider(chatgptfree, { baseUrl: upstream.url }))))).toBe('Hello');
    await (await upstream.exchange(1)).closed;
  });

  test.for([
    ['\r\n line ends', (body: string) => body.replaceAll('\n', '\r\n')],
    ['no blank lines', (body: string) => body.replaceAll('\n\n', '\n')],
    ['no space after data:', (body: string) => body.replaceAll('data: ', 'data:')],
    ['no line end at its end', (body: string) => body.trimEnd()],
    ['other lines between', (body: string) => body.replaceAll('\n\n', '\n: ping\nevent: message\nid: 1\n\n')],
  ] as const)('is the same with %s', async ([_title, change]) => {
    expect(await answerTo(change(greeting))).toEqual(await answerTo(greeting));
  });

  test('leaves data lines out that hold no chunk', async () => {
    const others = ['', '{}', '[]', 'null', '{"choices":[]}', '{"choices":[{"delta":null}]}'];
    const body = others.map((data) => `data: ${data}\n${delta('x')}`).join('');
    expect(textOf(await answerTo(`${body}${DONE}`))).toBe('x'.repeat(others.length));
  });

  test.for([
    ['in one line', '{"status":"success","data":"Hello, wörld 👋"}'],
    ['in several lines', '{\n  "status": "success",\r\n\n  "data":\n    "Hello, wörld 👋"\n}\n'],
    ['after lines that say nothing', 'data: {}\n\n{"data":\n"Hello, wörld 👋"}'],
  ] as const)('is the data of a JSON object %s', async ([_title, body]) => {
    expect(await answerTo(body)).toEqual([
      { type: 'text-delta', text: 'Hello, wörld 👋' },
      { type: 'finish', reason: 'STOP', rawReason: null, usage: null },
    ]);
  });

  test('goes on with the data of a JSON object', async () => {
    expect(textOf(await answerTo(`{"data"\n${delta('Hello')}:" world"}\n`))).toBe('Hello world');
  });

  test.for(['{"data":["Hello"]}', '{"data":""}', '["data"]', '{"data":"Hello"', 'Hello', DONE, 'data: Hello\n\n'])(
    'fails with BAD_RESPONSE when it is %j',
    async (body) => {
      await expect(answerTo(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );

  test.for([
    '{"success":false,"msg":"no"}',
    '{"success":false,"data":"no"}',
    'data: {"error":{"message":"no"}}\n\n',
    `event: error\ndata: {"message":"no"}\n\n${DONE}`,
    `error: no\n${DONE}`,
    `{"error":"no"}\nid: 7\n${DONE}`,
  ])('fails with what it tells: %s', async (body) => {
    const failure = { code: 'UNAVAILABLE', message: 'ChatgptFree sent an error: no' };
    await expect(answerTo(body)).rejects.toMatchObject(failure);
    await expect(answerTo(delta('Hello') + body)).rejects.toMatchObject(failure);
  });

  test('fails with BAD_RESPONSE where a data line among good ones is no JSON', async () => {
    for (const data of ['{"choices":[{"del', 'Hello']) {
      await expect(answerTo(`${delta('Hel')}data: ${data}\n\n${delta('lo')}${DONE}`)).rejects.toMatchObject({
        code: 'BAD_RESPONSE',
      });
    }
  });

  test('fails with BAD_RESPONSE when it stops without an end', async () => {
    await expect(answerTo(delta('Hello') + delta(' wor'))).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    await expect(answerTo(`${delta('Hello')}data: {"choices":[{"delta":{"con`)).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
    });
  });
});

function delta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
}

function answerGreeting({ reply }: Exchange): void {
  reply({ body: greeting });
}

/** The site: its page, and what answers a chat. */
function startSite(
  answer: Play = answerGreeting,
  show: Play = ({ reply }) => reply({ body: page }),
): Promise<FakeUpstream> {
  return startFakeUpstream((exchange) => (isPage(exchange) ? show(exchange) : answer(exchange)));
}

function isPage({ method, url }: Exchange): boolean {
  return method === 'GET' && /^\/(\?|$)/.test(url);
}

function pagesOf({ exchanges }: FakeUpstream): readonly Exchange[] {
  return exchanges.filter(isPage);
}

function noncesOf({ exchanges }: FakeUpstream): (string | null)[] {
  return exchanges.filter((exchange) => !isPage(exchange)).map(({ body }) => new URLSearchParams(body).get('_wpnonce'));
}

function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/chatgptfree/${name}`, import.meta.url), 'utf8');
}
