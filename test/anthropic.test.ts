import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeContinuation } from '../src/gateway/chat/continuation.ts';
import { answerEvents, answerWith, event, standIn } from './helpers/anthropic-server.ts';
import { overSse, type Result, type Run, withDeltasJoined } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer } from './helpers/server.ts';
import { streams } from './helpers/told.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { model { id } }
    ... on ChatDelta { text offset }
    ... on ChatReasoningDelta { text offset }
    ... on ChatToolCallDelta { index callId name text offset }
    ... on ChatToolCall { index callId name arguments argumentsText }
    ... on ChatSource { url title }
    ... on ChatFinished {
      finishReason rawFinishReason length object objectProblems continuation
      usage { promptTokens cachedPromptTokens cacheWriteTokens completionTokens reasoningTokens totalTokens }
    }
    ... on ChatFailed { code message retryable retryAfterMs }
  }
}`;

const fixture = (name: string) => readFileSync(new URL(`fixtures/anthropic/${name}`, import.meta.url), 'utf8');

const MODELS = ['claude-opus-4-6', 'claude-opus-5', 'claude-sonnet-4-5', 'claude-3-5-haiku-latest'];

async function start(play: Play | readonly [Play, ...Play[]]) {
  const upstream = await startFakeUpstream(play);
  const aliases = { clever: ['claude/claude-opus-4-6', 'claude/claude-opus-5'] };
  const claude = { type: 'anthropic', baseUrl: upstream.url, apiKey: 'sk-ant-0123456789', models: MODELS };
  return { upstream, server: await startServer({ config: { providers: { claude }, aliases } }) };
}

type Event = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function chat(run: Run, server: Parameters<Run>[0], input: object): Promise<readonly Event[]> {
  const standard = { model: 'claude/claude-opus-4-6', messages: [{ role: 'USER', content: 'Hello' }] };
  const results: readonly Result[] = await run(server, {
    query: CHAT,
    variables: { input: { ...standard, ...input } },
  });
  for (const { errors } of results) expect(errors).toBeUndefined();
  return withDeltasJoined(results).map(({ data }) => Object(data).chat);
}

const said = (text: string) => ({ __typename: 'ChatDelta', text, offset: 0 });
const SCHEMA = { type: 'object', properties: { degrees: { type: 'integer', maximum: 50 } } };
const inJson = { responseFormat: { jsonSchema: { schema: SCHEMA } } };
const object = { city: 'Oslo', degrees: 21 };

const ANSWERS: readonly (readonly [file: string, input: object, ...events: object[]])[] = [
  ['text.sse', {}, said('Grüße aus "Köln",\n👋'), { finishReason: 'STOP', length: 20, continuation: null }],
  [
    'reasoning.sse',
    {},
    { __typename: 'ChatReasoningDelta', text: 'They greet me.\n' },
    said('Hello there'),
    {
      finishReason: 'STOP',
      continuation: expect.any(String),
      usage: {
        promptTokens: 17,
        cachedPromptTokens: 0,
        cacheWriteTokens: 0,
        completionTokens: 40,
        reasoningTokens: 22,
        totalTokens: null,
      },
    },
  ],
  [
    'call.sse',
    {},
    said("I'll look it up."),
    { __typename: 'ChatToolCallDelta', index: 0, callId: 'toolu_01Oslo', name: 'weather', offset: 0 },
    { __typename: 'ChatToolCall', index: 0, callId: 'toolu_01Oslo', arguments: { city: 'Oslo, "NO"' } },
    { finishReason: 'TOOL_CALLS', rawFinishReason: 'tool_use' },
  ],
  [
    'parallel-calls.sse',
    {},
    { __typename: 'ChatToolCallDelta', index: 0, text: '{"city": "Oslo"}' },
    { __typename: 'ChatToolCall', index: 0, arguments: { city: 'Oslo' } },
    { __typename: 'ChatToolCallDelta', index: 1, text: '{"city": "Rome"}' },
    { __typename: 'ChatToolCall', index: 1, arguments: { city: 'Rome' } },
    { finishReason: 'TOOL_CALLS' },
  ],
  ['call-without-arguments.sse', {}, { name: 'now', arguments: {}, argumentsText: '' }, { finishReason: 'TOOL_CALLS' }],
  ['structured.sse', inJson, said('{"city":"Oslo","degrees":21}'), { finishReason: 'STOP', object }],
  [
    'structured-by-tool.sse',
    { ...inJson, model: 'claude/claude-3-5-haiku-latest' },
    said('{"city": "Oslo", "degrees": 21}'),
    { finishReason: 'STOP', rawFinishReason: 'tool_use', object },
  ],
  [
    'refusal.sse',
    inJson,
    said('I cannot help with that.'),
    { finishReason: 'CONTENT_FILTER', object: null, objectProblems: [] },
  ],
  ['refusal-without-text.sse', {}, { __typename: 'ChatFinished', finishReason: 'CONTENT_FILTER', length: 0 }],
  ['greatest-length.sse', {}, said('Once upon a time'), { finishReason: 'LENGTH', rawFinishReason: 'max_tokens' }],
  [
    'web-search.sse',
    {},
    { url: 'https://news.example/', title: 'News' },
    said('It rains. It pours.'),
    { finishReason: 'STOP' },
  ],
  ['cached.sse', {}, said('Hi'), { usage: { promptTokens: 1203, cachedPromptTokens: 1000, cacheWriteTokens: 200 } }],
  ['error-first.sse', {}, { __typename: 'ChatFailed', code: 'UNAVAILABLE', retryable: true }],
  ['error-later.sse', {}, said('Hel'), { __typename: 'ChatFailed', code: 'RATE_LIMITED', retryable: true }],
  ['error.json', {}, { __typename: 'ChatFailed', code: 'UNAUTHORIZED', retryable: false }],
];

describe.for(streams)('an answer of Anthropic over %s', ([, run]) => {
  test.for(ANSWERS)('%s', async ([file, input, ...events]) => {
    const { server } = await start(answerWith(fixture(file)));
    const told = (await chat(run, server, input)).filter(({ __typename }) => __typename !== 'ChatStarted');
    expect(told).toMatchObject(events);
    expect(told).toHaveLength(events.length);
  });
});

const thinking = (thought: string, signature: string) => ({ type: 'thinking', thinking: thought, signature });
const call = (id: string, city: string) => ({ type: 'tool_use', id, name: 'weather', input: { city } });

/** Three turns of calls, each with thinking in another place, and the answer. */
const LOOP = [
  {
    blocks: [
      thinking('Two towns.', 'sig-1'),
      { type: 'text', text: 'Let me see.' },
      call('toolu_1', 'Oslo'),
      call('toolu_2', 'Rome'),
    ],
    stopReason: 'tool_use',
  },
  {
    blocks: [
      { type: 'redacted_thinking', data: 'EmwKAhgB' },
      call('toolu_3', 'Nice'),
      thinking('', 'sig-2'),
      call('toolu_4', 'Bern'),
    ],
    stopReason: 'tool_use',
  },
  {
    blocks: [thinking('One more.', 'sig-3'), { type: 'text', text: 'One more.' }, call('toolu_5', 'Bonn')],
    stopReason: 'tool_use',
  },
  { blocks: [thinking('Done.', 'sig-4'), { type: 'text', text: 'Rain everywhere.' }], stopReason: 'end_turn' },
];

/** Asks, runs the tools, and asks again, as a client does that carries everything along. */
async function runLoop(run: Run, play: Play, input: object, carry: (continuation: unknown) => unknown = (all) => all) {
  const { server, upstream } = await start(play);
  const messages: object[] = [{ role: 'USER', content: 'Weather?' }];
  const ends: Event[] = [];
  for (let turn = 0; turn < LOOP.length; turn++) {
    const events = await chat(run, server, { ...input, messages, tools: [{ name: 'weather' }] });
    const end = events.at(-1);
    if (end) ends.push(end);
    if (end?.__typename !== 'ChatFinished' || end.finishReason !== 'TOOL_CALLS') break;
    const calls = events.filter(({ __typename }) => __typename === 'ChatToolCall');
    const content = events
      .filter(({ __typename }) => __typename === 'ChatDelta')
      .map(({ text }) => text)
      .join('');
    messages.push({
      role: 'ASSISTANT',
      content,
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      continuation: carry(end.continuation),
    });
    for (const { callId } of calls) messages.push({ role: 'TOOL', toolCallId: callId, content: 'Rain' });
  }
  return { server, upstream, messages, ends };
}

describe.for(streams)('a loop of tools with thinking over %s', ([, run]) => {
  test.for(['claude/claude-opus-4-6', 'claude/claude-opus-5'])('goes to its end with %s', async (model) => {
    const { ends } = await runLoop(run, standIn(LOOP), { model, reasoningEffort: 'HIGH' });
    expect(ends.map(({ finishReason }) => finishReason)).toEqual(['TOOL_CALLS', 'TOOL_CALLS', 'TOOL_CALLS', 'STOP']);
  });

  test('is refused by the upstream where a client drops what it has to carry', async () => {
    const { ends } = await runLoop(run, standIn(LOOP), { reasoningEffort: 'HIGH' }, () => undefined);
    expect(ends.at(-1)).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('cannot be modified') });
  });
});

test('a continuation that does not fit its message, or is of others, is left out', async () => {
  const { server, upstream, messages } = await runLoop(overSse, standIn(LOOP), {});
  const [user, answer, ...results] = messages.slice(0, 4);
  const edited = { ...answer, content: 'Let me see that.' };
  await chat(overSse, server, { messages: [user, edited, ...results], tools: [{ name: 'weather' }] });
  const sent = JSON.parse(upstream.exchanges.at(-1)?.body ?? '').messages[1].content;
  expect(sent.map(({ type }: { type: string }) => type)).toEqual(['text', 'tool_use', 'tool_use']);
});

test.for(MODELS)('the history of another model is answered by %s, in the middle of its turn', async (model) => {
  const continuation = encodeContinuation({ dialect: 'google', data: [{ thoughtSignature: 'x' }] }, 10_000);
  const toolCalls = [{ id: 'functions.weather:0', name: 'weather', argumentsText: '{"city":"Os' }];
  const messages = [
    { role: 'USER', content: 'Weather?' },
    { role: 'ASSISTANT', toolCalls, continuation },
    { role: 'TOOL', toolCallId: 'functions.weather:0', content: 'What city?', isError: true },
    { role: 'ASSISTANT', content: 'Once more.', toolCalls, continuation },
    { role: 'TOOL', toolCallId: 'functions.weather:0', content: '' },
    { role: 'SYSTEM', content: 'Be brief.' },
    { role: 'USER', content: 'Well?' },
  ];
  const effort = model.includes('haiku') ? {} : { reasoningEffort: 'HIGH' };
  for (const length of [5, 7]) {
    const { server } = await start(standIn(LOOP.slice(3)));
    const asked = { model: `claude/${model}`, messages: messages.slice(0, length), ...effort };
    expect((await chat(overSse, server, asked)).at(-1)).toMatchObject({ finishReason: 'STOP' });
  }
});

const INPUT = { model: 'claude/claude-opus-5', messages: [{ role: 'USER', content: 'Hello' }] };

test.for<[object, string]>([
  [{ temperature: 0.5 }, 'input.temperature'],
  [{ topK: 5 }, 'input.topK'],
  [{ seed: 5 }, 'input.seed'],
  [{ presencePenalty: 1 }, 'input.presencePenalty'],
  [{ model: 'claude/claude-3-5-haiku-latest', reasoningEffort: 'LOW' }, 'input.reasoningEffort'],
  [
    { messages: [{ role: 'USER', parts: [{ audio: { url: 'data:audio/wav;base64,UklGRg==' } }] }] },
    'input.messages.0.parts.0',
  ],
])('what a model is known not to do is a mistake of the request: %j', async ([input, path]) => {
  const { server, upstream } = await start(() => {});
  const [failed] = await overSse(server, { query: CHAT, variables: { input: { ...INPUT, ...input } } });
  expect(failed?.errors?.[0]).toMatchObject({
    message: expect.stringContaining(path),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(upstream.exchanges).toEqual([]);
});

const told = (type: string, message: string) => JSON.stringify({ type: 'error', error: { type, message } });

test.for<[number, string, object, object?]>([
  [
    400,
    told('invalid_request_error', 'messages: at least one message is required'),
    { code: 'REJECTED', retryable: false },
  ],
  [
    400,
    told('invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
    { code: 'REJECTED', retryable: false },
  ],
  [
    400,
    told('invalid_request_error', 'Your credit balance is too low to access the Anthropic API'),
    { code: 'RATE_LIMITED', retryable: false },
  ],
  [401, told('authentication_error', 'invalid x-api-key'), { code: 'UNAUTHORIZED', retryable: false }],
  [403, told('permission_error', 'not allowed'), { code: 'UNAUTHORIZED', retryable: false }],
  [404, told('not_found_error', 'model: claude-gone'), { code: 'MODEL_GONE', retryable: false }],
  [413, told('request_too_large', 'Request exceeds the maximum size'), { code: 'REJECTED', retryable: false }],
  [
    429,
    told('rate_limit_error', 'slow down'),
    { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 7000 },
    { 'retry-after': '7' },
  ],
  [500, told('api_error', 'Internal server error'), { code: 'UNAVAILABLE', retryable: true }],
  [504, told('timeout_error', 'took too long'), { code: 'TIMEOUT', retryable: true }],
  [529, told('overloaded_error', 'Overloaded'), { code: 'UNAVAILABLE', retryable: true }],
])('the status %i with %s', async ([status, body, failure, headers = {}]) => {
  const { server } = await start(({ reply }) =>
    reply({ status, headers: { ...headers, 'content-type': 'application/json' }, body }),
  );
  expect((await chat(overSse, server, {})).at(-1)).toMatchObject({
    __typename: 'ChatFailed',
    ...failure,
    message: `Anthropic answered ${status}: ${JSON.parse(body).error.message}`,
  });
});

test.for<[string, object]>([
  ['api_error', { code: 'UNAVAILABLE', retryable: true }],
  ['authentication_error', { code: 'UNAUTHORIZED', retryable: false }],
  ['invalid_request_error', { code: 'REJECTED', retryable: false }],
  ['overloaded_error', { code: 'UNAVAILABLE', retryable: true }],
  ['rate_limit_error', { code: 'RATE_LIMITED', retryable: true }],
])('%s in a stream is what it is as a status, and shows no key', async ([type, failure]) => {
  const error = event('error', { error: { type, message: 'No: sk-ant-0123456789' } });
  const [begun = ''] = answerEvents([{ type: 'text', text: 'Hello' }], 'end_turn');
  const { server } = await start(answerWith(begun, error));
  expect((await chat(overSse, server, {})).at(-1)).toMatchObject({
    ...failure,
    message: 'Anthropic sent an error: No: ***',
  });
});

test('the next model of an alias answers where one is overloaded, and has the ways of its own', async () => {
  const overloaded: Play = ({ reply }) => reply({ status: 529, body: told('overloaded_error', 'Overloaded') });
  const { upstream, server } = await start([overloaded, standIn(LOOP.slice(3))]);
  const events = await chat(overSse, server, { model: 'clever', reasoningEffort: 'LOW' });
  expect(events[0]).toMatchObject({ model: { id: 'claude/claude-opus-5' } });
  expect(events.at(-1)).toMatchObject({ finishReason: 'STOP' });
  expect(upstream.exchanges.map(({ body }) => JSON.parse(body).model)).toEqual(['claude-opus-4-6', 'claude-opus-5']);
});
