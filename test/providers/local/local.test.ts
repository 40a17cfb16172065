import { describe, expect, test } from 'vitest';
import type { ChatOptions } from '../../../src/providers/capabilities.ts';
import type { ChatMessage, ChatPart } from '../../../src/providers/chat.ts';
import { local } from '../../../src/providers/local/local.ts';
import { system, user } from '../../helpers/messages.ts';
import { chat, collect, createProvider, describeProvider, draw, textOf } from '../../helpers/provider-suite.ts';

describeProvider({
  name: 'ELIZA',
  create: (options, settings) => local.create(local.options.parse({ wordDelayMs: 1, ...options }), settings),
  upstream: 'it answers by itself',
});

test('is what it says it is', () => {
  expect(createProvider(local, {})).toMatchObject({
    id: 'local',
    name: expect.stringContaining('ELIZA'),
    url: null,
    working: true,
    needsAuth: false,
    supportsStream: true,
    models: [
      {
        name: 'eliza',
        kind: 'CHAT',
        capabilities: { options: ['TEMPERATURE', 'TOP_P', 'MAX_TOKENS', 'STOP', 'SEED'], tools: false },
      },
      { name: 'pattern', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 10 } },
      { name: 'script', kind: 'CHAT', capabilities: { tools: true, structuredOutput: true, reasoning: true } },
    ],
    defaultModel: 'eliza',
    defaultImageModel: 'pattern',
  });
});

describe('an answer of ELIZA', () => {
  const ask = async (messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<ChatPart[]> => {
    const { streamChat } = createProvider(local, { wordDelayMs: 0 });
    if (!streamChat) throw new Error('expected ELIZA to chat');
    return collect(streamChat({ model: 'eliza', messages, ...options }, new AbortController().signal));
  };
  const finish = { type: 'finish', reason: 'STOP', rawReason: null, usage: null };

  test('comes word by word', async () => {
    const parts = await ask([user('I am unhappy')]);
    const words = parts.slice(0, -1).map((part) => (part.type === 'text-delta' ? part.text : null));
    expect(words.length).toBeGreaterThan(2);
    for (const word of words) expect(word).toMatch(/^\S+\s*$/);
    expect(parts.at(-1)).toEqual(finish);
  });

  test('takes up what was said', async () => {
    expect(textOf(await ask([user('I am unhappy')]))).toContain('unhappy');
    expect(textOf(await ask([user('I remember my grandmother')]))).toContain('your grandmother');
  });

  test('is the same for the same history', async () => {
    const history = [user('Hello'), user('I am unhappy'), user('I dreamt of trains')];
    expect(await ask(history)).toEqual(await ask(history));
  });

  test('depends on what the user said before, and on nobody else', async () => {
    const again = [user('I am unhappy'), user('I am unhappy')];
    expect(textOf(await ask(again))).not.toBe(textOf(await ask([user('I am unhappy')])));
    expect(await ask([system('My computer'), user('I am unhappy')])).toEqual(await ask([user('I am unhappy')]));
  });

  test('opens the conversation where nobody has said anything yet', async () => {
    const opening = textOf(await ask([system('Be kind.')]));
    expect(opening).not.toBe('');
    expect(textOf(await ask([user('')]))).not.toBe('');
  });

  test('follows a message of any length', async () => {
    expect(textOf(await ask([user(`${'word '.repeat(200_000)} I am unhappy`)]))).not.toBe('');
  });

  test('ends with LENGTH after as many words as asked for', async () => {
    const whole = textOf(await ask([user('I am unhappy')]));
    const parts = await ask([user('I am unhappy')], { maxTokens: 2 });
    expect(parts).toHaveLength(3);
    expect(whole.startsWith(textOf(parts))).toBe(true);
    expect(parts.at(-1)).toEqual({ ...finish, reason: 'LENGTH' });
    expect(await ask([user('I am unhappy')], { maxTokens: 1000 })).toEqual(await ask([user('I am unhappy')]));
  });

  test('ends before the first of the stop sequences', async () => {
    const whole = textOf(await ask([user('I am unhappy')]));
    const parts = await ask([user('I am unhappy')], { stop: ['no such words', 'unhappy', '?'] });
    expect(textOf(parts)).toBe(whole.slice(0, whole.indexOf('unhappy')));
    expect(parts.at(-1)).toEqual(finish);
  });
});

test('ELIZA pauses before each word', async () => {
  const provider = createProvider(local, { wordDelayMs: 20 });
  const startedAt = performance.now();
  const parts = await collect(chat(provider));
  expect(performance.now() - startedAt).toBeGreaterThan((parts.length - 1) * 18);
});

describe('a pattern', () => {
  const PREFIX = 'data:image/svg+xml;base64,';
  const drawSvg = async (options: Parameters<typeof draw>[1]) => {
    const images = await draw(createProvider(local, {}), options);
    expect(images).toHaveLength(1);
    const url = images[0]?.url ?? '';
    expect(url.startsWith(PREFIX)).toBe(true);
    return Buffer.from(url.slice(PREFIX.length), 'base64').toString();
  };

  test('is one SVG picture, with the prompt as its alternative text', async () => {
    expect(await draw(createProvider(local, {}), { prompt: 'a cat' })).toMatchObject([{ alt: 'a cat' }]);
    expect(await drawSvg({})).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>$/s);
  });

  test('is the same for the same prompt, and another for another', async () => {
    expect(await drawSvg({ prompt: 'a cat' })).toBe(await drawSvg({ prompt: 'a cat' }));
    expect(await drawSvg({ prompt: 'a cat' })).not.toBe(await drawSvg({ prompt: 'a dog' }));
  });

  test('is another one each time that one prompt is drawn several times', async () => {
    const urls = (await draw(createProvider(local, {}), { count: 3 })).map(({ url }) => url);
    expect(new Set(urls).size).toBe(3);
  });

  test.for([
    [1, 1, 1024, 1024],
    [16, 9, 1024, 576],
    [9, 16, 576, 1024],
    [64, 1, 1024, 16],
    [1, 64, 16, 1024],
  ] as const)('has the aspect ratio %i:%i', async ([width, height, pixelsWide, pixelsHigh]) => {
    const size = `width="${pixelsWide}" height="${pixelsHigh}" viewBox="0 0 ${pixelsWide} ${pixelsHigh}"`;
    expect(await drawSvg({ aspectRatio: { width, height } })).toContain(size);
  });

  test('has nothing of the prompt in it', async () => {
    expect(await drawSvg({ prompt: '<script>alert(1)</script>' })).not.toMatch(/script|alert/);
  });
});
