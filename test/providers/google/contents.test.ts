import { describe, expect, test } from 'vitest';
import type { ChatMessage, ChatPart, Continuation } from '../../../src/providers/chat.ts';
import { ask, MODEL, standIn, startGemini } from '../../helpers/google-server.ts';
import { assistant, system, user } from '../../helpers/messages.ts';
import { collect } from '../../helpers/provider-suite.ts';
import { media, resultOf } from '../../helpers/sent-chat.ts';

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;
type Call = readonly [callId: string, name: string, argumentsText: string];

const answer = (text: string, calls: readonly Call[], continuation: Continuation | null = null): Answer => ({
  role: 'ASSISTANT',
  parts: text === '' ? [] : [{ type: 'text', text }],
  toolCalls: calls.map(([callId, name, argumentsText]) => ({ callId, name, argumentsText })),
  continuation,
});

/** What a history is sent as, once the stand-in has taken it. */
async function sentOf(messages: readonly ChatMessage[], model = MODEL, before: Parameters<typeof standIn>[1] = []) {
  const { upstream, provider } = await startGemini(standIn([[{ text: 'Hello' }]], before));
  await collect(ask(provider, { messages, model }));
  const { contents, systemInstruction } = JSON.parse((await upstream.exchange()).body);
  return { contents, systemInstruction };
}

const contentsOf = async (messages: readonly ChatMessage[], model?: string) => (await sentOf(messages, model)).contents;
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const SKIP = 'skip_thought_signature_validator';

describe('messages', () => {
  test('of the system are one instruction, wherever they stand', async () => {
    expect(await sentOf([system('Be brief.'), user('Hi'), system('Be kind.')])).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    });
  });

  test('of the system stand before what the user says for Gemma, and where nothing else is said', async () => {
    const parts = [{ text: 'Be brief.' }, { text: 'Hi' }];
    expect(await sentOf([system('Be brief.'), user('Hi')], 'gemma-3-27b-it')).toEqual({
      contents: [{ role: 'user', parts }],
    });
    expect(await sentOf([system('Be brief.')])).toEqual({ contents: [{ role: 'user', parts: parts.slice(0, 1) }] });
    const afterwards = [assistant('Hm'), user('Hi'), system('Be brief.')];
    expect(await contentsOf(afterwards, 'gemma-3-27b-it')).toEqual([
      { role: 'model', parts: [{ text: 'Hm' }] },
      { role: 'user', parts },
    ]);
  });

  test('of one role become one, and empty ones none', async () => {
    expect(await contentsOf([user('a'), user(''), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }, { text: 'd' }] },
      { role: 'user', parts: [{ text: 'e' }] },
    ]);
  });

  test('have media within them, and links that are read there', async () => {
    const youtube = 'https://www.youtube.com/watch?v=9hE5-98ZeCg';
    const file = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
    const parts = [
      { type: 'text' as const, text: 'See' },
      media('image', PNG),
      media('audio', 'data:audio/wav;base64,UklGRg==', { mediaType: 'audio/wav; rate=16000' }),
      media('file', 'data:application/pdf;base64,JVBERg==', { name: 'a.pdf' }),
      media('file', youtube),
      media('file', file, { mediaType: 'video/mp4' }),
    ];
    expect(await contentsOf([{ role: 'USER', parts }])).toEqual([
      {
        role: 'user',
        parts: [
          { text: 'See' },
          { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
          { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } },
          { inlineData: { mimeType: 'application/pdf', data: 'JVBERg==' } },
          { fileData: { fileUri: youtube } },
          { fileData: { mimeType: 'video/mp4', fileUri: file } },
        ],
      },
    ]);
  });

  test('with other links are refused before anything is sent', async () => {
    const { upstream, provider } = await startGemini(standIn([]));
    const messages: ChatMessage[] = [{ role: 'USER', parts: [media('image', 'https://example.com/a.png')] }];
    expect(() => ask(provider, { messages })).toThrow(expect.objectContaining({ code: 'REJECTED' }));
    expect(upstream.exchanges).toEqual([]);
  });
});

describe('calls and their results', () => {
  const calls = answer('Let me see.', [
    ['c1', 'weather', '{"city":"Oslo"}'],
    ['c2', 'weather', ''],
  ]);

  test('of another model come with the value that lets them pass, and results as one', async () => {
    const results = [resultOf('c2', '{"degrees":21}'), resultOf('c1', 'no such city', { isError: true })];
    expect(await contentsOf([user('Hi'), calls, ...results, user('And?')])).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      {
        role: 'model',
        parts: [
          { text: 'Let me see.' },
          { functionCall: { id: 'c1', name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: SKIP },
          { functionCall: { id: 'c2', name: 'weather', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c2', name: 'weather', response: { output: { degrees: 21 } } } },
          { functionResponse: { id: 'c1', name: 'weather', response: { error: 'no such city' } } },
          { text: 'And?' },
        ],
      },
    ]);
  });

  test('need no such value before Gemini 3', async () => {
    const contents = await contentsOf(
      [user('Hi'), calls, resultOf('c1', '1'), resultOf('c2', '2')],
      'gemini-2.5-flash',
    );
    expect(JSON.stringify(contents)).not.toContain('thoughtSignature');
  });

  test('have objects within them, whatever was written', async () => {
    const odd = answer('', [
      ['a', 'weather', '{"city":'],
      ['b', 'weather', '[1]'],
    ]);
    const contents = await contentsOf([user('Hi'), odd, resultOf('a', '[1,2]'), resultOf('b', '7')]);
    expect(contents[1].parts.map(({ functionCall }: { functionCall: { args: object } }) => functionCall.args)).toEqual([
      { INVALID_JSON: '{"city":' },
      { INVALID_JSON: '[1]' },
    ]);
    const told = contents[2].parts.map(
      (part: { functionResponse: { response: object } }) => part.functionResponse.response,
    );
    expect(told).toEqual([{ output: [1, 2] }, { output: '7' }]);
  });

  const picture = resultOf('c1', 'Here:', { parts: [{ type: 'text', text: 'Here:' }, media('image', PNG)] });
  const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };

  test('hold media where the model takes them there', async () => {
    const contents = await contentsOf([user('Hi'), calls, picture, resultOf('c2', 'x')]);
    expect(contents[2].parts[0].functionResponse).toEqual({
      id: 'c1',
      name: 'weather',
      response: { output: 'Here:' },
      parts: [{ inlineData }],
    });
  });

  test('have media behind them where it does not', async () => {
    const contents = await contentsOf([user('Hi'), calls, picture, resultOf('c2', 'x')], 'gemini-2.5-flash');
    expect(contents[2].parts.slice(2)).toEqual([{ text: 'From the result of weather:' }, { inlineData }]);
  });
});

describe('an answer that is seen again', () => {
  const given = [
    { text: 'Thinking of Oslo.', thought: true },
    { text: 'First, ' },
    { text: 'the weather.', thoughtSignature: 'sig-text' },
    { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'sig-code' },
    { functionCall: { name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 'sig-call' },
    { functionCall: { id: 'g2', name: 'weather', args: {} } },
    { text: '', thoughtSignature: 'sig-end' },
  ];

  async function answered(): Promise<{ readonly message: Answer; readonly results: readonly ChatMessage[] }> {
    const { provider } = await startGemini(standIn([given]));
    const parts = await collect(ask(provider));
    const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
    const calls = parts.filter((part) => part.type === 'tool-call');
    const finish = parts.at(-1) as Extract<ChatPart, { type: 'finish' }>;
    const message = answer(
      text,
      calls.map(({ callId, name, argumentsText }) => [callId, name, argumentsText]),
      finish.continuation ?? null,
    );
    return { message, results: calls.map(({ callId }) => resultOf(callId, 'Sunny')) };
  }

  test('is as it was, each signature in its place, though it has been outside', async () => {
    const { message, results } = await answered();
    const continuation = JSON.parse(JSON.stringify(message.continuation));
    const { contents } = await sentOf([user('Hello'), { ...message, continuation }, ...results], MODEL, [given]);
    expect(contents[1].parts).toEqual(given.slice(1));
    expect(contents[2].parts).toEqual([
      { functionResponse: { name: 'weather', response: { output: 'Sunny' } } },
      { functionResponse: { id: 'g2', name: 'weather', response: { output: 'Sunny' } } },
    ]);
  });

  test.for<[string, (message: Answer) => Partial<Answer>]>([
    ['of another dialect', ({ continuation }) => ({ continuation: { dialect: 'other', data: continuation?.data } })],
    ['that has another text now', () => ({ parts: [{ type: 'text', text: 'Another' }] })],
    ['that is no list', () => ({ continuation: { dialect: 'google', data: 5 } })],
    ['that is empty', () => ({ continuation: { dialect: 'google', data: [] } })],
    ['of another shape', () => ({ continuation: { dialect: 'google', data: [{ text: -1 }] } })],
    [
      'with calls that were none',
      () => ({ continuation: { dialect: 'google', data: [{ part: { functionCall: { name: 'x', args: {} } } }] } }),
    ],
    ['without its calls', () => ({ continuation: { dialect: 'google', data: [{ text: 19, signature: 'x' }] } })],
    [
      'with other calls',
      () => ({ continuation: { dialect: 'google', data: [{ text: 19 }, { call: 'x' }, { call: 'y' }] } }),
    ],
    [
      'too deep',
      () => ({
        continuation: {
          dialect: 'google',
          data: [{ text: 19 }, { call: null }, { call: null }, { part: { a: deep(20) } }],
        },
      }),
    ],
  ])('is as any other where it has one %s', async ([_title, change]) => {
    const { message, results } = await answered();
    const changed = { ...message, ...change(message) };
    const [, { parts }] = await contentsOf([user('Hello'), changed, ...results]);
    const [text] = changed.parts;
    expect(parts).toEqual([
      { text: text?.text },
      {
        functionCall: { id: expect.stringMatching(/^call_/), name: 'weather', args: { city: 'Oslo' } },
        thoughtSignature: SKIP,
      },
      { functionCall: { id: 'g2', name: 'weather', args: {} } },
    ]);
  });
});

function deep(levels: number): unknown {
  return levels === 0 ? 1 : [deep(levels - 1)];
}
