import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/gateway/chat/chat-event.ts';
import type { ChatRequest } from '../../../src/gateway/chat/chat-request.ts';
import type { ChatPart } from '../../../src/providers/chat.ts';
import { ProviderError } from '../../../src/providers/errors.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { createCaller, createTestGateway, finish, scriptedProvider, text } from '../../helpers/scripted-provider.ts';

const request: ChatRequest = { model: 'scripted/model', messages: [{ role: 'USER', content: 'hello' }] };

function gatewayOf(provider: Provider, reportBug?: (error: unknown) => string) {
  return createTestGateway([provider], reportBug ? { reportBug } : {});
}

async function eventsOf(
  provider: Provider,
  { signal = new AbortController().signal, ...more } = {} as Partial<ChatRequest> & { signal?: AbortSignal },
) {
  const events: ChatEvent[] = [];
  for await (const event of await gatewayOf(provider).streamChat({ ...request, ...more }, createCaller(signal)))
    events.push(event);
  return events;
}

const says = (...parts: readonly (ChatPart | Error)[]) =>
  scriptedProvider(async function* () {
    for (const part of parts) {
      if (part instanceof Error) throw part;
      yield part;
    }
  });

test('tells text, thinking, calls, pictures and sources in order, each with its place', async () => {
  const image = { url: 'https://example.com/cat.png', alt: 'a cat' };
  const usage = {
    promptTokens: 12,
    cachedPromptTokens: 8,
    cacheWriteTokens: null,
    completionTokens: 2,
    reasoningTokens: null,
    totalTokens: 354,
  };
  const events = await eventsOf(
    says(
      { type: 'reasoning-delta', text: 'hm' },
      text('He👋'),
      { type: 'reasoning-delta', text: 'm' },
      text('llo'),
      { type: 'image', image },
      { type: 'tool-call-delta', index: 0, callId: 'a', name: 'weather', text: '{"city":' },
      { type: 'tool-call-delta', index: 1, callId: 'b', name: 'time', text: '{' },
      { type: 'tool-call-delta', index: 0, callId: 'a', name: 'weather', text: '"Oslo"}' },
      { type: 'tool-call', index: 0, callId: 'a', name: 'weather', argumentsText: '{"city":"Oslo"}' },
      { type: 'tool-call', index: 1, callId: 'b', name: 'time', argumentsText: '{' },
      { type: 'tool-call', index: 2, callId: 'c', name: 'now', argumentsText: '' },
      { type: 'source', url: 'https://example.com', title: null },
      finish({ reason: 'LENGTH', rawReason: 'max_tokens', usage }),
      text('too late'),
    ),
  );
  expect(events).toEqual([
    {
      type: 'ChatStarted',
      seq: 0,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      model: expect.objectContaining({ id: 'scripted/model' }),
      attempts: [],
    },
    { type: 'ChatReasoningDelta', seq: 1, text: 'hm', offset: 0 },
    { type: 'ChatDelta', seq: 2, text: 'He👋', offset: 0 },
    { type: 'ChatReasoningDelta', seq: 3, text: 'm', offset: 2 },
    { type: 'ChatDelta', seq: 4, text: 'llo', offset: 4 },
    { type: 'ChatImage', seq: 5, image },
    { type: 'ChatToolCallDelta', seq: 6, index: 0, callId: 'a', name: 'weather', text: '{"city":', offset: 0 },
    { type: 'ChatToolCallDelta', seq: 7, index: 1, callId: 'b', name: 'time', text: '{', offset: 0 },
    { type: 'ChatToolCallDelta', seq: 8, index: 0, callId: 'a', name: 'weather', text: '"Oslo"}', offset: 8 },
    {
      type: 'ChatToolCall',
      seq: 9,
      index: 0,
      callId: 'a',
      name: 'weather',
      arguments: { city: 'Oslo' },
      argumentsText: '{"city":"Oslo"}',
    },
    { type: 'ChatToolCall', seq: 10, index: 1, callId: 'b', name: 'time', arguments: null, argumentsText: '{' },
    { type: 'ChatToolCall', seq: 11, index: 2, callId: 'c', name: 'now', arguments: {}, argumentsText: '' },
    { type: 'ChatSource', seq: 12, url: 'https://example.com', title: null },
    {
      type: 'ChatFinished',
      seq: 13,
      finishReason: 'LENGTH',
      rawFinishReason: 'max_tokens',
      length: 7,
      usage,
      firstTokenMs: expect.any(Number),
      durationMs: expect.any(Number),
      continuation: null,
      object: null,
      objectProblems: [],
    },
  ]);
});

test('tells nothing but plain data, so that every event can leave the process', async () => {
  const provider = scriptedProvider(
    async function* ({ model }) {
      if (model === 'busy') throw new ProviderError('RATE_LIMITED', 'Slow down', { status: 429, retryAfterMs: 7000 });
      yield text('a');
      yield { type: 'image', image: { url: 'https://example.com/cat.png', alt: 'a cat' } };
      throw new ProviderError('BAD_RESPONSE', 'No answer', { cause: new Error('broken') });
    },
    { models: ['busy', 'free'].map((name) => ({ name, kind: 'CHAT' })) },
  );
  const gateway = createTestGateway([provider], { aliases: { any: ['scripted/busy', 'scripted/free'] } });
  const events = await Array.fromAsync(await gateway.streamChat({ ...request, model: 'any' }, createCaller()));
  expect(events.map(({ type }) => type)).toEqual(['ChatStarted', 'ChatDelta', 'ChatImage', 'ChatFailed']);
  expect(events[0]).toMatchObject({ attempts: [{ code: 'RATE_LIMITED', model: { providerId: 'scripted' } }] });
  expect(JSON.parse(JSON.stringify(events))).toStrictEqual(events);
});

describe('ends in one ChatFailed', () => {
  const failure = {
    type: 'ChatFailed',
    code: 'RATE_LIMITED',
    message: 'Slow down',
    retryable: true,
    retryAfterMs: 7000,
  };
  const slowDown = new ProviderError('RATE_LIMITED', 'Slow down', { status: 429, retryAfterMs: 7000 });

  test('when there is no first part, with the attempt', async () => {
    expect(await eventsOf(says(slowDown))).toEqual([
      {
        ...failure,
        seq: 0,
        attempts: [
          {
            model: expect.anything(),
            code: 'RATE_LIMITED',
            message: 'Slow down',
            retryAfterMs: 7000,
            durationMs: expect.any(Number),
          },
        ],
      },
    ]);
  });

  test('when the answer breaks off', async () => {
    const events = await eventsOf(says(text('a'), slowDown));
    expect(events.map(({ type }) => type)).toEqual(['ChatStarted', 'ChatDelta', 'ChatFailed']);
    expect(events.at(-1)).toMatchObject({ ...failure, seq: 2 });
  });

  test('when the provider ends without a finish', async () => {
    expect((await eventsOf(says(text('a')))).at(-1)).toMatchObject({ type: 'ChatFailed', code: 'BAD_RESPONSE' });
  });

  test('when there is a bug, which is reported and not shown', async () => {
    const reported: unknown[] = [];
    const bug = new TypeError('x is undefined');
    const gateway = gatewayOf(says(text('a'), bug), (error) => `bug ${reported.push(error)}`);
    const answer = await gateway.completeChat(request, createCaller());
    expect(answer).toMatchObject({ type: 'ChatFailed', code: 'UNAVAILABLE', message: 'Unexpected error (bug 1)' });
    expect(reported).toEqual([bug]);
  });

  test('when the server stops', async () => {
    const stop = new AbortController();
    const provider = scriptedProvider(async function* (_request, signal) {
      yield text('a');
      stop.abort(new ProviderError('SHUTTING_DOWN', 'Stopping'));
      signal.throwIfAborted();
    });
    const events = await eventsOf(provider, { signal: stop.signal });
    expect(events.at(-1)).toMatchObject({ type: 'ChatFailed', code: 'SHUTTING_DOWN', retryable: true });
  });
});

test('ends without a word when the caller has left', async () => {
  const caller = new AbortController();
  const provider = scriptedProvider(async function* (_request, signal) {
    yield text('a');
    caller.abort();
    signal.throwIfAborted();
  });
  const types = (await eventsOf(provider, { signal: caller.signal })).map(({ type }) => type);
  expect(types).not.toContain('ChatFailed');
  expect(types).not.toContain('ChatFinished');
});

test('answers a chat with an image model in pictures of what the user said last', async () => {
  const prompts: string[] = [];
  const painter = scriptedProvider(async function* () {}, {
    models: [{ name: 'painter', kind: 'IMAGE' }],
    async generateImages({ prompt }) {
      prompts.push(prompt);
      return [1, 2].map((n) => ({ url: `https://example.com/${n}`, alt: prompt }));
    },
  });
  const messages = [
    { role: 'ASSISTANT', content: 'What shall I paint?' },
    { role: 'USER', content: ' A cat. ' },
    { role: 'USER', content: 'In the rain.' },
  ] as const;
  const events = await eventsOf(painter, { model: 'painter', messages });
  expect(prompts).toEqual(['A cat.\nIn the rain.']);
  expect(events.map(({ type }) => type)).toEqual(['ChatStarted', 'ChatImage', 'ChatImage', 'ChatFinished']);
  await expect(
    gatewayOf(painter).streamChat({ model: 'painter', messages: messages.slice(0, 1) }, createCaller()),
  ).rejects.toThrow(/input\.messages: 'scripted\/painter' makes pictures/);
});

test('keeps what was seen of a provider', async () => {
  let outcome: Error | ChatPart = finish();
  const provider = scriptedProvider(async function* () {
    if (outcome instanceof Error) throw outcome;
    yield outcome;
  });
  const gateway = gatewayOf(provider);
  const seen = async (next: Error | ChatPart) => {
    outcome = next;
    await gateway.completeChat(request, createCaller());
    const { status, consecutiveFailures, lastFailure } = gateway.health(provider);
    return [status, consecutiveFailures, lastFailure];
  };
  const down = new ProviderError('UNREACHABLE', 'gone');
  expect(gateway.health(provider)).toEqual({
    status: 'UNKNOWN',
    consecutiveFailures: 0,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
    firstPartP50Ms: null,
    retryAt: null,
  });
  expect(await seen(finish())).toEqual(['HEALTHY', 0, null]);
  expect(await seen(new ProviderError('REJECTED', 'a bad request is the caller’s'))).toEqual(['HEALTHY', 0, null]);
  expect(await seen(down)).toEqual(['DEGRADED', 1, 'UNREACHABLE']);
  expect(await seen(down)).toEqual(['DEGRADED', 2, 'UNREACHABLE']);
  expect(await seen(new ProviderError('TIMEOUT', 'late'))).toEqual(['DOWN', 3, 'TIMEOUT']);
  expect(await seen(finish())).toEqual(['HEALTHY', 0, 'TIMEOUT']);
});

test.for(['javascript:alert(1)', '/relative.png', 'ftp://example.com/a.png'])(
  'fails when a picture is at %s',
  async (url) => {
    const events = await eventsOf(says(text('a'), { type: 'image', image: { url, alt: 'a cat' } }, finish()));
    expect(events.at(-1)).toMatchObject({ type: 'ChatFailed', code: 'BAD_RESPONSE' });
  },
);
