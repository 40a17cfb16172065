import { describe, expect, test } from 'vitest';
import { encodeContinuation } from '../../../src/gateway/chat/continuation.ts';
import type { MessageInput } from '../../../src/gateway/chat/message-input.ts';
import { toMessages } from '../../../src/gateway/chat/messages.ts';

const asked: MessageInput = { role: 'USER', content: 'Weather?' };
const call = (id: string, more = {}) => ({ id, name: 'weather', arguments: { city: 'Oslo' }, ...more });
const calls = (...ids: readonly string[]): MessageInput => ({
  role: 'ASSISTANT',
  toolCalls: ids.map((id) => call(id)),
});
const result = (toolCallId: string): MessageInput => ({ role: 'TOOL', toolCallId, content: 'rain' });

test('a text is one part, and parts are told apart by what they hold', () => {
  const image = { url: 'https://example.com/cat.png', detail: 'LOW' } as const;
  const file = { url: 'media:abc', mediaType: 'application/pdf', name: 'a.pdf' };
  const parts = [{ text: 'Look:' }, { image }, { audio: { url: 'media:b' } }, { file }];
  expect(
    toMessages([
      { role: 'SYSTEM', content: 'Be brief.' },
      { role: 'USER', parts },
    ]),
  ).toEqual([
    { role: 'SYSTEM', parts: [{ type: 'text', text: 'Be brief.' }] },
    {
      role: 'USER',
      parts: [
        { type: 'text', text: 'Look:' },
        { type: 'image', url: image.url, mediaType: null, name: null, detail: 'LOW' },
        { type: 'audio', url: 'media:b', mediaType: null, name: null, detail: null },
        { type: 'file', ...file, detail: null },
      ],
    },
  ]);
});

test('results get the names of their calls, in any order, and ids may come again in a later answer', () => {
  const messages = toMessages([asked, calls('a', 'b'), result('b'), result('a'), calls('a'), result('a')]);
  expect(messages.filter(({ role }) => role === 'TOOL')).toMatchObject([
    { callId: 'b', name: 'weather', isError: false },
    { callId: 'a', name: 'weather' },
    { callId: 'a', name: 'weather' },
  ]);
});

test('calls that nobody has answered yet may be the last message', () => {
  expect(toMessages([asked, calls('a')])).toHaveLength(2);
});

test('arguments are kept as they were written, malformed ones too', () => {
  const toolCalls = [call('a'), { id: 'b', name: 'weather', argumentsText: '{"n": 12345678901234567890' }];
  expect(toMessages([asked, { role: 'ASSISTANT', content: '', toolCalls }])[1]).toEqual({
    role: 'ASSISTANT',
    parts: [],
    toolCalls: [
      { callId: 'a', name: 'weather', argumentsText: '{"city":"Oslo"}' },
      { callId: 'b', name: 'weather', argumentsText: '{"n": 12345678901234567890' },
    ],
    continuation: null,
  });
});

test('a continuation is what it was', () => {
  const data = [{ signature: '👋"\\', thinking: 'hm' }];
  const continuation = encodeContinuation({ dialect: 'some', data }, 1000) ?? '';
  expect(toMessages([asked, { role: 'ASSISTANT', content: 'Hi.', continuation }])[1]).toMatchObject({
    continuation: { dialect: 'some', data },
  });
  expect(encodeContinuation({ dialect: 'some', data }, continuation.length - 1)).toBe(null);
});

describe('refuses, with the path,', () => {
  const continuation = encodeContinuation({ dialect: 'some', data: 'signed' }, 1000) ?? '';
  const image = { image: { url: 'https://example.com/cat.png' } };
  const refused: Readonly<Record<string, readonly [path: string, ...MessageInput[]]>> = {
    'nothing but blanks': ['messages', { role: 'USER', content: ' ' }, { role: 'USER', parts: [{ text: '\n' }] }],
    'neither content nor parts': ['messages.1.content', asked, { role: 'USER' }],
    'both of them': ['messages.1.parts', asked, { role: 'USER', content: 'a', parts: [{ text: 'b' }] }],
    'no parts': ['messages.1.parts', asked, { role: 'USER', parts: [] }],
    'an answer without anything': ['messages.1.content', asked, { role: 'ASSISTANT', toolCalls: [] }],
    'a picture of the system': ['messages.1.parts.0.image', asked, { role: 'SYSTEM', parts: [image] }],
    'a picture of the assistant': [
      'messages.1.parts.1.image',
      asked,
      { role: 'ASSISTANT', parts: [{ text: 'a' }, image] },
    ],
    'calls of the user': ['messages.1.toolCalls', asked, { role: 'USER', content: 'a', toolCalls: [call('a')] }],
    'a result of the user': ['messages.1.toolCallId', asked, { role: 'USER', content: 'a', toolCallId: 'a' }],
    'a failure of the assistant': ['messages.1.isError', asked, { role: 'ASSISTANT', content: 'a', isError: true }],
    'a continuation of the user': ['messages.0.continuation', { ...asked, continuation }],
    'a mangled continuation': [
      'messages.1.continuation',
      asked,
      { role: 'ASSISTANT', content: 'a', continuation: `${continuation.slice(0, -1)}A` },
    ],
    'a continuation that is none': [
      'messages.1.continuation',
      asked,
      { role: 'ASSISTANT', content: 'a', continuation: '' },
    ],
    'a result without an id': ['messages.2.toolCallId', asked, calls('a'), { role: 'TOOL', content: 'rain' }],
    'a result without a call': ['messages.1.toolCallId', asked, result('a')],
    'a second result': ['messages.3.toolCallId', asked, calls('a'), result('a'), result('a')],
    'a call without a result': ['messages.1.toolCalls.1', asked, calls('a', 'b'), result('a'), asked],
    'a call whose result is missing at the end': ['messages.1.toolCalls.1', asked, calls('a', 'b'), result('a')],
    'the same id twice': ['messages.1.toolCalls.1.id', asked, calls('a', 'a')],
    'arguments in both ways': [
      'messages.1.toolCalls.0.arguments',
      asked,
      { role: 'ASSISTANT', toolCalls: [call('a', { argumentsText: '{}' })] },
    ],
    'no arguments': [
      'messages.1.toolCalls.0.arguments',
      asked,
      { role: 'ASSISTANT', toolCalls: [{ id: 'a', name: 'weather' }] },
    ],
    'arguments that are a list': [
      'messages.1.toolCalls.0.arguments',
      asked,
      { role: 'ASSISTANT', toolCalls: [call('a', { arguments: [] })] },
    ],
  };

  test.for(Object.entries(refused))('%s', ([, [path, ...messages]]) => {
    expect(() => toMessages(messages)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', path: `input.${path}` } }),
    );
  });
});
