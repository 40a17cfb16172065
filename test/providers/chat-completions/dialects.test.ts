import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { withModel } from '../../helpers/answering-model.ts';
import { inBytes, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createAcme, readFixture } from '../../helpers/openai-server.ts';
import { chat, joinText } from '../../helpers/provider-suite.ts';

const text = (text: string) => ({ type: 'text-delta', text }) as const;
const reasoning = (text: string) => ({ type: 'reasoning-delta', text }) as const;

function finish(
  rawReason: string | null,
  [promptTokens, completionTokens, reasoningTokens, totalTokens]: readonly (number | null)[] = [],
  [cachedPromptTokens, cacheWriteTokens = null]: readonly (number | null)[] = [null],
) {
  const reason = { stop: 'STOP', length: 'LENGTH' }[rawReason ?? ''] ?? 'OTHER';
  const prompt = { promptTokens, cachedPromptTokens, cacheWriteTokens };
  const usage = promptTokens === undefined ? null : { ...prompt, completionTokens, reasoningTokens, totalTokens };
  return { type: 'finish', reason, rawReason, usage };
}

const refuses = (...told: Parameters<typeof finish>) => ({ ...finish(...told), reason: 'CONTENT_FILTER' });
const callsTools = (...told: Parameters<typeof finish>) => ({ ...finish(...told), reason: 'TOOL_CALLS' });

interface Call {
  readonly index: number;
  readonly callId: string;
  readonly name: string;
}

const weather = (callId: string, index = 0): Call => ({ index, callId, name: 'get_weather' });
const time = (callId: string, index = 1): Call => ({ index, callId, name: 'get_time' });
const piece = (call: Call, text: string) => ({ type: 'tool-call-delta', ...call, text }) as const;
const whole = (call: Call, argumentsText: string) => ({ type: 'tool-call', ...call, argumentsText }) as const;
/** A call of which nothing else comes between its pieces. */
const all = (call: Call, text: string) => [piece(call, text), whole(call, text)] as const;
const source = (url: string, title: string | null) => ({ type: 'source', url, title }) as const;

const CAT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What each recorded answer is to us: its parts, and what it fails with, if it does. */
const ANSWERS: readonly (readonly [fixture: string, ...outcome: unknown[]])[] = [
  ['openai/greeting.sse', text('Grüße'), text(' aus Köln 👋'), finish('stop', [9, 7, 0, 16], [0])],
  ['openai/refusal.sse', text('I cannot'), text(' help with that.'), refuses('stop')],
  ['openai/refusal.json', text('I cannot help with that.'), refuses('stop', [17, 8, 0, 25], [0])],
  ['openai/whole.json', text('Hello, all at once 👋'), finish('length', [9, 5, null, 14])],
  [
    'openai/calls.sse',
    ...all(weather('call_a1B2c3'), '{"city":"Tromsø"}'),
    ...all(time('call_d4E5f6'), '{}'),
    callsTools('tool_calls', [90, 31, 0, 121], [64]),
  ],
  [
    'openai/calls.json',
    ...all(weather('call_g7'), '{"city":"Oslo"}'),
    ...all(time('call_h8'), '{}'),
    callsTools('tool_calls', [82, 17, null, 99]),
  ],
  ['openai/function-call.sse', ...all(weather('ours'), '{"city": "Rome"}'), callsTools('function_call')],
  [
    'deepseek/calls.sse',
    reasoning('I need the weather.'),
    text('Let me look.'),
    ...all(weather('call_00_x1'), '{"city": "北京"}'),
    callsTools('tool_calls', [320, 40, 12, 360], [256]),
  ],
  [
    'mistral/calls.sse',
    reasoning('The weather and the time.'),
    ...all(weather('D681PevKs'), '{"city": "Paris"}'),
    ...all(time('9fKqL2xYz'), '{"city": "Paris"}'),
    callsTools('tool_calls', [121, 40, null, 161]),
  ],
  [
    'groq/calls.sse',
    reasoning('They ask.'),
    ...all(weather('fc_0a1b'), '{"city":"Lima"}'),
    callsTools('tool_calls', [150, 44, null, 194], [128]),
  ],
  ['xai/calls.sse', text("I'll check."), ...all(weather('call_55'), '{"city":"Quito"}'), callsTools('tool_calls')],
  [
    'openrouter/calls.sse',
    reasoning('Two cities.'),
    piece(weather('toolu_01'), '{"city":'),
    piece({ ...weather('toolu_02'), index: 1 }, '{"city":"Bonn"}'),
    piece(weather('toolu_01'), '"Kiel"}'),
    whole(weather('toolu_01'), '{"city":"Kiel"}'),
    whole(weather('toolu_02', 1), '{"city":"Bonn"}'),
    callsTools('tool_calls', [400, 60, 5, 460], [100, 250]),
  ],
  [
    'ollama/calls.sse',
    ...all(weather('call_k2j3'), '{"city":"Bern"}'),
    ...all(time('call_m4n5'), '{}'),
    callsTools('stop'),
  ],
  [
    'vllm/calls.sse',
    text('\n\n'),
    ...all(weather('chatcmpl-tool-77'), '{"city": "Cork", "days": 2}'),
    callsTools('tool_calls'),
  ],
  ['sglang/calls.sse', ...all(weather('call_s1'), '{"city": "Nice"}'), callsTools('tool_calls')],
  ['llamacpp/calls.sse', ...all(weather('qXcD8'), '{"city":"Graz"}'), callsTools('tool_calls')],
  [
    'gemini/calls.sse',
    text('Looking.'),
    ...all(weather('function-call-1'), '{"city":"Ghent"}'),
    ...all(time('function-call-2'), '{}'),
    callsTools('stop'),
  ],
  ['dashscope/calls.sse', ...all(weather('call_q1'), '{"city": "上海"}'), callsTools('tool_calls')],
  ['lmstudio/calls.sse', text('One moment.'), ...all(time('365174485', 0), '{}'), callsTools('tool_calls')],
  ['unmarked/calls.sse', ...all(weather('ours'), '{"city":"Łódź"}'), whole(time('ours'), ''), callsTools('stop')],
  [
    'openrouter/sources.sse',
    text('It rains'),
    source('https://weather.example/oslo', 'Oslo'),
    text('.'),
    finish('stop'),
  ],
  [
    'perplexity/sources.sse',
    text('Snow'),
    source('https://a.example/1', 'First'),
    source('https://b.example/2', 'Second'),
    text(' today[1] and tomorrow[2].'),
    finish('stop', [5, 9, null, 14]),
  ],
  ['openai/error.json', 'UNAVAILABLE: acme sent an error: The server had an error while processing your request'],
  [
    'openrouter/greeting.sse',
    reasoning('They'),
    reasoning(' greet me.'),
    text('Hello'),
    text(' there'),
    finish('stop', [8, 14, 6, 22]),
  ],
  [
    'openrouter/error.sse',
    text('Hello'),
    'RATE_LIMITED: acme sent error 429: Provider returned error: rate limited upstream',
  ],
  [
    'openrouter/image.sse',
    text('Here is a cat.'),
    { type: 'image', image: { url: CAT, alt: 'Hello' } },
    finish('stop', [7, 1295, 0, 1302]),
  ],
  ['groq/reasoning.sse', reasoning('A greeting.'), text('Hello'), text('!'), finish('stop', [76, 29, 17, 105])],
  [
    'deepseek/reasoning.sse',
    reasoning('Say'),
    reasoning(' hello.'),
    text('你好'),
    text('!'),
    finish('stop', [6, 41, 38, 47], [0]),
  ],
  ['xai/usage.sse', reasoning('Thinking... '), text('Hello'), text('!'), finish('stop', [12, 2, 340, 354], [4])],
  [
    'mistral/thinking.sse',
    reasoning('A greeting;'),
    reasoning(' I greet back.'),
    text('Bonjour'),
    text(' à vous'),
    finish('stop', [11, 30, null, 41]),
  ],
  ['mistral/whole.json', reasoning('A greeting.'), text('Bonjour'), finish('stop', [11, 10, null, 21])],
  [
    'vllm/reasoning.sse',
    reasoning('Well,'),
    reasoning(' hello.'),
    text('\n\nHello'),
    text(' you'),
    finish('length', [13, 7, null, 20]),
  ],
  ['vllm/error.sse', 'UNAVAILABLE: acme sent error 500: The engine has died'],
  ['ollama/greeting.sse', text('Hello'), text(' there'), finish('stop', [26, 3, null, 29])],
  ['ollama/thinking.sse', reasoning('They greet me.'), text('Hello 👋'), finish('stop')],
  ['openrouter/details.sse', reasoning('A greeting'), text('Hello'), finish('stop')],
  ['dashscope/error.sse', text('你'), 'RATE_LIMITED: acme sent an error: Requests rate limit exceeded'],
  ['deepinfra/error.sse', text('Hello'), 'RATE_LIMITED: acme sent an error: Model is busy'],
  [
    'gemini/error.sse',
    text('Hello'),
    'UNAVAILABLE: acme sent error 503: The model is overloaded. Please try again later.',
  ],
  [
    'lmstudio/error.sse',
    text('Hello'),
    'UNAVAILABLE: acme sent an error: The model has crashed without additional information.',
  ],
  ['llamacpp/error.sse', text('Grüße'), 'UNAVAILABLE: acme sent error 500: the slot was lost'],
  ['sglang/greeting.sse', text('Grüße 👋'), finish('stop')],
  ['llamacpp/greeting.sse', text('Hello'), text(' there'), finish('stop', [10, 3, null, 13])],
  ['unmarked/greeting.sse', text('Hello'), text(' there'), finish('stop')],
  [
    'unusual-framing/greeting.sse',
    text('Grüße, {data: 👩‍🚀}'),
    text(' line\u2028separator'),
    text('!'),
    finish('stop'),
  ],
];

const ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' };

describe.for(ANSWERS)('%s', { timeout: 120_000 }, ([fixture, ...parts]) => {
  const recorded = readFixture(fixture);
  const outcome = withModel(joinText(parts), recorded);
  const bodies = Object.entries(ENDS).map(([name, end]) => [name, recorded.replaceAll('\n', end)] as const);

  test.for(bodies)('is the same parts when it comes whole, with lines that end in %s', async ([_name, body]) => {
    expect(await outcomesOf([[Buffer.from(body)]])).toEqual([outcome]);
  });

  test('is the same parts with a byte order mark before it', async () => {
    expect(await outcomesOf([[Buffer.from(`\uFEFF${recorded}`)], inBytes(`\uFEFF${recorded}`)])).toEqual([
      outcome,
      outcome,
    ]);
  });

  test('is the same parts with nothing behind its last line', async () => {
    expect(await outcomesOf([[Buffer.from(recorded.trimEnd())]])).toEqual([outcome]);
  });

  test.for(bodies)(
    'is the same parts when every byte comes alone, with lines that end in %s',
    async ([_name, body]) => {
      expect(await outcomesOf([inBytes(body)])).toEqual([outcome]);
    },
  );

  test('is the same parts wherever it is cut in two', async () => {
    const cut = fixture.startsWith('unusual') ? bodies.map(([_name, body]) => body) : [recorded];
    for (const body of cut) {
      const bytes = Buffer.from(body);
      const cuts = Array.from({ length: bytes.length - 1 }, (_, at) => [
        bytes.subarray(0, at + 1),
        bytes.subarray(at + 1),
      ]);
      for (const [at, came] of (await outcomesOf(cuts)).entries()) expect(came, `cut at ${at + 1}`).toEqual(outcome);
    }
  });
});

/** What becomes of each body; each is a list of pieces that arrive alone. */
async function outcomesOf(bodies: readonly (readonly Uint8Array[])[]): Promise<unknown[][]> {
  const upstream = await startFakeUpstream(async (exchange) => {
    const { seed } = JSON.parse(exchange.body) as { seed: number };
    await exchange.begin();
    await exchange.send(...(bodies[seed] ?? []));
    exchange.end();
  });
  const provider = createAcme({ baseUrl: upstream.url });
  const outcomes: unknown[][] = [];
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const some = bodies.slice(from, from + AT_ONCE);
    outcomes.push(...(await Promise.all(some.map((_body, at) => outcomeOf(provider, from + at)))));
  }
  return outcomes;
}

const AT_ONCE = 50;

async function outcomeOf(provider: Provider, seed: number): Promise<unknown[]> {
  const outcome: (ChatPart | string)[] = [];
  try {
    for await (const part of chat(provider, undefined, undefined, { seed })) outcome.push(part);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    outcome.push(`${code}: ${message}`);
  }
  return joinText(outcome.map(withOurId));
}

/** Ids that we make are random. */
function withOurId(part: ChatPart | string): unknown {
  if (typeof part === 'string' || !('callId' in part)) return part;
  return { ...part, callId: part.callId.replace(/^call_[0-9a-f]{32}$/, 'ours') };
}
