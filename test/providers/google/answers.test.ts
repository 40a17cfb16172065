import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { withModel } from '../../helpers/answering-model.ts';
import { overSse, overWebSocket, withDeltasJoined } from '../../helpers/clients.ts';
import { type Exchange, inBytes, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { ask, createGemini, MODEL } from '../../helpers/google-server.ts';
import { joinText } from '../../helpers/provider-suite.ts';
import { startServer } from '../../helpers/server.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/google');
const readFixture = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const text = (text: string) => ({ type: 'text-delta', text });
const reasoning = (text: string) => ({ type: 'reasoning-delta', text });
const call = (index: number, callId: string, name: string, argumentsText: string) => [
  { type: 'tool-call-delta', index, callId, name, text: argumentsText },
  { type: 'tool-call', index, callId, name, argumentsText },
];

interface End {
  /** The prompt, the answer, of it thinking, and all of it. */
  readonly usage?: readonly (number | null)[] | null;
  readonly data?: unknown;
}

const REASONS: Readonly<Record<string, string>> = {
  STOP: 'STOP',
  MAX_TOKENS: 'LENGTH',
  SAFETY: 'CONTENT_FILTER',
  PROHIBITED_CONTENT: 'CONTENT_FILTER',
  IMAGE_PROHIBITED_CONTENT: 'CONTENT_FILTER',
};

function finish(rawReason: string, { usage = null, data }: End = {}) {
  const [promptTokens, completionTokens, reasoningTokens, totalTokens, cachedPromptTokens = null] = usage ?? [];
  const counts = { promptTokens, cachedPromptTokens, cacheWriteTokens: null, completionTokens, reasoningTokens };
  return {
    type: 'finish',
    reason: REASONS[rawReason] ?? 'OTHER',
    rawReason,
    usage: usage && { ...counts, totalTokens },
    continuation: data === undefined ? null : { dialect: 'google', data },
  };
}

const calling = (end: End) => ({ ...finish('STOP', end), reason: 'TOOL_CALLS' });

const CAT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const RAN = [
  { part: { executableCode: { language: 'PYTHON', code: 'print(6*7)' }, thoughtSignature: 'AbCd' } },
  { part: { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '42\n' } } },
];

/** What each recorded answer is to us: its parts, and what it fails with, if it does. */
const ANSWERS: Readonly<Record<string, readonly unknown[]>> = {
  'text.sse': [text('Grüße aus "Köln",\n👋'), finish('STOP', { usage: [9, 6, null, 15] })],
  'reasoning.sse': [
    reasoning('**Greeting**\n\nThey greet me.'),
    text('Hello there'),
    finish('STOP', { usage: [9, 34, 31, 43], data: [{ text: 11 }, { text: 0, signature: 'EpcCCpQCARFNMg==' }] }),
  ],
  'signed-text.sse': [
    text('42, of course'),
    finish('STOP', { usage: [5, 12, 8, 17], data: [{ text: 1 }, { text: 12, signature: 'CqAB+/8=' }] }),
  ],
  'call.sse': [
    text("I'll look it up."),
    ...call(0, 'lpndqlku', 'weather', '{"city":"Oslo, \\"NO\\""}'),
    calling({ usage: [40, 72, 52, 112], data: [{ text: 16 }, { call: 'lpndqlku', signature: 'AY89a18+/w==' }] }),
  ],
  'parallel-calls.sse': [
    ...call(0, 'ours', 'weather', '{"city":"Oslo"}'),
    ...call(1, 'ours', 'weather', '{"city":"Rome"}'),
    ...call(2, 'ours', 'now', '{}'),
    calling({
      usage: [40, 82, 52, 122],
      data: [{ call: null, signature: 'AY89a19Y' }, { call: null }, { call: null }],
    }),
  ],
  'call-without-arguments.sse': [...call(0, 'm6rogicj', 'now', '{}'), calling({ usage: [30, 8, null, 38] })],
  'structured.sse': [text('{"city":"Oslo","degrees":21}'), finish('STOP', { usage: [20, 11, null, 31] })],
  'refusal.sse': [text('I cannot'), finish('SAFETY', { usage: [12, 2, null, 14] })],
  'refusal-without-text.sse': [finish('IMAGE_PROHIBITED_CONTENT', { usage: [12, null, null, 12] })],
  'blocked-prompt.sse': [finish('PROHIBITED_CONTENT', { usage: [12, null, null, 12] })],
  'greatest-length.sse': [text('Once upon a time'), finish('MAX_TOKENS', { usage: [9, 4, null, 13] })],
  'length-without-text.sse': [finish('MAX_TOKENS', { usage: [9, 16, 16, 25] })],
  'malformed-call.sse': [finish('MALFORMED_FUNCTION_CALL', { usage: [9, null, null, 9] })],
  'error-first.sse': ['UNAVAILABLE: Google sent error 503: The model is overloaded. Please try again later.'],
  'error-first.json': ['UNAVAILABLE: Google sent error 503: The model is overloaded. Please try again later.'],
  'error-later.sse': [
    text('Hel'),
    'RATE_LIMITED: Google sent error 429: You exceeded your current quota, please check your plan and billing details.',
  ],
  'error-event.sse': [
    text('Hel'),
    'RATE_LIMITED: Google sent error 429: You exceeded your current quota, please check your plan and billing details.',
  ],
  'usage-at-the-end.sse': [text('Hi'), finish('STOP', { usage: [9, 1, null, 10, 4] })],
  'usage-first.sse': [text('Hi'), finish('STOP', { usage: [9, 8, 7, 9, 4] })],
  'unknown.sse': [text('42'), finish('STOP', { usage: [9, 1, null, 10], data: [...RAN, { text: 2 }] })],
  'two-candidates.sse': [text('Hello'), finish('STOP')],
  'partial-arguments.sse': [
    ...call(0, 'ours', 'cook', '{"dish":"Lasagne","steps":[{"how long":2.5},{"hot":true,"note":null}]}'),
    ...call(1, 'ours', 'now', '{"zone":"CET"}'),
    calling({ usage: [54, 195, 121, 249], data: [{ call: null, signature: 'CmIBjz1rX0==' }, { call: null }] }),
  ],
  'cut-arguments.sse': [finish('MAX_TOKENS', { usage: [54, 195, 121, 249] })],
  'open-arguments.sse': ['BAD_RESPONSE: Google broke its answer off'],
  'picture.sse': [
    text('A cat:'),
    { type: 'image', image: { url: CAT, alt: 'Hello' } },
    finish('STOP', { usage: [8, 1386, 167, 1394] }),
  ],
  'grounded.sse': [
    text('It rains.'),
    { type: 'source', url: 'https://news.example/', title: 'news.example' },
    { type: 'source', url: 'https://maps.example/1', title: 'A place' },
    finish('STOP', { usage: [9, 3, null, 12] }),
  ],
  'whole.json': [text('Hello, all at once 👋'), finish('STOP', { usage: [9, 5, null, 14] })],
};

/** Nothing says that more is to come: what is behind the reason for the end may be cut away unseen where an event ends. */
const MORE_BEHIND_THE_END = ['usage-at-the-end.sse', 'grounded.sse'];

test('every recorded answer is looked at', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
});

const ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' };

describe.for(Object.entries(ANSWERS))('%s', { timeout: 120_000 }, ([fixture, expected]) => {
  const recorded = readFixture(fixture);
  const outcome = withModel(expected, recorded);
  const bytes = Buffer.from(recorded);
  const isFailure = typeof outcome.at(-1) === 'string';
  const bodies = Object.entries(ENDS).map(([name, end]) => [name, recorded.replaceAll('\n', end)] as const);

  test.for(bodies)('is the same parts whole and byte by byte, with lines that end in %s', async ([, body]) => {
    expect(await outcomesOf([[Buffer.from(body)], inBytes(body)])).toEqual([outcome, outcome]);
  });

  test('is the same parts with something unknown between any two events', async () => {
    const events = recorded.split(/(?<=\n\n)/);
    const other = ': ping\n\nevent: ping\ndata: {"type": "ping"}\n\n';
    const pinged = events.map((_event, at) => events.toSpliced(at, 0, other).join(''));
    for (const came of await outcomesOf(pinged.map((body) => [Buffer.from(body)]))) expect(came).toEqual(outcome);
  });

  test('is the same parts or a failure wherever it ends', async () => {
    const cuts = Array.from({ length: bytes.length }, (_, at) => at).filter((at) => !isUnseen(recorded, fixture, at));
    const came = await outcomesOf(cuts.map((at) => [bytes.subarray(0, at)]));
    for (const [place, at] of cuts.entries()) {
      const last = came[place]?.at(-1);
      if (typeof last !== 'string') expect(came[place], `cut at ${at}`).toEqual(outcome);
      else if (!isFailure) expect(last, `cut at ${at}`).toMatch(/^BAD_RESPONSE: /);
    }
  });

  test('is a failure wherever its connection breaks', async () => {
    const cuts = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => at * 7);
    const came = await outcomesOf(
      cuts.map((at) => [bytes.subarray(0, at)]),
      ({ breakOff }) => breakOff(),
    );
    for (const [place, at] of cuts.entries()) expect(came[place]?.at(-1), `broken at ${at}`).toMatch(/^[A-Z_]+: /);
  });
});

test.for(Object.keys(ANSWERS))('%s is told alike over SSE and WebSocket', async (fixture) => {
  const body = readFixture(fixture);
  const upstream = await startFakeUpstream(async (exchange) => {
    await exchange.begin();
    await exchange.send(...(body.match(/.{1,100}/gsu) ?? []));
    exchange.end();
  });
  const google = { type: 'google', apiKey: 'AIza-0123', baseUrl: upstream.url, models: [MODEL] };
  const server = await startServer({ config: { providers: { google } } });
  const request = {
    query: TOLD,
    variables: { input: { model: `google/${MODEL}`, messages: [{ role: 'USER', content: 'Hi' }] } },
  };
  const [overEvents, overSocket] = await Promise.all([overSse(server, request), overWebSocket(server, request)]);
  expect(withDeltasJoined(overSocket).map(withoutOurId)).toEqual(withDeltasJoined(overEvents).map(withoutOurId));
  const failure = ANSWERS[fixture]?.find((part) => typeof part === 'string');
  const last = overEvents.at(-1)?.data?.chat;
  expect(last).toMatchObject(failure ? { __typename: 'ChatFailed' } : { __typename: 'ChatFinished' });
  expect(server.errors()).toEqual([]);
});

const TOLD = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatDelta { text offset }
    ... on ChatReasoningDelta { text offset }
    ... on ChatToolCallDelta { index callId name text offset }
    ... on ChatToolCall { index callId name arguments argumentsText }
    ... on ChatImage { image { url alt } }
    ... on ChatSource { url title }
    ... on ChatFinished { length finishReason rawFinishReason continuation usage { promptTokens cachedPromptTokens completionTokens reasoningTokens totalTokens } }
    ... on ChatFailed { code message }
  }
}`;

function withoutOurId(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result).replaceAll(/call_[0-9a-f]{32}/g, 'ours'));
}

function isUnseen(recorded: string, fixture: string, at: number): boolean {
  if (!MORE_BEHIND_THE_END.includes(fixture)) return false;
  const end = Buffer.byteLength(recorded.slice(0, recorded.indexOf('\n\n', recorded.indexOf('"finishReason"'))));
  return at >= end && at <= end + 2 + 'data: '.length;
}

/** What becomes of each body; each is a list of pieces that arrive alone. */
async function outcomesOf(
  bodies: readonly (readonly Uint8Array[])[],
  end: (exchange: Exchange) => void = (exchange) => exchange.end(),
): Promise<unknown[][]> {
  const upstream = await startFakeUpstream(async (exchange) => {
    const { maxOutputTokens } = JSON.parse(exchange.body).generationConfig;
    await exchange.begin();
    await exchange.send(...(bodies[maxOutputTokens - 1] ?? []));
    end(exchange);
  });
  const provider = createGemini({ baseUrl: upstream.url });
  const outcomes: unknown[][] = [];
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const some = bodies.slice(from, from + AT_ONCE);
    outcomes.push(...(await Promise.all(some.map((_body, at) => outcomeOf(provider, from + at + 1)))));
  }
  return outcomes;
}

const AT_ONCE = 50;

async function outcomeOf(provider: Provider, maxTokens: number): Promise<unknown[]> {
  const outcome: (ChatPart | string)[] = [];
  try {
    for await (const part of ask(provider, { maxTokens })) outcome.push(part);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    outcome.push(`${code}: ${message}`);
  }
  return joinText(outcome).map(withOurId);
}

/** Ids that we make are random. */
function withOurId(part: ChatPart | string): unknown {
  if (typeof part === 'string' || !('callId' in part)) return part;
  return { ...part, callId: part.callId.replace(/^call_[0-9a-f]{32}$/, 'ours') };
}
