import { describe, expect, test } from 'vitest';
import type { ChatPart, ChatRequest } from '../../../src/providers/chat.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import {
  answerEvents,
  ask,
  type Block,
  blockStop,
  createRock,
  delta,
  event,
  exception,
  frame,
  metadata,
  START,
  stop,
  USAGE,
} from '../../helpers/bedrock-server.ts';
import { inBytes, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { PNG } from '../../helpers/pictures.ts';
import { joinText } from '../../helpers/provider-suite.ts';

const text = (text: string) => ({ type: 'text-delta', text });
const reasoning = (text: string) => ({ type: 'reasoning-delta', text });
const call = (index: number, callId: string, name: string, argumentsText: string) => [
  ...(argumentsText === '' ? [] : [{ type: 'tool-call-delta', index, callId, name, text: argumentsText }]),
  { type: 'tool-call', index, callId, name, argumentsText },
];
const COUNTS = {
  promptTokens: 10,
  cachedPromptTokens: null,
  cacheWriteTokens: null,
  completionTokens: 7,
  reasoningTokens: null,
  totalTokens: 17,
};
const finish = (reason: string, rawReason: string, blocks?: readonly unknown[], usage: object | null = COUNTS) => ({
  type: 'finish',
  reason,
  rawReason,
  usage,
  continuation: blocks ? { dialect: 'bedrock', data: { maker: 'anthropic', blocks } } : null,
});

const thought = (text: string, signature: string): Block => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const redacted: Block = { reasoningContent: { redactedContent: Buffer.from('nobody reads this').toString('base64') } };
const weather = (toolUseId: string, city: string): Block => ({
  toolUse: { toolUseId, name: 'weather', input: { city } },
});
const PICTURE = PNG.toString('base64');
const TURN = [thought('The weather, then.', 'c2ln'), { text: 'I look.' }, weather('tooluse_1', 'Oslo')];

const BY_TOOL: Partial<ChatRequest> = {
  model: 'anthropic.claude-3-5-haiku-20241022-v1:0',
  responseFormat: { type: 'JSON_SCHEMA', schema: { type: 'object' } },
};

interface Answer {
  readonly events: readonly Uint8Array[];
  readonly request?: Partial<ChatRequest>;
  readonly parts: readonly unknown[];
}

/** What each answer is to us: its parts, and what it fails with, if it does. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  text: {
    events: answerEvents([{ text: 'Grüße aus "Köln",\n👋' }], 'end_turn'),
    parts: [text('Grüße aus "Köln",\n👋'), finish('STOP', 'end_turn')],
  },
  'reasoning, then text': {
    events: answerEvents([thought('They greet me.', 'EqQB'), { text: 'Hello' }], 'end_turn'),
    parts: [
      reasoning('They greet me.'),
      text('Hello'),
      finish('STOP', 'end_turn', [thought('They greet me.', 'EqQB'), 5]),
    ],
  },
  'reasoning that nobody reads': {
    events: answerEvents([redacted, { text: 'Hello' }], 'end_turn'),
    parts: [text('Hello'), finish('STOP', 'end_turn', [redacted, 5])],
  },
  'reasoning that is not signed': {
    events: [
      START,
      delta(0, { reasoningContent: { text: 'So' } }),
      delta(1, { text: 'Hi' }),
      stop('end_turn'),
      metadata(),
    ],
    parts: [reasoning('So'), text('Hi'), finish('STOP', 'end_turn')],
  },
  'a call': {
    events: answerEvents(TURN, 'tool_use'),
    parts: [
      reasoning('The weather, then.'),
      text('I look.'),
      ...call(0, 'tooluse_1', 'weather', '{"city":"Oslo"}'),
      finish('TOOL_CALLS', 'tool_use', [TURN[0], 7, 'tooluse_1']),
    ],
  },
  'parallel calls': {
    events: answerEvents([weather('a', 'Oslo'), weather('b', 'Rome')], 'tool_use'),
    parts: [
      ...call(0, 'a', 'weather', '{"city":"Oslo"}'),
      ...call(1, 'b', 'weather', '{"city":"Rome"}'),
      finish('TOOL_CALLS', 'tool_use'),
    ],
  },
  'a call without arguments, that ends like a text': {
    events: answerEvents([{ toolUse: { toolUseId: 'a', name: 'now', input: {} } }], 'end_turn'),
    parts: [...call(0, 'a', 'now', ''), finish('TOOL_CALLS', 'end_turn')],
  },
  'a structured answer by a tool': {
    events: answerEvents([{ toolUse: { toolUseId: 'a', name: 'answer', input: { city: 'Oslo' } } }], 'tool_use'),
    request: BY_TOOL,
    parts: [text('{"city":"Oslo"}'), finish('STOP', 'tool_use')],
  },
  'a refusal': {
    events: answerEvents([{ text: 'I cannot.' }], 'content_filtered'),
    parts: [text('I cannot.'), finish('CONTENT_FILTER', 'content_filtered')],
  },
  'a guardrail, without text': {
    events: [START, stop('guardrail_intervened'), metadata()],
    parts: [finish('CONTENT_FILTER', 'guardrail_intervened')],
  },
  'greatest length': {
    events: answerEvents([{ text: 'Once upon' }], 'max_tokens'),
    parts: [text('Once upon'), finish('LENGTH', 'max_tokens')],
  },
  'greatest length, within a call': {
    events: [
      event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'a', name: 'weather' } } }),
      delta(0, { toolUse: { input: '{"city":"Os' } }),
      stop('max_tokens'),
      metadata(),
    ],
    parts: [
      { type: 'tool-call-delta', index: 0, callId: 'a', name: 'weather', text: '{"city":"Os' },
      finish('LENGTH', 'max_tokens'),
    ],
  },
  'a reason that is not known': {
    events: answerEvents([{ text: 'Hm' }], 'malformed_tool_use'),
    parts: [text('Hm'), finish('OTHER', 'malformed_tool_use')],
  },
  'usage before the end, with caches': {
    events: [
      delta(0, { text: 'Hi' }),
      metadata({ ...USAGE, cacheReadInputTokens: 1000, cacheWriteInputTokens: 200, totalTokens: 1217 }),
      blockStop(0),
      stop('end_turn'),
    ],
    parts: [
      text('Hi'),
      finish('STOP', 'end_turn', undefined, {
        ...COUNTS,
        promptTokens: 1210,
        cachedPromptTokens: 1000,
        cacheWriteTokens: 200,
        totalTokens: 1217,
      }),
    ],
  },
  'no usage': {
    events: [delta(0, { text: 'Hi' }), stop('end_turn')],
    parts: [text('Hi'), finish('STOP', 'end_turn', undefined, null)],
  },
  'calls whose pieces come in turns, the first before its name': {
    events: [
      delta(1, { toolUse: { input: '{"city":' } }),
      event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'b', name: 'rain' } } }),
      delta(0, { toolUse: { input: '{}' } }),
      event('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'a', name: 'weather' } } }),
      delta(1, { toolUse: { input: '"Oslo"}' } }),
      stop('tool_use'),
      metadata(),
    ],
    parts: [
      { type: 'tool-call-delta', index: 1, callId: 'b', name: 'rain', text: '{}' },
      { type: 'tool-call-delta', index: 0, callId: 'a', name: 'weather', text: '{"city":"Oslo"}' },
      { type: 'tool-call', index: 0, callId: 'a', name: 'weather', argumentsText: '{"city":"Oslo"}' },
      { type: 'tool-call', index: 1, callId: 'b', name: 'rain', argumentsText: '{}' },
      finish('TOOL_CALLS', 'tool_use'),
    ],
  },
  'a tool that the service runs, and a page that is cited, twice': {
    events: [
      event('contentBlockStart', {
        contentBlockIndex: 0,
        start: { toolUse: { toolUseId: 's', name: 'nova_grounding', type: 'server_tool_use' } },
      }),
      delta(0, { toolUse: { input: '{"query":"news"}' } }),
      blockStop(0),
      delta(1, { text: 'It rains.' }),
      delta(1, { citation: { title: 'News', location: { web: { url: 'https://news.example/' } } } }),
      delta(1, { citation: { location: { web: { url: 'https://news.example/' } } } }),
      delta(1, { citation: { title: 'a file', location: { documentPage: { documentIndex: 0 } } } }),
      stop('end_turn'),
      metadata(),
    ],
    parts: [
      text('It rains.'),
      { type: 'source', url: 'https://news.example/', title: 'News' },
      finish('STOP', 'end_turn'),
    ],
  },
  'a picture, in pieces': {
    events: [
      event('contentBlockStart', { contentBlockIndex: 0, start: { image: { format: 'png' } } }),
      delta(0, { image: { source: { bytes: PICTURE.slice(0, 40) } } }),
      delta(0, { image: { source: { bytes: PICTURE.slice(40) } } }),
      blockStop(0),
      stop('end_turn'),
      metadata(),
    ],
    parts: [
      { type: 'image', image: { url: `data:image/png;base64,${PICTURE}`, alt: 'Hello' } },
      finish('STOP', 'end_turn'),
    ],
  },
  'an exception first': {
    events: [exception('serviceUnavailableException', 'Too busy')],
    parts: ['UNAVAILABLE: Amazon Bedrock sent an error: Too busy'],
  },
  'an exception later': {
    events: [delta(0, { text: 'Hel' }), exception('throttlingException', 'Slow down'), delta(0, { text: 'lo' })],
    parts: [text('Hel'), 'RATE_LIMITED: Amazon Bedrock sent an error: Slow down'],
  },
  'an exception after the end': {
    events: [delta(0, { text: 'Hi' }), stop('end_turn'), exception('internalServerException', 'Oh')],
    parts: [text('Hi'), finish('STOP', 'end_turn', undefined, null)],
  },
  'an event that is no JSON': {
    events: [frame({ ':message-type': 'event', ':event-type': 'contentBlockDelta' }, '{"delta":'), stop('end_turn')],
    parts: ['BAD_RESPONSE: Amazon Bedrock sent an event that cannot be read'],
  },
  'a call that is told to have ended in the middle': {
    events: [
      event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'a', name: 'weather' } } }),
      delta(0, { toolUse: { input: '{"city":"Os' } }),
      stop('tool_use'),
      metadata(),
    ],
    parts: [
      { type: 'tool-call-delta', index: 0, callId: 'a', name: 'weather', text: '{"city":"Os' },
      'BAD_RESPONSE: Amazon Bedrock broke its answer off',
    ],
  },
};

describe.for(Object.entries(ANSWERS))('%s', { timeout: 120_000 }, ([_name, { events, request = {}, parts }]) => {
  const outcomes = (bodies: Parameters<typeof outcomesOf>[0]) => outcomesOf(bodies, request);
  const body = Buffer.concat(events);

  test('is the same parts whole and when every byte comes alone', async () => {
    expect(await outcomes([[body], inBytes(body)])).toEqual([parts, parts]);
  });

  test('is the same parts with an unknown event or an unknown kind of frame between any two', async () => {
    const others = [event('ping'), frame({ ':message-type': 'telemetry' }, 'whatever')];
    const bodies = others.flatMap((other) =>
      events.map((_event, at) => [Buffer.concat(events.toSpliced(at, 0, other))]),
    );
    for (const came of await outcomes(bodies)) expect(came).toEqual(parts);
  });

  test('is the same parts or a failure wherever it ends, but for usage that is yet to come', async () => {
    const cut = Array.from({ length: body.length }, (_, at) => [body.subarray(0, at)]);
    const withoutUsage = parts.map((part) =>
      Object(part).type === 'finish' ? { ...Object(part), usage: null } : part,
    );
    const end = body.length - metadata().length;
    for (const [at, came] of (await outcomes(cut)).entries()) {
      if (typeof came.at(-1) !== 'string') expect(came, `cut at ${at}`).toEqual(at === end ? withoutUsage : parts);
      else if (typeof parts.at(-1) !== 'string') expect(came.at(-1), `cut at ${at}`).toMatch(/^BAD_RESPONSE: /);
    }
  });
});

test('an answer that is damaged in any byte before its end fails, and is never one with something missing', async () => {
  const events = answerEvents([{ text: 'Hello' }], 'end_turn');
  const body = Buffer.concat(events);
  const damaged = Array.from({ length: body.length }, (_, at) => {
    const bytes = Buffer.from(body);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    return [bytes];
  });
  for (const [at, came] of (await outcomesOf(damaged, {})).entries()) {
    expect(came.at(-1), `byte ${at}`).toMatch(/^BAD_RESPONSE: Amazon Bedrock sent a damaged frame$/);
  }
});

test.for([
  ['throttlingException', 'RATE_LIMITED', true],
  ['modelStreamErrorException', 'UNAVAILABLE', true],
  ['internalServerException', 'UNAVAILABLE', true],
  ['serviceUnavailableException', 'UNAVAILABLE', true],
  ['validationException', 'REJECTED', false],
  ['accessDeniedException', 'UNAUTHORIZED', false],
] as const)('%s is %s', async ([type, code, retryable]) => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ body: exception(type, 'Its own words') }));
  const provider = createRock({ baseUrl: upstream.url });
  const failure = Array.fromAsync(ask(provider));
  await expect(failure).rejects.toMatchObject({ code, retryable, message: expect.stringContaining('Its own words') });
});

/** What becomes of each body; each is a list of pieces that arrive alone. */
async function outcomesOf(
  bodies: readonly (readonly Uint8Array[])[],
  options: Partial<ChatRequest>,
): Promise<unknown[][]> {
  const upstream = await startFakeUpstream(async (exchange) => {
    const { inferenceConfig } = JSON.parse(exchange.body) as { inferenceConfig: { maxTokens: number } };
    await exchange.begin();
    await exchange.send(...(bodies[inferenceConfig.maxTokens - 1] ?? []));
    exchange.end();
  });
  const provider = createRock({ baseUrl: upstream.url });
  const outcomes: unknown[][] = [];
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const some = bodies.slice(from, from + AT_ONCE);
    const asked = some.map((_body, at) => outcomeOf(provider, { ...options, maxTokens: from + at + 1 }));
    outcomes.push(...(await Promise.all(asked)));
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
