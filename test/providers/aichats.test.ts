import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aichats } from '../../src/providers/aichats.ts';
import { TEXT_ONLY } from '../../src/providers/capabilities.ts';
import { inHalves, type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { system, user } from '../helpers/messages.ts';
import { chat, collect, createProvider, describeProvider, draw, textOf } from '../helpers/provider-suite.ts';

describeProvider({
  name: 'AiChats',
  create: (options, settings) => aichats.create(aichats.options.parse(options), settings),
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => texts.map((text) => `data: ${text}\n`),
      empty: 'data: \n\ndata:  \n',
    },
    images: { answer: '{"data":[{"url":"https://images.example/1.png"}]}', empty: '{"data":[]}' },
  },
});

const recorded = readFileSync(new URL('../fixtures/aichats/greeting.sse', import.meta.url), 'utf8');

test('is what it says it is', () => {
  expect(createProvider(aichats, {})).toMatchObject({
    id: 'aichats',
    name: 'AiChats',
    url: 'https://ai-chats.org',
    working: false,
    needsAuth: false,
    supportsStream: true,
    supportsMessageHistory: true,
    models: [
      { name: 'gpt-4', kind: 'CHAT', capabilities: TEXT_ONLY },
      { name: 'dalle', kind: 'IMAGE', capabilities: { aspectRatios: false, imagesPerCall: 1 } },
    ],
    defaultModel: 'gpt-4',
    defaultImageModel: 'dalle',
  });
  expect(createProvider(aichats, { working: true }).working).toBe(true);
});

describe('a request', () => {
  const HEADERS = {
    accept: 'application/json, text/event-stream',
    'accept-language': 'en-US,en;q=0.9',
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(
      /^Mozilla\/5\.0 \(.*\) AppleWebKit\/537\.36 .*Chrome\/\d+\.0\.0\.0 Safari\/537\.36$/,
    ),
    'sec-ch-ua': expect.stringContaining('"Google Chrome"'),
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': expect.stringMatching(/^".+"$/),
    'sec-fetch-dest': 'empty',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
  };

  test('for a chat sends the folded history', async () => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ body: recorded }));
    const provider = createProvider(aichats, { baseUrl: upstream.url });
    await collect(chat(provider, undefined, [system('Be "brief".'), user('Grüße 👋')]));
    const { method, url, headers, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /chat/send2/');
    expect(headers).toMatchObject({ ...HEADERS, origin: upstream.url, referer: `${upstream.url}/chat/` });
    expect(headers).not.toHaveProperty('cookie');
    expect(body).toBe(
      String.raw`{"type":"chat","messagesHistory":[{"from":"you","content":"System: Be \"brief\".\nUser: Grüße 👋\nAssistant:"}]}`,
    );
  });

  test('for pictures sends the prompt', async () => {
    const upstream = await startFakeUpstream(({ reply }) =>
      reply({ body: '{"data":[{"url":"https://a.example/1"}]}' }),
    );
    await draw(createProvider(aichats, { baseUrl: upstream.url }), { prompt: 'ein Kätzchen' });
    const { method, url, headers, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /chat/send2/');
    expect(headers).toMatchObject({ ...HEADERS, origin: upstream.url, referer: `${upstream.url}/image/` });
    expect(body).toBe('{"type":"image","messagesHistory":[{"from":"you","content":"ein Kätzchen"}]}');
  });

  test('has a cookie when one is configured', async () => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ body: recorded }));
    await collect(chat(createProvider(aichats, { baseUrl: upstream.url, cookie: 'cf_clearance=abc; muVyak=1' })));
    expect((await upstream.exchange()).headers.cookie).toBe('cf_clearance=abc; muVyak=1');
  });
});

describe('pictures', () => {
  const drawnFrom = async (body: string) => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ body }));
    const images = await draw(createProvider(aichats, { baseUrl: upstream.url }), { prompt: 'a cat' });
    return images.map(({ url }) => url.replace(upstream.url, 'SITE'));
  };

  test('are links, those that are relative to the site, and data: URIs with the media type of their bytes', async () => {
    const data = [{ url: 'https://a.example/1' }, { url: '/2.png' }, { url: 'data:image/png;base64,R0lGODlh' }];
    const urls = ['https://a.example/1', 'SITE/2.png', 'data:image/gif;base64,R0lGODlh'];
    expect(await drawnFrom(JSON.stringify({ data }))).toEqual(urls);
  });

  test.for(['{"data":[{"url":"Sorry"}]}', '{"data":[{"url":"https://a.example/1"},{"url":""}]}', 'Sorry'])(
    'fail with BAD_RESPONSE when the answer is %s',
    async (body) => {
      await expect(drawnFrom(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );
});

describe('an answer', () => {
  const answerTo = async (play: Play) => {
    const upstream = await startFakeUpstream(play);
    return collect(chat(createProvider(aichats, { baseUrl: upstream.url })));
  };

  test('is the fragments to the letter, trimmed at both ends', async () => {
    const parts = await answerTo(({ reply }) => reply({ body: recorded }));
    expect(textOf(parts)).toBe('Hello  world, {"not": "json"} data: 👋');
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'STOP', rawReason: null, usage: null });
  });

  test.for(['\n', '\r\n'])('is the same wherever it is cut, with lines that end in %j', async (end) => {
    const fragments = ['  ', ' Hel', 'lo ', ' ', 'wi', 'de 🌍', '\u00a0', ' world', '  ', ' '];
    const body = fragments.map((fragment) => `data: ${fragment}${end}${end}`).join('');
    const cuts = inHalves(body);
    const upstream = await startFakeUpstream(async (exchange) => {
      await exchange.begin();
      await exchange.send(...(cuts[upstream.exchanges.length - 1] ?? []));
      exchange.end();
    });
    const provider = createProvider(aichats, { baseUrl: upstream.url });
    for (const _cut of cuts) {
      const parts = await collect(chat(provider));
      expect(textOf(parts)).toBe('Hello  wide 🌍\u00a0 world');
      expect(parts).not.toContainEqual({ type: 'text-delta', text: expect.stringMatching(/^\s*$/) });
    }
    expect(upstream.exchanges).toHaveLength(cuts.length);
  });

  test('holds white space back until more text follows', async () => {
    const goOn = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream(async (exchange) => {
      await exchange.begin();
      await exchange.send('data:  Hello \n', 'data: \u0009\n');
      await goOn.promise;
      await exchange.send('data: you \n');
      exchange.end();
    });
    const texts: string[] = [];
    for await (const part of chat(createProvider(aichats, { baseUrl: upstream.url }))) {
      if (part.type === 'text-delta') texts.push(part.text);
      goOn.resolve();
    }
    expect(texts).toEqual(['Hello', ' \tyou']);
  });

  test('has no part in any other line', async () => {
    const others = [
      'event: message',
      'id: 7',
      ': data: no',
      'data:no',
      ' data: no',
      'Data: no',
      '{"data": "no"}',
      'no',
    ];
    const body = `${others.join('\n')}\ndata: yes\n${others.join('\r\n')}`;
    expect(textOf(await answerTo(({ reply }) => reply({ body })))).toBe('yes');
  });

  test.for([
    '{"error":"too warm"}\nretry: 100\n',
    '{"type":"ping"}\n{"error":{"message":"too warm"}}\n',
    '[warn] retrying\n{"error":"too warm"}\n',
    'error: {"message":"too warm"}\n',
    'event: error\nid: 7\ndata: too warm\n\n',
  ])('fails with what the lines behind it tell: %j', async (lines) => {
    await expect(answerTo(({ reply }) => reply({ body: `data: Hello\n\n${lines}` }))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'AiChats sent an error: too warm',
    });
  });

  test('counts its last line without an end, too', async () => {
    expect(textOf(await answerTo(({ reply }) => reply({ body: 'data: Hel\ndata: lo' })))).toBe('Hello');
  });

  test('fails where it is nothing but an error', async () => {
    const body = 'data: {"error":"overloaded"}\n\n';
    await expect(answerTo(({ reply }) => reply({ body }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(textOf(await answerTo(({ reply }) => reply({ body: `${body}data:  is an error\n` })))).toBe(
      '{"error":"overloaded"} is an error',
    );
  });

  test('splits at no other line end', async () => {
    const body = 'data: one\rtwo\u2028three\u0085four\n';
    expect(textOf(await answerTo(({ reply }) => reply({ body })))).toBe('one\rtwo\u2028three\u0085four');
  });
});

describe('pictures', () => {
  const drawnFrom = async (body: string) => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ body }));
    return draw(createProvider(aichats, { baseUrl: upstream.url }), { prompt: 'a cat' });
  };

  test('are all the urls there are, in order', async () => {
    const body = '{"created":1,"data":[{"url":"https://a.example/1.png","x":1},{"url":"https://a.example/2.png"}]}';
    expect(await drawnFrom(body)).toEqual([
      { url: 'https://a.example/1.png', alt: 'a cat' },
      { url: 'https://a.example/2.png', alt: 'a cat' },
    ]);
  });

  test.for([
    '{}',
    '{"data":null}',
    '{"data":[{}]}',
    '{"data":[{"url":""}]}',
    '[]',
    'null',
    'data: https://a.example/1',
  ])('fail with BAD_RESPONSE when the answer is %s', async (body) => {
    await expect(drawnFrom(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });
});
