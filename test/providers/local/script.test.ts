import { describe, expect, test } from 'vitest';
import type { ChatMessage, ChatPart, ChatRequest, Tool } from '../../../src/providers/chat.ts';
import { local } from '../../../src/providers/local/local.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { overPost } from '../../helpers/clients.ts';
import { user } from '../../helpers/messages.ts';
import { collect, createProvider, describeProvider, textOf } from '../../helpers/provider-suite.ts';
import { startServer } from '../../helpers/server.ts';

const WORDS = [{ text: 'to be or not to be that is', chunk: 3, delayMs: 1 }];

describeProvider({
  name: 'A script',
  create(options, settings) {
    const provider = local.create(local.options.parse(options), settings);
    return {
      ...provider,
      streamChat: (request, signal) => chatWith(provider, { ...request, providerOptions: { script: WORDS } }, signal),
    };
  },
  upstream: 'it answers by itself',
});

function chatWith({ streamChat }: Provider, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPart> {
  if (!streamChat) throw new Error('expected a chat');
  return streamChat({ ...request, model: 'script' }, signal);
}

function start(request: Partial<ChatRequest>, signal = new AbortController().signal): AsyncIterable<ChatPart> {
  const provider = createProvider(local, { wordDelayMs: 0 });
  return chatWith(provider, { model: 'script', messages: [user('Hello, you')], ...request }, signal);
}

const play = (script: readonly object[], request: Partial<ChatRequest> = {}) =>
  collect(start({ ...request, providerOptions: { script } }));

const FINISH = { type: 'finish', reason: 'STOP', rawReason: null, usage: null, continuation: null };

describe('a script', () => {
  test('is played step by step, in pieces of whole characters', async () => {
    expect(
      await play([{ reasoning: 'hm' }, { text: 'a👩b', chunk: 2 }, { text: '' }, { text: 'c', delayMs: 1 }]),
    ).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'a👩' },
      { type: 'text-delta', text: 'b' },
      { type: 'text-delta', text: 'c' },
      FINISH,
    ]);
  });

  test('calls tools: pieces, then the whole, under ids that no call before it had', async () => {
    const earlier: ChatMessage = {
      role: 'ASSISTANT',
      parts: [],
      toolCalls: [{ callId: 'call-1', name: 'f', argumentsText: '{}' }],
      continuation: null,
    };
    const call = { index: 0, callId: 'call-2', name: 'f' };
    const other = { index: 1, callId: 'x', name: 'g' };
    const script = [
      { toolCall: { name: 'f', arguments: { a: 1 } }, chunk: 5 },
      { toolCall: { name: 'g', id: 'x' } },
      { finish: 'STOP', rawReason: 'stop' },
    ];
    expect(await play(script, { messages: [earlier] })).toEqual([
      { type: 'tool-call-delta', ...call, text: '{"a":' },
      { type: 'tool-call-delta', ...call, text: '1}' },
      { type: 'tool-call', ...call, argumentsText: '{"a":1}' },
      { type: 'tool-call-delta', ...other, text: '{}' },
      { type: 'tool-call', ...other, argumentsText: '{}' },
      { ...FINISH, reason: 'TOOL_CALLS', rawReason: 'stop' },
    ]);
  });

  test('tells usage and a continuation with its end, behind which nothing is played', async () => {
    const script = [
      { usage: { totalTokens: 7 } },
      { continuation: { signed: true } },
      { finish: 'OTHER', rawReason: 'tired' },
      { text: 'too late' },
    ];
    expect(await play(script)).toEqual([
      {
        type: 'finish',
        reason: 'OTHER',
        rawReason: 'tired',
        usage: expect.objectContaining({ totalTokens: 7, promptTokens: null }),
        continuation: { dialect: 'local', data: { signed: true } },
      },
    ]);
  });

  test('draws pictures that differ', async () => {
    const [one, other, third] = await play([{ image: true }, { image: 'a cat' }, { image: 'a cat' }]);
    expect(one).toMatchObject({ image: { alt: 'Hello, you', url: expect.stringMatching(/^data:image\/svg/) } });
    expect(other).toMatchObject({ image: { alt: 'a cat' } });
    expect(third).not.toEqual(other);
  });

  test('fails as it says', async () => {
    await expect(play([{ text: 'a' }, { fail: 'BLOCKED', message: 'No', retryAfterMs: 7 }])).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'BLOCKED',
      message: 'No',
      retryAfterMs: 7,
    });
  });

  test('hangs until it is left', async () => {
    const controller = new AbortController();
    const parts = start({ providerOptions: { script: [{ text: 'a' }, { hang: true }] } }, controller.signal)[
      Symbol.asyncIterator
    ]();
    expect(await parts.next()).toMatchObject({ value: { text: 'a' } });
    const next = parts.next();
    const reason = new Error('left');
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  test.for([
    ['script', {}, 'expected array'],
    ['script.0', [{ words: 'a' }], 'expected a step: an object with one of text, reasoning, toolCall'],
    ['script.1', [{ text: 'a' }, null], 'expected a step'],
    ['script.1.text', [{ text: 'a' }, { text: 1 }], 'expected string'],
    ['script.0', [{ text: 'a', speed: 1 }], '"speed"'],
    ['script.0.chunk', [{ text: 'a', chunk: 0 }], '>=1'],
    ['script.0.toolCall.name', [{ toolCall: {} }], 'expected string'],
    ['script.0.toolCall', [{ toolCall: { name: 'f', arguments: {}, argumentsText: '' } }], 'not both'],
    ['script.0.finish', [{ finish: 'CANCELLED' }], '"LENGTH"'],
    ['script.0.fail', [{ fail: 'BROKEN' }], '"RATE_LIMITED"'],
  ] as const)('that is wrong at %s is BAD_USER_INPUT, before anything starts', async ([path, script, message]) => {
    const input = {
      model: 'local/script',
      messages: [{ role: 'USER', content: 'a' }],
      providerOptions: { local: { script } },
    };
    const query = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';
    const [result] = await overPost(await startServer(), { query, variables: { input } });
    expect(result?.errors).toMatchObject([
      {
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_USER_INPUT', path: `input.providerOptions.local.${path}` },
      },
    ]);
  });
});

describe('without a script', () => {
  const weather: Tool = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
  const clock: Tool = { name: 'clock' };
  const calls = async (request: Partial<ChatRequest>) =>
    (await collect(start(request))).flatMap((part) => (part.type === 'tool-call' ? [part] : []));

  test('says what it was told last', async () => {
    expect(textOf(await collect(start({})))).toBe('Hello, you');
    const picture = {
      type: 'image',
      url: 'https://example.com/a.png',
      mediaType: null,
      name: null,
      detail: null,
    } as const;
    const looks: ChatMessage = { role: 'USER', parts: [{ type: 'text', text: 'Look: ' }, picture] };
    expect(textOf(await collect(start({ messages: [looks] })))).toBe('Look: [image]');
  });

  test('thinks first where it is to think', async () => {
    const types = async (reasoningEffort: 'NONE' | 'LOW') =>
      new Set((await collect(start({ reasoningEffort }))).map(({ type }) => type));
    expect([...(await types('NONE'))]).toEqual(['text-delta', 'finish']);
    expect([...(await types('LOW'))]).toEqual(['reasoning-delta', 'text-delta', 'finish']);
  });

  test('calls the first tool, or the one that is wanted, or none', async () => {
    const tools = [weather, clock];
    expect(await calls({ tools })).toMatchObject([{ name: 'weather', argumentsText: '{"city":"text"}' }]);
    expect(await calls({ tools, toolChoice: { tool: 'clock' } })).toMatchObject([
      { name: 'clock', argumentsText: '{}' },
    ]);
    expect(await calls({ tools, toolChoice: { mode: 'REQUIRED' } })).toHaveLength(1);
    expect(await calls({ tools, toolChoice: { mode: 'NONE' } })).toEqual([]);
  });

  test('says in words what the tools answered', async () => {
    const result = (name: string, text: string, isError: boolean): ChatMessage => ({
      role: 'TOOL',
      callId: name,
      name,
      parts: [{ type: 'text', text }],
      isError,
    });
    const messages = [user('And?'), result('weather', 'sunny', false), result('clock', 'no battery', true)];
    const parts = await collect(start({ tools: [weather, clock], messages }));
    expect(textOf(parts)).toBe('weather answered: sunny clock failed: no battery');
    expect(parts.at(-1)).toEqual(FINISH);
  });

  test('answers in JSON where that is asked for', async () => {
    const schema = { type: 'object', properties: { city: { enum: ['Oslo'] } } };
    expect(textOf(await collect(start({ responseFormat: { type: 'JSON_SCHEMA', schema } })))).toBe('{"city":"Oslo"}');
    expect(textOf(await collect(start({ responseFormat: { type: 'JSON' } })))).toBe('{"answer":"Hello, you"}');
  });
});
