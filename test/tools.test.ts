import { describe, expect, test } from 'vitest';
import { overPost, overSse, type Request, type Result, readSse, withDeltasJoined } from './helpers/clients.ts';
import { type Exchange, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { DONE, event, readFixture } from './helpers/openai-server.ts';
import { startServer } from './helpers/server.ts';
import { streams } from './helpers/told.ts';

const CHAT = `subscription ($input: ChatInput!, $after: Int) {
  chat(input: $input, after: $after) {
    __typename
    ... on SequencedEvent { seq }
    ... on ChatStarted { model { id } }
    ... on ChatDelta { text offset }
    ... on ChatToolCallDelta { index callId name text offset }
    ... on ChatToolCall { index callId name arguments argumentsText }
    ... on ChatSource { url title }
    ... on ChatFinished { finishReason rawFinishReason length continuation }
    ... on ChatFailed { code }
  }
}`;
const COMPLETE = `mutation ($input: ChatInput!) {
  completeChat(input: $input) {
    __typename
    ... on ChatAnswer {
      text finishReason toolCalls { index callId name arguments argumentsText } sources { url title } continuation
    }
    ... on ChatFailed { code }
  }
}`;

interface Told {
  readonly __typename: string;
  readonly seq: number;
  readonly index?: number;
  readonly callId?: string;
  readonly name?: string;
  readonly text?: string;
  readonly offset?: number;
  readonly argumentsText?: string;
  readonly [field: string]: unknown;
}

const toldOf = (result: unknown) => (result as { data: { chat: Told } }).data.chat;

/** What a client was told, without its places, which are a matter of moments. */
const withoutPlaces = (results: readonly Result[]) =>
  withDeltasJoined(results).map((result) => ({ ...toldOf(result), seq: undefined }));

const messages = [{ role: 'USER', content: 'How is the weather?' }];
const tools = [
  { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  { name: 'time' },
];

const ask = (more: object = {}, after?: number): Request => ({
  query: CHAT,
  variables: { input: { model: 'acme/m', messages, tools, ...more }, ...(after === undefined ? {} : { after }) },
});
const complete = (more: object = {}): Request => ({ ...ask(more), query: COMPLETE });

const calls = (...pieces: readonly { index: number; id?: string; name?: string; text?: string }[]) =>
  event({
    tool_calls: pieces.map(({ index, id, name, text }) => ({ index, id, function: { name, arguments: text } })),
  });

const text = (content: string) => event({ content });
const stop = event({}, 'stop') + DONE;
const oslo = { index: 0, callId: 'a', name: 'weather', arguments: { city: 'Oslo' }, argumentsText: '{"city":"Oslo"}' };
const time = { index: 1, callId: 'b', name: 'time', arguments: {}, argumentsText: '' };
const rome = { index: 2, callId: 'c', name: 'weather', arguments: { city: 'Rome' }, argumentsText: '{"city": "Rome"}' };
const broken = { index: 3, callId: 'd', name: 'weather', arguments: null, argumentsText: '{"city"}' };

/** Text, then four calls, of which two are interleaved, and text again. */
const ANSWER = [
  text('Let me '),
  text('look.'),
  calls({ index: 0, id: 'a', name: 'weather', text: '' }),
  calls({ index: 0, text: '{"ci' }),
  calls({ index: 1, id: 'b', name: 'time' }, { index: 2, id: 'c', name: 'weather', text: '{"city"' }),
  calls({ index: 0, text: 'ty":"Os' }),
  calls({ index: 2, text: ': "' }),
  calls({ index: 2, text: 'Rome"}' }, { index: 0, text: 'lo"}' }),
  calls({ index: 3, id: 'd', name: 'weather', text: '{"city"}' }),
  text(' Wait.'),
];

const send =
  (pieces: readonly string[], then: (exchange: Exchange) => unknown = ({ end }) => end()): Play =>
  async (exchange) => {
    await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
    await exchange.send(...pieces);
    await then(exchange);
  };

async function startWith(...plays: readonly [Play, ...Play[]]) {
  const upstreams = await Promise.all(plays.map((play) => startFakeUpstream(play)));
  const entries = upstreams.map(({ url }, at) => [
    at === 0 ? 'acme' : `acme-${at}`,
    { type: 'openai-compatible', baseUrl: `${url}/v1`, models: ['m'] },
  ]);
  const server = await startServer({
    config: {
      providers: Object.fromEntries(entries),
      aliases: { either: entries.map(([id]) => `${id}/m`) },
      limits: { resumeGraceMs: 120_000 },
    },
  });
  return { server, upstreams };
}

const delta = ({ index, callId, name }: Pick<Told, 'index' | 'callId' | 'name'>, piece: string, offset: number) => ({
  __typename: 'ChatToolCallDelta',
  ...{ index, callId, name, text: piece, offset },
});
const whole = (call: object) => ({ __typename: 'ChatToolCall', ...call });

describe.each(streams)('calls, over %s,', (_name, run) => {
  test('are told as they are written, and then whole', async () => {
    const { server } = await startWith(send([...ANSWER, stop]));
    expect(withoutPlaces(await run(server, ask()))).toMatchObject([
      { __typename: 'ChatStarted' },
      { text: 'Let me look.', offset: 0 },
      delta(oslo, '{"ci', 0),
      delta(rome, '{"city"', 0),
      delta(oslo, 'ty":"Os', 4),
      delta(rome, ': "Rome"}', 7),
      delta(oslo, 'lo"}', 11),
      delta(broken, '{"city"}', 0),
      { text: ' Wait.', offset: 12 },
      whole(oslo),
      whole(time),
      whole(rome),
      whole(broken),
      {
        __typename: 'ChatFinished',
        finishReason: 'TOOL_CALLS',
        rawFinishReason: 'stop',
        length: 18,
        continuation: null,
      },
    ]);
  });

  test.for([
    ['breaks off', ({ breakOff }: Exchange) => breakOff()],
    ['ends', ({ end }: Exchange) => end()],
    [
      'fails',
      async ({ send: say, end }: Exchange) => {
        await say('data: {"error":{"message":"overloaded"}}\n\n');
        end();
      },
    ],
  ] as const)('have none of one within which the upstream %s', async ([_how, then]) => {
    const cut = [
      calls({ index: 0, id: 'a', name: 'weather', text: oslo.argumentsText }),
      calls({ index: 1, id: 'b', name: 'weather', text: '{"ci' }),
    ];
    const { server } = await startWith(send(cut, then));
    const told = withoutPlaces(await run(server, ask()));
    expect(told.filter(({ __typename: type }) => type === 'ChatToolCall')).toMatchObject([oslo]);
    expect(told.at(-1)).toMatchObject({ __typename: 'ChatFailed' });
  });

  test('go on from any event, in the middle of a call too', async () => {
    const { server, upstreams } = await startWith(send([...ANSWER, stop]));
    const told = (await run(server, ask({ id: 'chat-1' }))).map(toldOf);
    const last = told.at(-1)?.seq ?? -1;
    for (let after = 0; after < last; after++) {
      const rest = (await run(server, ask({ id: 'chat-1' }, after))).map(toldOf);
      const ends = (events: readonly Told[]) =>
        events.filter(({ __typename: type, seq }) => type === 'ChatToolCall' && seq > after);
      expect(ends(rest)).toEqual(ends(told));
      expect(rest.at(-1)).toEqual(told.at(-1));
      for (const { index, argumentsText } of [oslo, rome, broken]) {
        const pieces = rest.filter(
          ({ __typename: type, ...one }) => type === 'ChatToolCallDelta' && one.index === index,
        );
        const from = pieces[0]?.offset ?? argumentsText.length;
        expect(pieces.map((piece) => piece.text).join('')).toBe(argumentsText.slice(from));
      }
    }
    expect(upstreams[0]?.exchanges).toHaveLength(1);
  });

  test('that waited for a reader come in one delta each, but never with another call between', async () => {
    const { server } = await startWith(send([...ANSWER, stop]));
    await overPost(server, complete({ id: 'chat-1' }));
    const late = (await run(server, ask({ id: 'chat-1' }))).map(toldOf);
    const deltas = late.filter(({ __typename: type }) => type === 'ChatToolCallDelta');
    expect(deltas).toMatchObject([
      delta(oslo, '{"ci', 0),
      delta(rome, '{"city"', 0),
      delta(oslo, 'ty":"Os', 4),
      delta(rome, ': "Rome"}', 7),
      delta(oslo, 'lo"}', 11),
      delta(broken, '{"city"}', 0),
    ]);
  });

  test('are void once another model begins anew', async () => {
    const first = [
      calls({ index: 0, id: 'a', name: 'weather', text: oslo.argumentsText }),
      calls({ index: 1, id: 'b', name: 'weather', text: '{"ci' }),
    ];
    const second = calls({ index: 0, id: 'z', name: 'time', text: '{}' });
    const { server } = await startWith(
      send(first, ({ breakOff }) => breakOff()),
      send([second, event({}, 'tool_calls')]),
    );
    const again = { model: 'either', onFailure: 'RESTART' };
    const zeit = { index: 0, callId: 'z', name: 'time', arguments: {}, argumentsText: '{}' };
    expect(withoutPlaces(await run(server, ask({ ...again, id: 'chat-1' })))).toMatchObject([
      { __typename: 'ChatStarted', model: { id: 'acme/m' } },
      delta(oslo, oslo.argumentsText, 0),
      whole(oslo),
      delta({ ...oslo, index: 1, callId: 'b' }, '{"ci', 0),
      { __typename: 'ChatStarted', model: { id: 'acme-1/m' } },
      delta(zeit, '{}', 0),
      whole(zeit),
      { __typename: 'ChatFinished', finishReason: 'TOOL_CALLS' },
    ]);
    const [answer] = await overPost(server, complete({ ...again, id: 'chat-1' }));
    expect(answer).toMatchObject({ data: { completeChat: { toolCalls: [zeit] } } });
  });

  test('are none of a chat that is cancelled within one', async () => {
    const { server } = await startWith(
      send([calls({ index: 0, id: 'a', name: 'weather', text: '{"ci' })], async () => {
        const cancel = { query: 'mutation { cancelChat(id: "chat-1") }' };
        await expect.poll(async () => (await overPost(server, cancel))[0]?.data).toEqual({ cancelChat: true });
      }),
    );
    const told = withoutPlaces(await run(server, ask({ id: 'chat-1' })));
    expect(told.map(({ __typename: type }) => type)).not.toContain('ChatToolCall');
    expect(told.at(-1)).toMatchObject({ __typename: 'ChatFinished', finishReason: 'CANCELLED' });
  });
});

test('calls are in the answer that comes whole', async () => {
  const { server } = await startWith(send([...ANSWER, stop]));
  expect(await overPost(server, complete())).toEqual([
    {
      data: {
        completeChat: {
          __typename: 'ChatAnswer',
          text: 'Let me look. Wait.',
          finishReason: 'TOOL_CALLS',
          toolCalls: [oslo, time, rome, broken],
          sources: [],
          continuation: null,
        },
      },
    },
  ]);
});

test('a call that is cut fails the answer that comes whole', async () => {
  const { server } = await startWith(send([calls({ index: 0, id: 'a', name: 'weather', text: '{"ci' })]));
  expect(await overPost(server, complete())).toMatchObject([{ data: { completeChat: { code: 'BAD_RESPONSE' } } }]);
});

test('clients of one chat hear the same of its calls, over whatever they came', async () => {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const { server, upstreams } = await startWith(
    send(ANSWER.slice(0, 5), async ({ send: say, end }) => {
      await heard;
      await say(...ANSWER.slice(5), stop);
      end();
    }),
  );
  const first = readSse(server, ask({ id: 'chat-1' }));
  const begin = await untilCall(first);
  const others = Promise.all(streams.map(([_name, run]) => run(server, ask({ id: 'chat-1' }))));
  const whole = overPost(server, complete({ id: 'chat-1' }));
  await overPost(server, { query: '{ __typename }' }); // They have joined before this is answered.
  resolve();
  const all = withoutPlaces([...begin, ...(await Array.fromAsync(first))]);
  for (const told of await others) expect(withoutPlaces(told)).toEqual(all);
  expect(await whole).toMatchObject([{ data: { completeChat: { toolCalls: [oslo, time, rome, broken] } } }]);
  expect(upstreams[0]?.exchanges).toHaveLength(1);
});

/** The results until there is one of a call. */
async function untilCall(results: AsyncGenerator<Result>): Promise<Result[]> {
  const begin: Result[] = [];
  while (begin.length === 0 || toldOf(begin.at(-1)).__typename !== 'ChatToolCallDelta') {
    const { value, done } = await results.next();
    if (done) break;
    begin.push(value);
  }
  return begin;
}

test.for([
  ['perplexity', 'First', 'https://a.example/1'],
  ['openrouter', 'Oslo', 'https://weather.example/oslo'],
] as const)('what an answer of %s cites is told once', async ([name, title, url]) => {
  const play = send([readFixture(`${name}/sources.sse`)]);
  const { server } = await startWith(play);
  const told = (await overSse(server, ask())).map(toldOf);
  const sources = told.filter(({ __typename: type }) => type === 'ChatSource');
  expect(sources[0]).toMatchObject({ url, title });
  expect(new Set(sources.map((source) => source.url)).size).toBe(sources.length);
  const [answer] = await overPost(server, complete());
  const expected = sources.map((source) => ({ url: source.url, title: source.title }));
  expect(answer).toMatchObject({ data: { completeChat: { finishReason: 'STOP', sources: expected } } });
});

/** What each server gets back of its own recorded answer with calls, as its message of the history. */
const SENT_BACK = {
  deepseek: {
    role: 'assistant',
    content: 'Let me look.',
    reasoning_content: 'I need the weather.',
    tool_calls: [['call_00_x1', 'get_weather', '{"city": "北京"}']],
  },
  openrouter: {
    role: 'assistant',
    content: null,
    reasoning_details: [
      { type: 'reasoning.text', text: 'Two cities.', format: 'anthropic-claude-v1', index: 0, signature: 'c2lnbmVk' },
    ],
    tool_calls: [
      ['toolu_01', 'get_weather', '{"city":"Kiel"}'],
      ['toolu_02', 'get_weather', '{"city":"Bonn"}'],
    ],
  },
  mistral: {
    role: 'assistant',
    content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'The weather and the time.' }] }],
    tool_calls: [
      ['D681PevKs', 'get_weather', '{"city": "Paris"}'],
      ['9fKqL2xYz', 'get_time', '{"city": "Paris"}'],
    ],
  },
} as const;

test.for(Object.keys(SENT_BACK) as (keyof typeof SENT_BACK)[])(
  '%s gets its calls, its reasoning and the results back as it wants them',
  async (type) => {
    const upstream = await startFakeUpstream([
      send([readFixture(`${type}/calls.sse`)]),
      send([event({ content: 'Fine.' }, 'stop'), DONE]),
    ]);
    const entry = { type, baseUrl: `${upstream.url}/v1`, apiKey: 'test-key', models: ['m'] };
    const server = await startServer({ config: { providers: { acme: entry } } });
    const [result] = await overPost(server, complete());
    const { text: content, toolCalls, continuation } = answerOf(result);
    expect(continuation).toEqual(expect.any(String));
    const history = [
      ...messages,
      {
        role: 'ASSISTANT',
        content,
        continuation,
        toolCalls: toolCalls.map(({ callId: id, name, argumentsText }) => ({ id, name, argumentsText })),
      },
      ...toolCalls.map(({ callId }) => ({ role: 'TOOL', toolCallId: callId, content: '21 °C' })),
    ];
    expect(answerOf((await overPost(server, complete({ messages: history })))[0])).toMatchObject({ text: 'Fine.' });
    const sent = JSON.parse((await upstream.exchange(1)).body) as { messages: Record<string, unknown>[] };
    const { tool_calls, ...right } = SENT_BACK[type];
    const calls = tool_calls.map(([id, name, text]) => ({ id, type: 'function', function: { name, arguments: text } }));
    expect(sent.messages[1]).toEqual({ ...right, tool_calls: calls });
    expect(sent.messages.slice(2).map(({ tool_call_id: id }) => id)).toEqual(tool_calls.map(([id]) => id));
  },
);

/** Gateways put what a model signed into the ids of its calls. */
test.for([16_384, 16_385])('a call with an id of %i characters is one that can be sent back', async (length) => {
  const id = `call_${'x'.repeat(length - 5)}`;
  const answered = calls({ index: 0, id, name: 'weather', text: '{}' });
  const { server, upstreams } = await startWith(async (exchange) => {
    await send(exchange.body.includes('"tool"') ? [text('Fine.'), stop] : [answered, stop])(exchange);
  });
  const { toolCalls } = answerOf((await overPost(server, complete()))[0]);
  const callId = toolCalls[0]?.callId;
  expect(callId === id).toBe(length <= 16_384);
  const call = { id: callId, name: 'weather', argumentsText: '{}' };
  const history = [
    ...messages,
    { role: 'ASSISTANT', toolCalls: [call] },
    { role: 'TOOL', toolCallId: callId, content: '21 °C' },
  ];
  expect(answerOf((await overPost(server, complete({ messages: history })))[0])).toMatchObject({ text: 'Fine.' });
  const { body } = (await upstreams[0]?.exchange(1)) ?? {};
  expect(JSON.parse(body ?? '').messages).toMatchObject([
    {},
    { tool_calls: [{ id: callId }] },
    { tool_call_id: callId },
  ]);
});

interface Answer {
  readonly text: string;
  readonly continuation: string | null;
  readonly toolCalls: readonly { readonly callId: string; readonly name: string; readonly argumentsText: string }[];
}

const answerOf = (result: unknown) => (result as { data: { completeChat: Answer } }).data.completeChat;
