import { type ExecutionResult, GraphQLError, parse, subscribe, validate } from 'graphql';
import { expect, test } from 'vitest';
import type { ChatEvent } from '../../src/gateway/chat/chat-event.ts';
import type { ListedModel } from '../../src/gateway/model.ts';
import { mergeCapabilities } from '../../src/providers/capabilities.ts';
import { schema } from '../../src/schema/index.ts';
import { createSubscribe, Subscription } from '../../src/transport/subscription.ts';

const model: ListedModel = {
  id: 'scripted/model',
  name: 'model',
  kind: 'CHAT',
  aliases: ['m'],
  isDefault: true,
  capabilities: mergeCapabilities(),
  providerId: 'scripted',
};
const attempt = { model, code: 'TIMEOUT', message: 'too "late"', retryAfterMs: null, durationMs: 3 } as const;

/** Every type of event, with text that is hard to carry and numbers that look like the stand-ins for others. */
const events: readonly ChatEvent[] = [
  { type: 'ChatStarted', seq: 0, id: 'id', model, attempts: [attempt] },
  { type: 'ChatReasoningDelta', seq: 1, text: 'hm', offset: 0 },
  ...['plain', '', '"quoted" \\ \n\r\t\0', '\u0000text', '"\\u0000text"', '\u2028👋\ud800', ',"seq":1789012345}'].map(
    (text, at) => ({ type: 'ChatDelta', seq: 2 + at, text, offset: 7 * at }) as const,
  ),
  { type: 'ChatDelta', seq: 1_789_012_345, text: 'x', offset: 1_789_012_346 },
  { type: 'ChatReasoningDelta', seq: 1_789_012_346, text: '\u0000text', offset: 1_789_012_345 },
  { type: 'ChatToolCallDelta', seq: 0, index: 0, callId: 'call_0', name: 'weather', text: '{"city": "', offset: 0 },
  {
    type: 'ChatToolCallDelta',
    seq: 1_789_012_347,
    index: 1_789_012_345,
    callId: '\u0000name',
    name: '\u0000callId',
    text: '\u0000text',
    offset: 1_789_012_347,
  },
  {
    type: 'ChatToolCall',
    seq: 4,
    index: 0,
    callId: 'call_0',
    name: 'weather',
    arguments: { city: 'Oslo' },
    argumentsText: '{"city": "Oslo"}',
  },
  { type: 'ChatToolCall', seq: 5, index: 1, callId: 'call_1', name: 'weather', arguments: null, argumentsText: '{' },
  { type: 'ChatSource', seq: 6, url: 'https://example.com', title: null },
  { type: 'ChatImage', seq: 1_789_012_347, image: { url: 'https://example.com/cat.png', alt: 'a cat' } },
  {
    type: 'ChatFinished',
    seq: 1_789_012_348,
    finishReason: 'LENGTH',
    rawFinishReason: 'max_tokens',
    length: 3,
    usage: {
      promptTokens: 1,
      cachedPromptTokens: 0,
      cacheWriteTokens: null,
      completionTokens: null,
      reasoningTokens: null,
      totalTokens: 4,
    },
    firstTokenMs: null,
    durationMs: 5,
    continuation: 'abc',
    object: { answer: [1, null] },
    objectProblems: ['/answer/1: expected a number'],
  },
  {
    type: 'ChatFailed',
    seq: 2_000_000_000,
    code: 'BLOCKED',
    message: 'no',
    retryable: false,
    retryAfterMs: 1500,
    attempts: [attempt],
  },
];

async function* allEvents() {
  yield* events;
}

const operations: readonly (readonly [string, string, Record<string, unknown>?])[] = [
  ['all fields', '{ chat(input: $i) { __typename ...Everything } }'],
  ['nothing but the type', '{ chat(input: $i) { __typename } }'],
  ['no field of a delta', '{ chat(input: $i) { ... on ChatStarted { id } } }'],
  ['one field', '{ chat(input: $i) { ... on ChatDelta { text } } }'],
  ['an interface', '{ chat(input: $i) { ... on SequencedEvent { place: seq ... on ChatDelta { text seq } } } }'],
  [
    'aliases',
    '{ a: chat(input: $i) { t: __typename ... on ChatDelta { text: seq seq: text b: offset text2: text } } }',
  ],
  ['an alias like a stand-in', '{ chat(input: $i) { ... on ChatDelta { _1789012345: seq a1789012346: offset } } }'],
  [
    'the same field twice',
    '{ chat(input: $i) { ... on ChatDelta { text seq text } ... on ChatDelta { text offset } } }',
  ],
  [
    'fields in another order',
    '{ chat(input: $i) { ... on ChatReasoningDelta { offset text } ... on ChatDelta { offset text seq } } }',
  ],
  [
    'fragments within fragments',
    '{ ...Root } fragment Root on Subscription { chat(input: $i) { ...Everything ...Everything } }',
  ],
  [
    'a directive that leaves out',
    '{ chat(input: $i) { ... on ChatDelta { text @skip(if: $yes) seq @include(if: $yes) offset @include(if: $no) } } }',
  ],
  [
    'a directive on a fragment',
    '{ chat(input: $i) { ... on ChatDelta @skip(if: $yes) { text } ...Everything @include(if: $no) __typename @skip(if: $yes) } }',
  ],
  [
    'an error in a field',
    '{ chat(input: $i) { __typename ... on ChatStarted { model { provider { health { status } } } } ... on ChatDelta { text } } }',
  ],
];

const EVERYTHING = `fragment Everything on ChatEvent {
  ... on ChatStarted { seq id model { id name kind aliases isDefault provider { id name } } attempts { code message durationMs model { id } } }
  ... on ChatDelta { seq text offset }
  ... on ChatReasoningDelta { text offset seq __typename }
  ... on ChatImage { seq image { url alt } }
  ... on ChatFinished { seq finishReason rawFinishReason length usage { promptTokens completionTokens totalTokens } firstTokenMs durationMs }
  ... on Failure { code message retryable attempts { code } }
  ... on ChatFailed { seq }
}`;

test.for(operations)('hands on what plain GraphQL makes of every event: %s', async ([_title, selection]) => {
  const everything = selection.includes('...Everything') ? EVERYTHING : '';
  const flags = ['yes', 'no'].filter((flag) => selection.includes(`$${flag}`)).map((flag) => `, $${flag}: Boolean!`);
  const document = parse(`subscription ($i: ChatInput!${flags.join('')}) ${selection} ${everything}`);
  expect(validate(schema, document)).toEqual([]);
  const args = {
    schema,
    document,
    variableValues: { i: { messages: [{ role: 'USER', content: 'hello' }] }, yes: true, no: false },
    contextValue: {
      maxMessages: 10,
      gateway: {
        streamChat: () => allEvents(),
        health: () => ({}),
        modelOf: ({ providerId, ...listed }: ListedModel) => ({
          ...listed,
          provider: { id: providerId, name: 'Scripted' },
        }),
      },
      caller: {},
    },
  };
  const expected = await Array.fromAsync((await subscribe(args)) as AsyncIterable<ExecutionResult>);
  const subscription = await createSubscribe((error) => error as GraphQLError)(args);
  if (!(subscription instanceof Subscription)) throw new Error('expected a subscription');
  const results: string[] = [];
  await subscription.deliver((json) => void results.push(json));

  expect(results.length).toBe(events.length);
  expect(results.map((json) => JSON.parse(json))).toEqual(expected.map((result) => JSON.parse(JSON.stringify(result))));
});

test('ends in an error, masked, when the events break off', async () => {
  const document = parse('subscription { chat(input: { messages: [] }) { __typename } }');
  async function* broken() {
    yield events[0];
    throw new Error('a secret');
  }
  const contextValue = { maxMessages: 10, gateway: { streamChat: broken }, caller: {} };
  const args = { schema, document, contextValue };
  const plain = await createSubscribe(() => new GraphQLError('masked'))(args);
  expect(plain).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });

  const asked = parse('subscription { chat(input: { messages: [{ role: USER, content: "x" }] }) { __typename } }');
  const subscription = await createSubscribe(() => new GraphQLError('masked'))({ ...args, document: asked });
  const results: unknown[] = [];
  if (subscription instanceof Subscription) await subscription.deliver((json) => void results.push(JSON.parse(json)));
  expect(results).toEqual([{ data: { chat: { __typename: 'ChatStarted' } } }, { errors: [{ message: 'masked' }] }]);
});
