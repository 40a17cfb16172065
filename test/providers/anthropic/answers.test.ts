import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChatPart, ChatRequest } from '../../../src/providers/chat.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { withModel } from '../../helpers/answering-model.ts';
import { ask, createClaude } from '../../helpers/anthropic-server.ts';
import { inBytes, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { joinText } from '../../helpers/provider-suite.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/anthropic');
const readFixture = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const text = (text: string) => ({ type: 'text-delta', text });
const reasoning = (text: string) => ({ type: 'reasoning-delta', text });
const call = (index: number, callId: string, name: string, argumentsText: string) => [
  ...(argumentsText === '' ? [] : [{ type: 'tool-call-delta', index, callId, name, text: argumentsText }]),
  { type: 'tool-call', index, callId, name, argumentsText },
];

const WORDS = {
  STOP: ['end_turn', 'pause_turn'],
  TOOL_CALLS: ['tool_use'],
  LENGTH: ['max_tokens'],
  CONTENT_FILTER: ['refusal'],
};

interface End {
  /** The prompt, of it read from and written to a cache; the answer, of it thinking. */
  readonly usage?: readonly (number | null)[];
  readonly data?: unknown;
}

function finish(rawReason: string, { usage = [17, 0, 0, 12, null], data }: End = {}) {
  const reason = Object.entries(WORDS).find(([, words]) => words.includes(rawReason))?.[0];
  const [promptTokens, cachedPromptTokens, cacheWriteTokens, completionTokens, reasoningTokens] = usage;
  const counts = { promptTokens, cachedPromptTokens, cacheWriteTokens, completionTokens, reasoningTokens };
  const continuation = data === undefined ? null : { dialect: 'anthropic', data };
  return { type: 'finish', reason, rawReason, usage: { ...counts, totalTokens: null }, continuation };
}

const thinking = (thinking: string, signature: string) => ({ type: 'thinking', thinking, signature });
const SEARCH = [
  { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: { query: 'news' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 'srvtoolu_01',
    content: [
      {
        type: 'web_search_result',
        title: 'News',
        url: 'https://news.example/',
        encrypted_content: 'Ev0YCioI',
        page_age: null,
      },
    ],
  },
];
const RAN = {
  type: 'code_execution_tool_result',
  tool_use_id: 'srvtoolu_1',
  content: { type: 'code_execution_result', stdout: '4\n', stderr: '', return_code: 0, content: [] },
};

/** What each recorded answer is to us: its parts, and what it fails with, if it does. */
const ANSWERS: Readonly<Record<string, readonly unknown[]>> = {
  'text.sse': [text('Grüße aus "Köln",\n👋'), finish('end_turn')],
  'reasoning.sse': [
    reasoning('They greet me.\n'),
    text('Hello there'),
    finish('end_turn', { usage: [17, 0, 0, 40, 22], data: [thinking('They greet me.\n', 'EqQBCkgIBRABGAIiQL8='), 11] }),
  ],
  'redacted.sse': [
    text('Hello'),
    finish('end_turn', { data: [{ type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix/LafPsn4a' }, 5] }),
  ],
  'hidden-reasoning.sse': [text('4'), finish('end_turn', { data: [thinking('', 'EqQBCkgIBRABGAIiQL9='), 1] })],
  'call.sse': [
    text("I'll look it up."),
    ...call(0, 'toolu_01Oslo', 'weather', '{"city": "Oslo, \\"NO\\""}'),
    finish('tool_use'),
  ],
  'parallel-calls.sse': [
    ...call(0, 'toolu_01Oslo', 'weather', '{"city": "Oslo"}'),
    ...call(1, 'toolu_01Rome', 'weather', '{"city": "Rome"}'),
    finish('tool_use'),
  ],
  'call-without-arguments.sse': [...call(0, 'toolu_01Now', 'now', ''), finish('tool_use')],
  'structured.sse': [text('{"city":"Oslo","degrees":21}'), finish('end_turn')],
  'structured-by-tool.sse': [text('{"city": "Oslo", "degrees": 21}'), { ...finish('tool_use'), reason: 'STOP' }],
  'refusal.sse': [text('I cannot help with that.'), finish('refusal', { usage: [17, 0, 0, 8, null] })],
  'refusal-without-text.sse': [finish('refusal', { usage: [17, 0, 0, 2, null] })],
  'greatest-length.sse': [text('Once upon a time'), finish('max_tokens')],
  'cut-call.sse': [
    { type: 'tool-call-delta', index: 0, callId: 'toolu_01Cut', name: 'weather', text: '{"city": "Os' },
    finish('max_tokens'),
  ],
  'error-first.sse': ['UNAVAILABLE: Anthropic sent an error: Overloaded'],
  'error-later.sse': [
    text('Hel'),
    'RATE_LIMITED: Anthropic sent an error: Number of request tokens has exceeded your per-minute rate limit',
  ],
  'error-without-type.sse': [text('Hel'), 'UNAVAILABLE: Anthropic sent an error: Something broke'],
  'error.json': ['UNAUTHORIZED: Anthropic sent an error: invalid x-api-key'],
  'cached.sse': [text('Hi'), finish('end_turn', { usage: [1203, 1000, 200, 9, null] })],
  'usage-at-the-end.sse': [text('Hi'), finish('end_turn', { usage: [21, null, null, 9, null] })],
  'usage-with-zeros.sse': [text('Hi'), finish('end_turn', { usage: [17, 0, 0, 9, null] })],
  'unknown.sse': [text('Hello'), finish('pause_turn', { data: [{ type: 'container_upload', file_id: 'file_1' }, 5] })],
  'two-starts.sse': [text('Hello'), finish('end_turn', { usage: [18, 0, 0, 12, null] })],
  'content-in-start.sse': [
    text('So:'),
    ...call(0, 'toolu_01Late', 'weather', '{"city":"Oslo"}'),
    finish('tool_use', { usage: [5, null, null, 6, null], data: [3, RAN, 'toolu_01Late'] }),
  ],
  'web-search.sse': [
    { type: 'source', url: 'https://news.example/', title: 'News' },
    text('It rains. It pours.'),
    finish('end_turn', { data: [...SEARCH, 9, 10] }),
  ],
  'whole.json': [text('Hello, all at once 👋'), finish('end_turn', { usage: [9, null, null, 5, null] })],
};

test('every recorded answer is looked at', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
});

const ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' };

describe.for(Object.entries(ANSWERS))('%s', { timeout: 120_000 }, ([fixture, expected]) => {
  const recorded = readFixture(fixture);
  const outcome = withModel(expected, recorded);
  const options = fixture === 'structured-by-tool.sse' ? BY_TOOL : {};
  const outcomes = (bodies: Parameters<typeof outcomesOf>[0]) => outcomesOf(bodies, options);
  const bodies = Object.entries(ENDS).map(([name, end]) => [name, recorded.replaceAll('\n', end)] as const);

  test.for(bodies)(
    'is the same parts whole and when every byte comes alone, with lines that end in %s',
    async ([, body]) => {
      expect(await outcomes([[Buffer.from(body)], inBytes(body)])).toEqual([outcome, outcome]);
    },
  );

  test('is the same parts with a ping between any two events', async () => {
    const events = recorded.split(/(?<=\n\n)/);
    const pinged = events.map((_event, at) =>
      events.toSpliced(at, 0, 'event: ping\ndata: {"type": "ping"}\n\n').join(''),
    );
    for (const came of await outcomes(pinged.map((body) => [Buffer.from(body)]))) expect(came).toEqual(outcome);
  });

  test('is the same parts or a failure wherever it ends', async () => {
    const bytes = Buffer.from(recorded);
    const cut = Array.from({ length: bytes.length }, (_, at) => [bytes.subarray(0, at)]);
    for (const [at, came] of (await outcomes(cut)).entries()) {
      if (typeof came.at(-1) !== 'string') expect(came, `cut at ${at}`).toEqual(outcome);
      else if (typeof outcome.at(-1) !== 'string') expect(came.at(-1), `cut at ${at}`).toMatch(/^BAD_RESPONSE: /);
    }
  });
});

const BY_TOOL: Partial<ChatRequest> = {
  model: 'claude-3-5-haiku-20241022',
  responseFormat: { type: 'JSON_SCHEMA', schema: { type: 'object' } },
};

/** What becomes of each body; each is a list of pieces that arrive alone. */
async function outcomesOf(
  bodies: readonly (readonly Uint8Array[])[],
  options: Partial<ChatRequest>,
): Promise<unknown[][]> {
  const upstream = await startFakeUpstream(async (exchange) => {
    const { max_tokens } = JSON.parse(exchange.body) as { max_tokens: number };
    await exchange.begin();
    await exchange.send(...(bodies[max_tokens - 1] ?? []));
    exchange.end();
  });
  const provider = createClaude({ baseUrl: upstream.url });
  const outcomes: unknown[][] = [];
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const some = bodies.slice(from, from + AT_ONCE);
    outcomes.push(
      ...(await Promise.all(some.map((_body, at) => outcomeOf(provider, { ...options, maxTokens: from + at + 1 })))),
    );
  }
  return outcomes;
}

const AT_ONCE = 50;

async function outcomeOf(provider: Provider, options: Partial<ChatRequest>): Promise<unknown[]> {
  const outcome: (ChatPart | string)[] = [];
  try {
    for await (const part of ask(provider, options)) outcome.push(part);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    outcome.push(`${code}: ${message}`);
  }
  return joinText(outcome);
}
