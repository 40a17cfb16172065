import { describe, expect, test } from 'vitest';
import {
  answerEvents,
  answerWith,
  ask,
  type Block,
  blockStop,
  delta,
  event,
  exception,
  isSigned,
  KEYS,
  MODEL,
  metadata,
  START,
  standIn,
  startRock,
  stop,
} from './helpers/bedrock-server.ts';
import { overSse, type Result, type Run, withDeltasJoined } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { media } from './helpers/sent-chat.ts';
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
      usage { promptTokens cachedPromptTokens cacheWriteTokens completionTokens totalTokens }
    }
    ... on ChatFailed { code message retryable retryAfterMs }
  }
}`;

const HAIKU = 'anthropic.claude-3-5-haiku-20241022-v1:0';
const NOVA = 'amazon.nova-pro-v1:0';

async function start(play: Play | readonly [Play, ...Play[]]) {
  const upstream = await startFakeUpstream(play);
  const rock = { type: 'bedrock', region: 'us-east-1', baseUrl: upstream.url, ...KEYS, models: [MODEL, HAIKU, NOVA] };
  const aliases = { clever: [`rock/${MODEL}`, `rock/${NOVA}`] };
  return { upstream, server: await startServer({ config: { providers: { rock }, aliases } }) };
}

type Event = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function chat(run: Run, server: Parameters<Run>[0], input: object): Promise<readonly Event[]> {
  const standard = { model: `rock/${MODEL}`, messages: [{ role: 'USER', content: 'Hello' }] };
  const results: readonly Result[] = await run(server, {
    query: CHAT,
    variables: { input: { ...standard, ...input } },
  });
  for (const { errors } of results) expect(errors).toBeUndefined();
  return withDeltasJoined(results).map(({ data }) => Object(data).chat);
}

const said = (text: string) => ({ __typename: 'ChatDelta', text, offset: 0 });
const thought = (text: string, signature: string): Block => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const call = (toolUseId: string, city: string): Block => ({ toolUse: { toolUseId, name: 'weather', input: { city } } });
const inJson = { responseFormat: { jsonSchema: { schema: { type: 'object', properties: { city: {} } } } } };
const object = { city: 'Oslo' };

const ANSWERS: readonly (readonly [name: string, events: readonly Uint8Array[], input: object, ...told: object[]])[] = [
  [
    'text',
    answerEvents([{ text: 'Grüße 👋' }], 'end_turn'),
    {},
    said('Grüße 👋'),
    { finishReason: 'STOP', continuation: null, usage: { promptTokens: 10, completionTokens: 7, totalTokens: 17 } },
  ],
  [
    'reasoning, then text',
    answerEvents([thought('So.', 'c2ln'), { text: 'Hello' }], 'end_turn'),
    {},
    { __typename: 'ChatReasoningDelta', text: 'So.' },
    said('Hello'),
    { finishReason: 'STOP', continuation: expect.any(String) },
  ],
  [
    'a call',
    answerEvents([call('a', 'Oslo')], 'tool_use'),
    {},
    { __typename: 'ChatToolCallDelta', index: 0, callId: 'a', name: 'weather', text: '{"city":"Oslo"}' },
    { __typename: 'ChatToolCall', index: 0, callId: 'a', arguments: object },
    { finishReason: 'TOOL_CALLS', rawFinishReason: 'tool_use' },
  ],
  [
    'parallel calls',
    answerEvents([call('a', 'Oslo'), call('b', 'Rome')], 'tool_use'),
    {},
    { __typename: 'ChatToolCallDelta', index: 0 },
    { __typename: 'ChatToolCall', index: 0, arguments: object },
    { __typename: 'ChatToolCallDelta', index: 1 },
    { __typename: 'ChatToolCall', index: 1, arguments: { city: 'Rome' } },
    { finishReason: 'TOOL_CALLS' },
  ],
  [
    'a call without arguments',
    answerEvents([{ toolUse: { toolUseId: 'a', name: 'now', input: {} } }], 'tool_use'),
    {},
    { __typename: 'ChatToolCall', name: 'now', arguments: {}, argumentsText: '' },
    { finishReason: 'TOOL_CALLS' },
  ],
  [
    'a structured answer',
    answerEvents([{ text: '{"city":"Oslo"}' }], 'end_turn'),
    inJson,
    said('{"city":"Oslo"}'),
    { finishReason: 'STOP', object, objectProblems: [] },
  ],
  [
    'a structured answer by a tool',
    answerEvents([{ toolUse: { toolUseId: 'a', name: 'answer', input: object } }], 'tool_use'),
    { ...inJson, model: `rock/${HAIKU}` },
    said('{"city":"Oslo"}'),
    { finishReason: 'STOP', rawFinishReason: 'tool_use', object },
  ],
  [
    'a refusal with text',
    answerEvents([{ text: 'I cannot.' }], 'content_filtered'),
    inJson,
    said('I cannot.'),
    { finishReason: 'CONTENT_FILTER', object: null, objectProblems: [] },
  ],
  [
    'a refusal without text',
    [START, stop('guardrail_intervened'), metadata()],
    {},
    { __typename: 'ChatFinished', finishReason: 'CONTENT_FILTER', length: 0 },
  ],
  [
    'greatest length',
    answerEvents([{ text: 'Once' }], 'max_tokens'),
    {},
    said('Once'),
    { finishReason: 'LENGTH', rawFinishReason: 'max_tokens' },
  ],
  [
    'an exception before the first part',
    [exception('serviceUnavailableException', 'Busy')],
    {},
    { __typename: 'ChatFailed', code: 'UNAVAILABLE', retryable: true },
  ],
  [
    'an exception after it',
    [START, delta(0, { text: 'Hel' }), exception('throttlingException', 'Slow')],
    {},
    said('Hel'),
    { __typename: 'ChatFailed', code: 'RATE_LIMITED', retryable: true },
  ],
  [
    'a damaged frame',
    [START, delta(0, { text: 'Hel' }), delta(0, { text: 'lo' }).fill(7, 20, 30), stop('end_turn')],
    {},
    said('Hel'),
    { __typename: 'ChatFailed', code: 'BAD_RESPONSE', retryable: false },
  ],
  [
    'an end within a frame',
    [START, delta(0, { text: 'Hel' }), delta(0, { text: 'lo' }).subarray(0, 40)],
    {},
    said('Hel'),
    { __typename: 'ChatFailed', code: 'BAD_RESPONSE' },
  ],
  [
    'usage before the end',
    [
      delta(0, { text: 'Hi' }),
      metadata({ inputTokens: 3, cacheReadInputTokens: 5, outputTokens: 1 }),
      stop('end_turn'),
    ],
    {},
    said('Hi'),
    {
      usage: { promptTokens: 8, cachedPromptTokens: 5, cacheWriteTokens: null, completionTokens: 1, totalTokens: null },
    },
  ],
  [
    'what is not known yet',
    [
      event('ping'),
      START,
      event('contentBlockStart', { contentBlockIndex: 0, start: { hologram: {} } }),
      blockStop(0),
    ].concat([delta(1, { text: 'Hi' }), delta(1, { smell: 'rose' }), stop('end_turn'), metadata()]),
    {},
    said('Hi'),
    { finishReason: 'STOP' },
  ],
];

describe.for(streams)('an answer of Bedrock over %s', ([, run]) => {
  test.for(ANSWERS)('%s', async ([_name, events, input, ...expected]) => {
    const { upstream, server } = await start(answerWith(...events));
    const told = (await chat(run, server, input)).filter(({ __typename }) => __typename !== 'ChatStarted');
    expect(told).toMatchObject(expected);
    expect(told).toHaveLength(expected.length);
    const asked = await upstream.exchange();
    expect(asked.url).toMatch(/^\/model\/[\w.-]+%3A0\/converse-stream$/);
    expect(isSigned(asked)).toBe(true);
  });
});

/** Three turns of calls, each with reasoning in another place, and the answer. */
const LOOP = [
  {
    blocks: [
      thought('Two towns.', 'c2lnMQ=='),
      { text: 'Let me see.' },
      call('tooluse_1', 'Oslo'),
      call('tooluse_2', 'Rome'),
    ],
    stopReason: 'tool_use',
  },
  {
    blocks: [
      { reasoningContent: { redactedContent: 'EmwKAhgB' } },
      call('tooluse_3', 'Nice'),
      thought('', 'c2lnMg=='),
      call('tooluse_4', 'Bern'),
    ],
    stopReason: 'tool_use',
  },
  {
    blocks: [thought('One more.', 'c2lnMw=='), { text: 'One more.' }, call('tooluse_5', 'Bonn')],
    stopReason: 'tool_use',
  },
  { blocks: [thought('Done.', 'c2lnNA=='), { text: 'Rain everywhere.' }], stopReason: 'end_turn' },
];

/** Asks, runs the tools, and asks again, as a client does that carries everything along. */
async function runLoop(run: Run, carry: (continuation: unknown) => unknown = (all) => all) {
  const { server, upstream } = await start(standIn(LOOP));
  const messages: object[] = [{ role: 'USER', content: 'Weather?' }];
  const ends: Event[] = [];
  for (let turn = 0; turn < LOOP.length; turn++) {
    const events = await chat(run, server, { messages, tools: [{ name: 'weather' }], reasoningEffort: 'HIGH' });
    const end = events.at(-1);
    if (end) ends.push(end);
    if (end?.__typename !== 'ChatFinished' || end.finishReason !== 'TOOL_CALLS') break;
    const calls = events.filter(({ __typename }) => __typename === 'ChatToolCall');
    const deltas = events.filter(({ __typename }) => __typename === 'ChatDelta');
    messages.push({
      role: 'ASSISTANT',
      content: deltas.map(({ text }) => text).join(''),
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      continuation: carry(end.continuation),
    });
    for (const { callId } of calls) messages.push({ role: 'TOOL', toolCallId: callId, content: 'Rain' });
  }
  return { server, upstream, messages, ends };
}

describe.for(streams)('a loop of tools with reasoning over %s', ([, run]) => {
  test('goes to its end', async () => {
    const { ends } = await runLoop(run);
    expect(ends.map(({ finishReason }) => finishReason)).toEqual(['TOOL_CALLS', 'TOOL_CALLS', 'TOOL_CALLS', 'STOP']);
  });

  test('is refused by the upstream where a client drops what it has to carry', async () => {
    const { ends } = await runLoop(run, () => undefined);
    expect(ends.at(-1)).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('cannot be modified') });
  });
});

test('the same history goes to a model of another maker without the reasoning', async () => {
  const { server, upstream, messages } = await runLoop(overSse);
  await chat(overSse, server, { model: `rock/${NOVA}`, messages, tools: [{ name: 'weather' }] });
  const { url, body } = upstream.exchanges.at(-1) ?? { url: '', body: '' };
  expect(url).toBe('/model/amazon.nova-pro-v1%3A0/converse-stream');
  expect(body).not.toContain('reasoningContent');
});

test.for<[object, string]>([
  [{ seed: 5 }, 'input.seed'],
  [{ presencePenalty: 1 }, 'input.presencePenalty'],
  [{ parallelToolCalls: false }, 'input.parallelToolCalls'],
  [{ model: `rock/${HAIKU}`, reasoningEffort: 'LOW' }, 'input.reasoningEffort'],
])('what a model is known not to do is a mistake of the request: %j', async ([input, path]) => {
  const { server, upstream } = await start(() => {});
  const messages = [{ role: 'USER', content: 'Hello' }];
  const variables = { input: { model: `rock/${MODEL}`, messages, tools: [{ name: 'weather' }], ...input } };
  const [failed] = await overSse(server, { query: CHAT, variables });
  expect(failed?.errors?.[0]).toMatchObject({
    message: expect.stringContaining(path),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(upstream.exchanges).toEqual([]);
});

test.for<[number, string, object]>([
  [400, '{"message":"The model returned the following errors: no"}', { code: 'REJECTED', retryable: false }],
  [403, '{"Message":"User is not authorized to perform this"}', { code: 'UNAUTHORIZED', retryable: false }],
  [404, '{"message":"This model version has reached the end of its life"}', { code: 'MODEL_GONE', retryable: false }],
  [408, '{"message":"Model has timed out in processing the request"}', { code: 'TIMEOUT', retryable: true }],
  [424, '{"message":"The system encountered an unexpected error"}', { code: 'UNAVAILABLE', retryable: true }],
  [429, '{"message":"Too many requests, please wait"}', { code: 'RATE_LIMITED', retryable: true }],
  [500, '{"message":"Oh"}', { code: 'UNAVAILABLE', retryable: true }],
  [503, '{"message":"Bedrock is unable to process your request."}', { code: 'UNAVAILABLE', retryable: true }],
])('the status %i with %s', async ([status, body, failure]) => {
  const { server } = await start(({ reply }) => reply({ status, body }));
  const told = Object(JSON.parse(body)).message ?? JSON.parse(body).Message;
  expect((await chat(overSse, server, {})).at(-1)).toMatchObject({
    __typename: 'ChatFailed',
    ...failure,
    message: `Amazon Bedrock answered ${status}: ${told}`,
  });
});

test('a large picture, and a model that is named by its ARN, are signed too', async () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
  const models = [{ name: arn, like: 'amazon.nova-pro' }];
  const hello = answerWith(...answerEvents([{ text: 'A cat' }], 'end_turn'));
  const { upstream, provider } = await startRock(hello, { models });
  const image = media('image', `data:image/png;base64,${Buffer.alloc(1_500_000).toString('base64')}`);
  await Array.fromAsync(ask(provider, { model: arn, messages: [{ role: 'USER', parts: [image] }] }));
  const asked = await upstream.exchange();
  expect(asked.url).toBe(`/model/${encodeURIComponent(arn)}/converse-stream`);
  expect(asked.body.length).toBeGreaterThan(2_000_000);
  expect(isSigned(asked)).toBe(true);
});

test('a key of Bedrock is sent as a bearer token', async () => {
  const keys = { accessKeyId: undefined, secretAccessKey: undefined, sessionToken: undefined };
  const hello = answerWith(...answerEvents([{ text: 'Hello' }], 'end_turn'));
  const { upstream, provider } = await startRock(hello, { ...keys, apiKey: 'bedrock-api-key-0123' });
  await Array.fromAsync(ask(provider));
  const { headers } = await upstream.exchange();
  expect(headers).toMatchObject({ authorization: 'Bearer bedrock-api-key-0123', 'content-type': 'application/json' });
  expect(headers).not.toHaveProperty('x-amz-date');
});

test('no key and no token is in a message, as a status and in a stream, though the upstream says them', async () => {
  const words = `Expected ${KEYS.accessKeyId} with ${KEYS.secretAccessKey} and ${KEYS.sessionToken}`;
  const { server } = await start([
    ({ reply }) => reply({ status: 403, body: JSON.stringify({ message: words }) }),
    answerWith(exception('validationException', words)),
  ]);
  for (let turn = 0; turn < 2; turn++) {
    expect((await chat(overSse, server, {})).at(-1)).toMatchObject({
      message: expect.stringMatching(/: Expected \*\*\* with \*\*\* and \*\*\*$/),
    });
  }
});

test('the next model of an alias answers where one is busy', async () => {
  const busy: Play = ({ reply }) => reply({ status: 503, body: '{"message":"Busy"}' });
  const { server } = await start([busy, answerWith(...answerEvents([{ text: 'Hello' }], 'end_turn'))]);
  const events = await chat(overSse, server, { model: 'clever' });
  expect(events[0]).toMatchObject({ model: { id: `rock/${NOVA}` } });
  expect(events.at(-1)).toMatchObject({ finishReason: 'STOP' });
});
