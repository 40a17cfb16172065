import { describe, expect, test } from 'vitest';
import { overSse, type Result, type Run, withDeltasJoined } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { answerWith, end, event, readResponse, START, standIn, textDelta } from './helpers/responses-server.ts';
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
    ... on ChatImage { image { url alt } }
    ... on ChatFinished {
      finishReason rawFinishReason length object objectProblems continuation
      usage { promptTokens cachedPromptTokens cacheWriteTokens completionTokens reasoningTokens totalTokens }
    }
    ... on ChatFailed { code message retryable retryAfterMs }
  }
}`;

const KEY = 'sk-0123456789';

async function start(play: Play | readonly [Play, ...Play[]]) {
  const upstream = await startFakeUpstream(play);
  const at = { baseUrl: upstream.url, apiKey: KEY };
  const providers = {
    openai: { type: 'openai', ...at, models: ['gpt-5.4', 'gpt-4o'] },
    older: { type: 'openai', ...at, api: 'chat', models: ['gpt-4o'] },
    studio: { type: 'lmstudio', ...at, api: 'responses', models: ['otter-8b'] },
    azure: { type: 'azure', ...at, models: ['gpt-5.4'] },
    claude: { type: 'anthropic', ...at, models: ['claude-opus-5'] },
    google: { type: 'google', ...at, models: ['gemini-3-pro'] },
  };
  const aliases = { any: ['openai/gpt-4o', 'older/gpt-4o'], both: ['openai/gpt-5.4', 'azure/gpt-5.4'] };
  return { upstream, server: await startServer({ config: { providers, aliases } }) };
}

type Event = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function chat(run: Run, server: Parameters<Run>[0], input: object): Promise<readonly Event[]> {
  const standard = { model: 'openai/gpt-5.4', messages: [{ role: 'USER', content: 'Hello' }] };
  const results: readonly Result[] = await run(server, {
    query: CHAT,
    variables: { input: { ...standard, ...input } },
  });
  for (const { errors } of results) expect(errors).toBeUndefined();
  return withDeltasJoined(results).map(({ data }) => Object(data).chat);
}

const said = (text: string) => ({ __typename: 'ChatDelta', text, offset: 0 });
const thought = (text: string) => ({ __typename: 'ChatReasoningDelta', text, offset: 0 });
const inJson = { responseFormat: { jsonSchema: { schema: { type: 'object' } } } };

const ANSWERS: readonly (readonly [file: string, input: object, ...events: object[]])[] = [
  ['text.sse', {}, said('Grüße aus "Köln",\n👋'), { finishReason: 'STOP', length: 20, continuation: null }],
  [
    'reasoning.sse',
    { reasoningEffort: 'HIGH' },
    thought('They greet me.\n\nI greet them.'),
    said('Hello there'),
    {
      finishReason: 'STOP',
      continuation: expect.any(String),
      usage: {
        ...{ promptTokens: 17, cachedPromptTokens: 0, cacheWriteTokens: null },
        ...{ completionTokens: 40, reasoningTokens: 22, totalTokens: 57 },
      },
    },
  ],
  [
    'call.sse',
    {},
    { __typename: 'ChatToolCallDelta', index: 0, callId: 'call_Oslo', name: 'weather', offset: 0 },
    { __typename: 'ChatToolCall', index: 0, callId: 'call_Oslo', arguments: { city: 'Oslo, "NO"' } },
    { finishReason: 'TOOL_CALLS', rawFinishReason: 'completed' },
  ],
  [
    'parallel-calls.sse',
    {},
    thought('Two towns.'),
    said('Let me see.'),
    { __typename: 'ChatToolCallDelta', index: 0, text: '{"city":"Oslo"}' },
    { __typename: 'ChatToolCall', index: 0, arguments: { city: 'Oslo' } },
    { __typename: 'ChatToolCallDelta', index: 1, text: '{"city":"Rome"}' },
    { __typename: 'ChatToolCall', index: 1, arguments: { city: 'Rome' } },
    { finishReason: 'TOOL_CALLS', continuation: expect.any(String) },
  ],
  [
    'call-without-arguments.sse',
    {},
    { __typename: 'ChatToolCallDelta', name: 'now' },
    { __typename: 'ChatToolCall', arguments: {} },
    { finishReason: 'TOOL_CALLS' },
  ],
  [
    'structured.sse',
    inJson,
    said('{"city":"Oslo","degrees":21}'),
    { finishReason: 'STOP', object: { city: 'Oslo', degrees: 21 } },
  ],
  [
    'refusal.sse',
    inJson,
    said('I cannot help with that.'),
    { finishReason: 'CONTENT_FILTER', object: null, objectProblems: [] },
  ],
  ['refusal-without-text.sse', {}, { finishReason: 'CONTENT_FILTER', length: 0 }],
  [
    'greatest-length.sse',
    {},
    said('Once upon a time'),
    { finishReason: 'LENGTH', rawFinishReason: 'max_output_tokens' },
  ],
  ['cut-call.sse', {}, { __typename: 'ChatToolCallDelta' }, { finishReason: 'LENGTH' }],
  [
    'web-search.sse',
    { providerOptions: { openai: { tools: [{ type: 'web_search' }] } } },
    said('It rains. It pours.'),
    { url: 'https://news.example/', title: 'News' },
    { url: 'https://more.example/', title: null },
    { finishReason: 'STOP' },
  ],
  [
    'picture.sse',
    { providerOptions: { openai: { tools: [{ type: 'image_generation' }] } } },
    { __typename: 'ChatImage', image: { alt: 'A grey cat.' } },
    said('Here it is.'),
    { finishReason: 'STOP' },
  ],
  [
    'lmstudio-call.sse',
    { model: 'studio/otter-8b' },
    thought('They ask.'),
    { __typename: 'ChatToolCallDelta', text: '{"city":"Oslo"}' },
    { __typename: 'ChatToolCall', arguments: { city: 'Oslo' } },
    { finishReason: 'TOOL_CALLS' },
  ],
  ['cached.sse', {}, said('Hi'), { usage: { promptTokens: 1203, cachedPromptTokens: 1024 } }],
  ['azure.sse', { model: 'azure/gpt-5.4' }, said('Hello'), { finishReason: 'STOP' }],
  ['error-first.sse', {}, { __typename: 'ChatFailed', code: 'UNAVAILABLE', retryable: true }],
  ['error-later.sse', {}, said('Hel'), { __typename: 'ChatFailed', code: 'RATE_LIMITED', retryable: true }],
  ['failed.sse', {}, { __typename: 'ChatFailed', code: 'UNAVAILABLE', retryable: true }],
  ['error.json', {}, { __typename: 'ChatFailed', code: 'UNAUTHORIZED', retryable: false }],
];

describe.for(streams)('an answer over Responses, told over %s', ([, run]) => {
  test.for(ANSWERS)('%s', async ([file, input, ...events]) => {
    const { server } = await start(answerWith(readResponse(file)));
    const told = (await chat(run, server, input)).filter(({ __typename }) => __typename !== 'ChatStarted');
    expect(told).toMatchObject(events);
    expect(told).toHaveLength(events.length);
  });
});

const reasoning = (id: string, text: string) => ({
  ...{ type: 'reasoning', id, summary: [{ type: 'summary_text', text }] },
  encrypted_content: `gAAA-${id}`,
});
const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const call = (id: string, city: string) => ({
  ...{ type: 'function_call', id: `fc_${id}`, status: 'completed', call_id: id, name: 'weather' },
  arguments: JSON.stringify({ city }),
});

/** Three turns of calls, each with reasoning in another place, and the answer. */
const LOOP = [
  [reasoning('rs_1', 'Two towns.'), message('Let me see.'), call('call_1', 'Oslo'), call('call_2', 'Rome')],
  [reasoning('rs_2', 'And now?'), call('call_3', 'Nice'), reasoning('rs_3', ''), call('call_4', 'Bern')],
  [reasoning('rs_4', 'One.'), reasoning('rs_5', 'More.'), call('call_5', 'Bonn'), message('One more.')],
  [reasoning('rs_6', 'Done.'), message('Rain everywhere.')],
];

/** Asks, runs the tools, and asks again, as a client does that carries everything along. */
async function runLoop(run: Run, input: object, carry: (continuation: unknown) => unknown = (all) => all) {
  const { server, upstream } = await start(standIn(LOOP));
  const messages: object[] = [
    { role: 'SYSTEM', content: 'Be brief.' },
    { role: 'USER', content: 'Weather?' },
  ];
  const ends: Event[] = [];
  for (let turn = 0; turn < LOOP.length; turn++) {
    const events = await chat(run, server, { ...input, messages, tools: [{ name: 'weather' }] });
    const end = events.at(-1);
    if (end) ends.push(end);
    if (end?.__typename !== 'ChatFinished' || end.finishReason !== 'TOOL_CALLS') break;
    const calls = events.filter(({ __typename }) => __typename === 'ChatToolCall');
    const texts = events.filter(({ __typename }) => __typename === 'ChatDelta').map(({ text }) => text);
    messages.push({
      role: 'ASSISTANT',
      content: texts.join(''),
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      continuation: carry(end.continuation),
    });
    for (const { callId } of calls) messages.push({ role: 'TOOL', toolCallId: callId, content: 'Rain' });
  }
  return { server, upstream, messages, ends };
}

describe.for(streams)('a loop of tools with reasoning over %s', ([, run]) => {
  test.for(['openai/gpt-5.4', 'azure/gpt-5.4'])('goes to its end with %s', async (model) => {
    const { ends } = await runLoop(run, { model, reasoningEffort: 'HIGH' });
    expect(ends).toMatchObject([
      ...Array.from({ length: 3 }, () => ({ finishReason: 'TOOL_CALLS' })),
      { finishReason: 'STOP' },
    ]);
  });

  test('is refused by the upstream where a client drops what it has to carry', async () => {
    const { ends } = await runLoop(run, { reasoningEffort: 'HIGH' }, () => undefined);
    expect(ends.at(-1)).toMatchObject({
      code: 'REJECTED',
      message: expect.stringContaining("required 'reasoning' item"),
    });
  });
});

test('the history of one account is told to another, and over other protocols, without what they cannot read', async () => {
  const { messages } = await runLoop(overSse, {});
  for (const model of [
    'azure/gpt-5.4',
    'studio/otter-8b',
    'older/gpt-4o',
    'claude/claude-opus-5',
    'google/gemini-3-pro',
  ]) {
    const { server, upstream } = await start(({ reply }) => reply({ status: 500 }));
    await chat(overSse, server, { model, messages, tools: [{ name: 'weather' }] });
    const { body } = await upstream.exchange();
    expect(body).not.toContain('gAAA');
    for (const id of ['call_1', 'call_5']) expect(body.split(`"${id}"`)).toHaveLength(3);
    expect(body).toContain('One more.');
  }
});

test('an edited answer is told without what it had reasoned', async () => {
  const { server, upstream, messages } = await runLoop(overSse, {});
  const edited = { ...messages[2], content: 'Let me see that.' };
  await chat(overSse, server, { messages: [messages[1], edited, ...messages.slice(3, 5)] });
  const { input } = JSON.parse(upstream.exchanges.at(-1)?.body ?? '');
  expect(input.map(({ type, role }: Record<string, string>) => type ?? role)).toEqual([
    ...['user', 'assistant', 'function_call', 'function_call', 'function_call_output', 'function_call_output'],
  ]);
});

const AUDIO = [{ role: 'USER', parts: [{ audio: { url: 'data:audio/wav;base64,UklGRg==' } }] }];

describe('what there is no field for', () => {
  test.for<[object, string]>([
    [{ stop: ['END'] }, 'input.stop'],
    [{ seed: 5 }, 'input.seed'],
    [{ topK: 5 }, 'input.topK'],
    [{ presencePenalty: 1 }, 'input.presencePenalty'],
    [{ frequencyPenalty: 1 }, 'input.frequencyPenalty'],
    [{ temperature: 0.5, model: 'openai/gpt-5.4' }, 'input.temperature'],
    [{ topP: 0.5, model: 'openai/gpt-5.4' }, 'input.topP'],
    [{ reasoningEffort: 'LOW' }, 'input.reasoningEffort'],
    [{ messages: AUDIO, model: 'openai/gpt-5.4' }, 'input.messages.0.parts.0'],
    [{ seed: 5, model: 'studio/otter-8b' }, 'input.seed'],
  ])('is a mistake of the request: %j', async ([input, path]) => {
    const { server, upstream } = await start(() => {});
    const messages = [{ role: 'USER', content: 'Hello' }];
    const variables = { input: { model: 'openai/gpt-4o', messages, ...input } };
    const [failed] = await overSse(server, { query: CHAT, variables });
    expect(failed?.errors?.[0]).toMatchObject({
      message: expect.stringContaining(path),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(upstream.exchanges).toEqual([]);
  });

  test('is asked of another model of an alias, over the older protocol', async () => {
    const { server, upstream } = await start(({ reply }) => reply({ status: 500 }));
    await chat(overSse, server, { model: 'any', stop: ['END'], seed: 5 });
    const { url, body } = await upstream.exchange();
    expect(url).toBe('/chat/completions');
    expect(JSON.parse(body)).toMatchObject({ stop: ['END'], seed: 5 });
  });
});

const told = (code: string | null, message: string, type = 'invalid_request_error') =>
  JSON.stringify({ error: { message, type, param: null, code } });

test.for<[number, string, object, object?]>([
  [
    400,
    told('context_length_exceeded', 'Your input exceeds the context window.'),
    { code: 'REJECTED', retryable: false },
  ],
  [400, told(null, 'Unsupported value: reasoning.effort'), { code: 'REJECTED', retryable: false }],
  [401, told('invalid_api_key', 'Incorrect API key provided.'), { code: 'UNAUTHORIZED', retryable: false }],
  [403, told('unsupported_country', 'Country not supported'), { code: 'UNAUTHORIZED', retryable: false }],
  [404, told('model_not_found', 'The model does not exist'), { code: 'MODEL_GONE', retryable: false }],
  [
    429,
    told('rate_limit_exceeded', 'slow down', 'requests'),
    { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 7000 },
    { 'retry-after': '7' },
  ],
  [429, told('insufficient_quota', 'You exceeded your current quota.'), { code: 'RATE_LIMITED' }],
  [500, told(null, 'The server had an error', 'server_error'), { code: 'UNAVAILABLE', retryable: true }],
  [503, told(null, 'Overloaded', 'service_unavailable_error'), { code: 'UNAVAILABLE', retryable: true }],
])('the status %i with %s', async ([status, body, failure, headers = {}]) => {
  const { server } = await start(({ reply }) =>
    reply({ status, headers: { ...headers, 'content-type': 'application/json' }, body }),
  );
  expect((await chat(overSse, server, {})).at(-1)).toMatchObject({
    __typename: 'ChatFailed',
    ...failure,
    message: `OpenAI answered ${status}: ${JSON.parse(body).error.message}`,
  });
});

const FLAT = { code: 'server_error', message: `No: ${KEY}`, param: null };

test.for<[string, string]>([
  ['an event of its own', event('error', FLAT)],
  ['an event that holds it', event('error', { error: FLAT })],
  ['an answer that failed', end('failed', { error: FLAT })],
  ['a body in place of events', JSON.stringify({ error: FLAT })],
])('an error in %s fails the chat before and after the first part, and shows no key', async ([, error]) => {
  const failed = { code: 'UNAVAILABLE', retryable: true, message: 'OpenAI sent an error: No: ***' };
  for (const begun of ['', START + textDelta('Hello')]) {
    const { server } = await start(answerWith(begun, error));
    expect((await chat(overSse, server, {})).at(-1)).toMatchObject(failed);
  }
});

test('a prompt that a filter refuses is an answer without text, over both protocols', async () => {
  const filtered = told('content_filter', "The response was filtered due to Azure OpenAI's content management policy.");
  const body = filtered.replace('"code"', '"status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"},"code"');
  const { server } = await start(({ reply }) => reply({ status: 400, body }));
  for (const model of ['azure/gpt-5.4', 'older/gpt-4o']) {
    expect((await chat(overSse, server, { model })).at(-1)).toMatchObject({
      ...{ __typename: 'ChatFinished', finishReason: 'CONTENT_FILTER', length: 0, usage: null },
      rawFinishReason: 'content_filter',
    });
  }
});

test('the next of an alias answers where one is overloaded', async () => {
  const overloaded: Play = ({ reply }) => reply({ status: 503, body: told(null, 'Overloaded') });
  const { upstream, server } = await start([overloaded, standIn(LOOP.slice(3))]);
  const events = await chat(overSse, server, { model: 'both', reasoningEffort: 'LOW' });
  expect(events[0]).toMatchObject({ model: { id: 'azure/gpt-5.4' } });
  expect(events.at(-1)).toMatchObject({ finishReason: 'STOP' });
  expect(upstream.exchanges.map(({ headers }) => [headers.authorization, headers['api-key']])).toEqual([
    [`Bearer ${KEY}`, undefined],
    [undefined, KEY],
  ]);
});
