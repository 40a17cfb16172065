import { expect, test } from 'vitest';
import { overSse, overWebSocket, type Run } from '../../helpers/clients.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { MODEL, standIn } from '../../helpers/google-server.ts';
import { answerWith, DONE, event } from '../../helpers/openai-server.ts';
import { startServer, type TestServer } from '../../helpers/server.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatDelta { text }
    ... on ChatReasoningDelta { text }
    ... on ChatToolCallDelta { index callId name text }
    ... on ChatToolCall { index callId name arguments argumentsText }
    ... on ChatFinished {
      finishReason rawFinishReason continuation
      usage { promptTokens completionTokens reasoningTokens totalTokens }
    }
    ... on ChatFailed { code message }
  }
}`;

type Event = Readonly<Record<string, unknown>> & { readonly __typename: string };
type Message = Readonly<Record<string, unknown>>;

const TOOLS = [
  { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  { name: 'now' },
];

async function converse(run: Run, server: TestServer, model: string, messages: readonly Message[]) {
  const input = { model, messages, tools: TOOLS, reasoningEffort: 'HIGH' };
  const results = await run(server, { query: CHAT, variables: { input } });
  return results.map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return data?.chat as Event;
  });
}

const ofType = (events: readonly Event[], type: string) => events.filter(({ __typename }) => __typename === type);

/** An answer as a client sends it back, and a result for each of its calls. */
function toHistory(events: readonly Event[]): readonly Message[] {
  const calls = ofType(events, 'ChatToolCall');
  const text = ofType(events, 'ChatDelta')
    .map(({ text }) => text)
    .join('');
  return [
    {
      role: 'ASSISTANT',
      ...(text !== '' && { content: text }),
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      continuation: events.at(-1)?.continuation,
    },
    ...calls.map(({ callId, name }) => ({ role: 'TOOL', toolCallId: callId, content: `{"of":"${name}"}` })),
  ];
}

const thought = (text: string) => ({ text, thought: true });
const call = (name: string, args: object, more: object = {}) => ({ functionCall: { name, args }, ...more });

/** Three turns of tools, each signed in another way, and an answer. */
const ANSWERS = [
  [
    thought('Which cities?'),
    call('weather', { city: 'Oslo' }, { thoughtSignature: 'AY89-1' }),
    call('weather', { city: 'Rome' }),
  ],
  [thought('And the time.'), { text: 'Now the time.' }, call('now', {}, { thoughtSignature: 'AY89-2' })],
  [call('weather', { city: 'Bonn' }, { thoughtSignature: 'AY89-3' }), { text: '', thoughtSignature: 'AY89-4' }],
  [thought('That is all.'), { text: 'It is ' }, { text: 'sunny.', thoughtSignature: 'AY89-5' }],
  [{ text: 'You are welcome.' }],
];

/** The server with Google, and with another that speaks the dialect of OpenAI. */
async function start(google: FakeUpstream, other?: FakeUpstream): Promise<TestServer> {
  return startServer({
    config: {
      providers: {
        google: { type: 'google', apiKey: 'AIza-0123', baseUrl: google.url, models: [MODEL] },
        ...(other && { other: { type: 'openai-compatible', baseUrl: other.url, models: ['m'] } }),
      },
    },
  });
}

const transports: readonly (readonly [string, Run])[] = [
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
];

test.for(transports)('three turns of tools with reasoning on, and what comes after, over %s', async ([, run]) => {
  const google = await startFakeUpstream(standIn(ANSWERS));
  const other = await startFakeUpstream(answerWith(event({ content: 'Hello' }, 'stop'), DONE));
  const server = await start(google, other);
  const history: Message[] = [
    { role: 'SYSTEM', content: 'Be brief.' },
    { role: 'USER', content: 'How is it?' },
  ];
  const ends: unknown[] = [];
  for (const [turn] of ANSWERS.entries()) {
    const events = await converse(run, server, `google/${MODEL}`, history);
    ends.push(events.at(-1)?.finishReason ?? events.at(-1));
    if (turn === 0) {
      expect(ofType(events, 'ChatReasoningDelta')).toMatchObject([{ text: 'Which cities?' }]);
      expect(ofType(events, 'ChatToolCall')).toMatchObject([
        { index: 0, name: 'weather', arguments: { city: 'Oslo' }, argumentsText: '{"city":"Oslo"}' },
        { index: 1, name: 'weather', arguments: { city: 'Rome' } },
      ]);
      expect(events.at(-1)).toMatchObject({ rawFinishReason: 'STOP', usage: { promptTokens: 9, totalTokens: 10 } });
    }
    history.push(...toHistory(events));
    if (turn === 3) history.push({ role: 'USER', content: 'Thank you.' });
  }
  expect(ends).toEqual(['TOOL_CALLS', 'TOOL_CALLS', 'TOOL_CALLS', 'STOP', 'STOP']);
  expect(google.exchanges).toHaveLength(5);
  const again = await converse(run, server, 'other/m', [...history, { role: 'USER', content: 'Bye.' }]);
  expect(again.at(-1)).toMatchObject({ __typename: 'ChatFinished', finishReason: 'STOP' });
  expect((await other.exchange()).body).not.toContain('AY89');
  expect(server.errors()).toEqual([]);
});

test('a history of another model is gone on with', async () => {
  const google = await startFakeUpstream(standIn([[{ text: 'Hello' }]]));
  const server = await start(google);
  const calls = [
    { id: 'call_a', name: 'weather', argumentsText: '{"city":"Oslo"}' },
    { id: 'call_b', name: '9-lives', argumentsText: '{"cat":' },
  ];
  const events = await converse(overSse, server, `google/${MODEL}`, [
    { role: 'USER', content: 'How is it?' },
    { role: 'ASSISTANT', content: 'Let me see.', toolCalls: calls },
    { role: 'TOOL', toolCallId: 'call_a', content: 'sunny' },
    { role: 'TOOL', toolCallId: 'call_b', content: 'bad arguments', isError: true },
  ]);
  expect(events.at(-1)).toMatchObject({ __typename: 'ChatFinished', finishReason: 'STOP' });
});

test('a continuation that was changed on its way is refused before anything is sent', async () => {
  const google = await startFakeUpstream(standIn(ANSWERS));
  const server = await start(google);
  const messages = [{ role: 'USER', content: 'How is it?' }];
  const [answer, ...results] = toHistory(await converse(overSse, server, `google/${MODEL}`, messages));
  const changed = { ...answer, continuation: String(answer?.continuation).replace(/.$/, '_') };
  const input = { model: `google/${MODEL}`, messages: [...messages, changed, ...results], tools: TOOLS };
  const [result] = await overSse(server, { query: CHAT, variables: { input } });
  expect(result?.errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('input.messages.1.continuation') },
  ]);
  expect(google.exchanges).toHaveLength(1);
});
