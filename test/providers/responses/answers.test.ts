import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { withModel } from '../../helpers/answering-model.ts';
import { inBytes, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { joinText } from '../../helpers/provider-suite.ts';
import { ask, createResponses, readResponse } from '../../helpers/responses-server.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/responses');

const text = (text: string) => ({ type: 'text-delta', text });
const reasoning = (text: string) => ({ type: 'reasoning-delta', text });
const source = (url: string, title: string | null) => ({ type: 'source', url, title });
const piece = (callId: string, name: string, text: string, index = 0) => {
  return { type: 'tool-call-delta', index, callId, name, text };
};
const whole = (callId: string, name: string, argumentsText: string, index = 0) => {
  return { type: 'tool-call', index, callId, name, argumentsText };
};
const call = (...of: Parameters<typeof piece>) => [piece(...of), whole(...of)];

interface End {
  /** The prompt, of it read from a cache; the answer, of it reasoning. */
  readonly usage?: readonly number[] | null;
  readonly data?: unknown;
}

function finish(reason: string, rawReason: string, { usage = [17, 0, 12, 0], data }: End = {}) {
  const [promptTokens = 0, cachedPromptTokens, completionTokens = 0, reasoningTokens] = usage ?? [];
  const totalTokens = promptTokens + completionTokens;
  const completion = { completionTokens, reasoningTokens, totalTokens };
  return {
    ...{ type: 'finish', reason, rawReason },
    usage: usage && { promptTokens, cachedPromptTokens, cacheWriteTokens: null, ...completion },
    continuation: data === undefined ? null : { dialect: 'responses/acme', data },
  };
}

const summary = (...texts: readonly string[]) => texts.map((one) => ({ type: 'summary_text', text: one }));
const thought = (id: string, texts: readonly string[], encrypted_content = 'gAAAAABo==done') => ({
  ...{ type: 'reasoning', id, summary: summary(...texts), encrypted_content },
});
const SEARCH = {
  ...{ id: 'ws_68a1', type: 'web_search_call', status: 'completed' },
  action: { type: 'search', query: 'news' },
};
const CAT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What each recorded answer is to us: its parts, and what it fails with, if it does. */
const ANSWERS: Readonly<Record<string, readonly unknown[]>> = {
  'text.sse': [text('Grüße aus "Köln",\n👋'), finish('STOP', 'completed')],
  'reasoning.sse': [
    reasoning('They greet me.\n\nI greet them.'),
    text('Hello there'),
    finish('STOP', 'completed', {
      usage: [17, 0, 40, 22],
      data: [thought('rs_68a10', ['They greet me.', 'I greet them.']), 11],
    }),
  ],
  'hidden-reasoning.sse': [
    text('4'),
    finish('STOP', 'completed', { usage: [17, 0, 140, 128], data: [thought('rs_68a10', []), 1] }),
  ],
  'call.sse': [...call('call_Oslo', 'weather', '{"city":"Oslo, \\"NO\\""}'), finish('TOOL_CALLS', 'completed')],
  'parallel-calls.sse': [
    reasoning('Two towns.'),
    text('Let me see.'),
    ...call('call_Oslo', 'weather', '{"city":"Oslo"}'),
    ...call('call_Rome', 'weather', '{"city":"Rome"}', 1),
    finish('TOOL_CALLS', 'completed', { data: [thought('rs_68a10', ['Two towns.']), 11, 'call_Oslo', 'call_Rome'] }),
  ],
  'call-without-arguments.sse': [...call('call_Now', 'now', '{}'), finish('TOOL_CALLS', 'completed')],
  'structured.sse': [text('{"city":"Oslo","degrees":21}'), finish('STOP', 'completed')],
  'refusal.sse': [text('I cannot help with that.'), finish('CONTENT_FILTER', 'completed', { usage: [17, 0, 8, 0] })],
  'refusal-without-text.sse': [finish('CONTENT_FILTER', 'content_filter', { usage: [17, 0, 0, 0] })],
  'greatest-length.sse': [text('Once upon a time'), finish('LENGTH', 'max_output_tokens', { usage: [17, 0, 16, 0] })],
  'cut-reasoning.sse': [reasoning('Hm.'), finish('LENGTH', 'max_output_tokens', { usage: [17, 0, 16, 16] })],
  'cut-call.sse': [
    { type: 'tool-call-delta', index: 0, callId: 'call_Cut', name: 'weather', text: '{"city":"Os' },
    finish('LENGTH', 'max_output_tokens', { usage: [17, 0, 16, 0] }),
  ],
  'error-first.sse': [
    'UNAVAILABLE: OpenAI sent an error: Our servers are currently overloaded. Please try again later.',
  ],
  'error-later.sse': [
    text('Hel'),
    'RATE_LIMITED: OpenAI sent an error: Rate limit reached for gpt-5.4 on tokens per min.',
  ],
  'failed.sse': ['UNAVAILABLE: OpenAI sent an error: An error occurred while processing your request.'],
  'error.json': ['UNAUTHORIZED: OpenAI sent an error: Incorrect API key provided: sk-0123.'],
  'cached.sse': [text('Hi'), finish('STOP', 'completed', { usage: [1203, 1024, 9, 0] })],
  'web-search.sse': [
    text('It rains. It pours.'),
    source('https://news.example/', 'News'),
    source('https://more.example/', null),
    finish('STOP', 'completed', {
      data: [thought('rs_68a10', []), SEARCH, thought('rs_68a12', [], 'gAAAAABp==done'), 19],
    }),
  ],
  'picture.sse': [
    { type: 'image', image: { url: CAT, alt: 'A grey cat.' } },
    text('Here it is.'),
    finish('STOP', 'completed'),
  ],
  'lmstudio-call.sse': [
    reasoning('They ask.'),
    ...call('call_lm1', 'weather', '{"city":"Oslo"}'),
    finish('TOOL_CALLS', 'completed', {
      data: [
        {
          ...{ type: 'reasoning', id: 'rs_68a10', summary: [] },
          content: [{ type: 'reasoning_text', text: 'They ask.' }],
        },
        'call_lm1',
      ],
    }),
  ],
  'gateway.sse': [
    piece('call_g1', 'weather', '{"city":"Oslo"}'),
    text('So it is.'),
    whole('call_g1', 'weather', '{"city":"Oslo"}'),
    finish('TOOL_CALLS', 'completed'),
  ],
  'unknown.sse': [text('Hello'), finish('STOP', 'completed')],
  'done-only.sse': [text('Hello'), ...call('call_w', 'now', '{}'), finish('TOOL_CALLS', 'completed')],
  'end-only.sse': [
    reasoning('Hm.'),
    text('Hello'),
    finish('STOP', 'completed', { data: [thought('rs_68a10', ['Hm.']), 5] }),
  ],
  'whole.json': [
    reasoning('Hm.'),
    text('Hello all at once 👋'),
    finish('STOP', 'completed', { usage: [9, 0, 14, 0], data: [thought('rs_68a10', ['Hm.']), 20] }),
  ],
  'azure.sse': [text('Hello'), finish('STOP', 'completed')],
};

test('every recorded answer is looked at', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
});

const ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' };

describe.for(Object.entries(ANSWERS))('%s', { timeout: 120_000 }, ([fixture, expected]) => {
  const recorded = readResponse(fixture);
  const outcome = withModel(expected, recorded);
  const bodies = Object.entries(ENDS).map(([name, end]) => [name, recorded.replaceAll('\n', end)] as const);

  test.for(bodies)(
    'is the same parts whole and when every byte comes alone, with lines that end in %s',
    async ([, body]) => {
      expect(await outcomesOf([[Buffer.from(body)], inBytes(body)])).toEqual([outcome, outcome]);
    },
  );

  test('is the same parts with a ping between any two events', async () => {
    const events = recorded.split(/(?<=\n\n)/);
    const ping = ': ping\n\nevent: ping\ndata: {"type": "ping"}\n\n';
    const pinged = events.map((_event, at) => events.toSpliced(at, 0, ping).join(''));
    for (const came of await outcomesOf(pinged.map((body) => [Buffer.from(body)]))) expect(came).toEqual(outcome);
  });

  test('is the same parts or a failure wherever it ends', async () => {
    const bytes = Buffer.from(recorded);
    const cut = Array.from({ length: bytes.length }, (_, at) => [bytes.subarray(0, at)]);
    for (const [at, came] of (await outcomesOf(cut)).entries()) {
      if (typeof came.at(-1) !== 'string') expect(came, `cut at ${at}`).toEqual(outcome);
      else if (typeof outcome.at(-1) !== 'string') expect(came.at(-1), `cut at ${at}`).toMatch(/^BAD_RESPONSE: /);
    }
  });
});

/** What becomes of each body; each is a list of pieces that arrive alone. */
async function outcomesOf(bodies: readonly (readonly Uint8Array[])[]): Promise<unknown[][]> {
  const upstream = await startFakeUpstream(async (exchange) => {
    const { max_output_tokens } = JSON.parse(exchange.body) as { max_output_tokens: number };
    await exchange.begin();
    await exchange.send(...(bodies[max_output_tokens - 1] ?? []));
    exchange.end();
  });
  const provider = createResponses({ baseUrl: upstream.url });
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
  return joinText(outcome);
}
