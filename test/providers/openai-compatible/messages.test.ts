import { describe, expect, test } from 'vitest';
import type { ChatMessage, Continuation } from '../../../src/providers/chat.ts';
import { PRESETS } from '../../../src/providers/openai-compatible/presets.ts';
import { assistant, linksReadBy, user } from '../../helpers/messages.ts';
import { createAcme } from '../../helpers/openai-server.ts';
import { calling, media, resultOf, sentMessages } from '../../helpers/sent-chat.ts';

const TYPES = Object.keys(PRESETS);
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const WAV = 'data:audio/x-wav;base64,UklGRg==';
const PDF = 'data:application/pdf;base64,JVBERi0=';

const sentCall = (id: string) =>
  `{"id":"${id}","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Oslo\\"}"}}`;
const sentResult = (id: string, content: string) =>
  `{"role":"tool","tool_call_id":"${id}","content":${JSON.stringify(content)}}`;
/** What DeepSeek demands beside each answer of a turn with calls. */
const demanded = (type: string) => (type === 'deepseek' ? '"reasoning_content":"",' : '');

describe('calls and results', () => {
  test.for(TYPES)('of one tool are sent to %s as it wants them', async (type) => {
    const messages = [user('Oslo?'), calling('abcdefgh1'), resultOf('abcdefgh1', '7 °C')];
    expect(await sentMessages({ type }, messages)).toBe(
      `[{"role":"user","content":"Oslo?"},{"role":"assistant","content":null,${demanded(type)}` +
        `"tool_calls":[${sentCall('abcdefgh1')}]},${sentResult('abcdefgh1', '7 °C')}]`,
    );
  });

  test.for(TYPES)('of two tools at once, one of which failed, are sent to %s as it wants them', async (type) => {
    const call = { callId: 'abcdefgh2', name: 'clock', argumentsText: '' };
    const first = { callId: 'abcdefgh1', name: 'weather', argumentsText: '{"city":"Oslo"}' };
    const messages = [
      user('Oslo?'),
      calling('abcdefgh1', { parts: [{ type: 'text', text: 'I look.' }], toolCalls: [first, call] }),
      resultOf('abcdefgh2', 'no clock', { isError: true }),
      resultOf('abcdefgh1', '7 °C'),
      assistant('It is cold.'),
      user('Thanks'),
    ];
    const answer = { role: 'assistant', content: 'It is cold.', ...(type === 'deepseek' && { reasoning_content: '' }) };
    expect(await sentMessages({ type }, messages)).toBe(
      `[{"role":"user","content":"Oslo?"},{"role":"assistant","content":"I look.",${demanded(type)}` +
        `"tool_calls":[${sentCall('abcdefgh1')},{"id":"abcdefgh2","type":"function","function":{"name":"clock","arguments":"{}"}}]},` +
        `${sentResult('abcdefgh2', 'Error: no clock')},${sentResult('abcdefgh1', '7 °C')},` +
        `${JSON.stringify(answer)},{"role":"user","content":"Thanks"}]`,
    );
  });

  test.for<[string, string]>([
    ['{"n": 12345678901234567890}', '{"n": 12345678901234567890}'],
    ['{"n": 1234, ', '{"INVALID_JSON":"{\\"n\\": 1234, "}'],
    ['[1]', '{"INVALID_JSON":"[1]"}'],
  ])('have the arguments %s to the letter, or in an object where they are none', async ([argumentsText, expected]) => {
    const call = { callId: 'c1', name: 'weather', argumentsText };
    const sent = JSON.parse(await sentMessages({}, [calling('c1', { toolCalls: [call] }), resultOf('c1', 'bad')]));
    expect(sent[0].tool_calls[0].function.arguments).toBe(expected);
  });

  test('have ids that Mistral takes: those that fit stay, the others are made to fit in both places', async () => {
    const ids = ['call_1', 'abcdefgh1', 'call-2', 'x'.repeat(300)];
    const toolCalls = ids.map((callId) => ({ callId, name: 'weather', argumentsText: '{}' }));
    const messages = [calling('', { toolCalls }), ...ids.map((id) => resultOf(id, id.slice(0, 9)))];
    const [answer, ...results] = JSON.parse(await sentMessages({ type: 'mistral' }, messages));
    const sent: string[] = answer.tool_calls.map(({ id }: { id: string }) => id);
    expect(new Set(sent).size).toBe(4);
    expect(sent[1]).toBe('abcdefgh1');
    for (const id of sent) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(results.map(({ tool_call_id: id }: { tool_call_id: string }) => id)).toEqual(sent);
    expect(await sentMessages({ type: 'mistral' }, messages)).toBe(JSON.stringify([answer, ...results]));
  });

  test('have ids unlike each other where a fitting one is the digest of another', async () => {
    const made = async (ids: readonly string[]): Promise<string[]> => {
      const toolCalls = ids.map((callId) => ({ callId, name: 'weather', argumentsText: '{}' }));
      const messages = [calling('', { toolCalls }), ...ids.map((id) => resultOf(id, ''))];
      const [answer] = JSON.parse(await sentMessages({ toolCallIdLength: 9 }, messages));
      return answer.tool_calls.map(({ id }: { id: string }) => id);
    };
    const [digest = ''] = await made(['call_1']);
    const [first, second] = await made(['call_1', digest]);
    expect(second).toBe(digest);
    expect(first).not.toBe(digest);
  });
});

describe('media', () => {
  const parts: ChatMessage = {
    role: 'USER',
    parts: [
      { type: 'text', text: 'What is this?' },
      media('image', PIXEL),
      { type: 'text', text: '' },
      media('image', 'https://images.example/1.png', { detail: 'HIGH' }),
      media('audio', WAV),
      media('audio', 'data:;base64,SUQz', { mediaType: 'audio/mpeg' }),
      media('file', PDF),
      media('file', PDF, { name: 'report.pdf' }),
    ],
  };
  const pictures =
    `{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"${PIXEL}"}},` +
    '{"type":"image_url","image_url":{"url":"https://images.example/1.png","detail":"high"}}';

  test.for(TYPES.filter((type) => type !== 'mistral'))('are parts of the content to %s', async (type) => {
    expect(await sentMessages({ type }, [parts])).toBe(
      `[{"role":"user","content":[${pictures},{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},` +
        '{"type":"input_audio","input_audio":{"data":"SUQz","format":"mp3"}},' +
        `{"type":"file","file":{"filename":"file.pdf","file_data":"${PDF}"}},` +
        `{"type":"file","file":{"filename":"report.pdf","file_data":"${PDF}"}}]}]`,
    );
  });

  test('are parts of its own kind to Mistral', async () => {
    expect(await sentMessages({ type: 'mistral' }, [parts])).toBe(
      `[{"role":"user","content":[${pictures},{"type":"input_audio","input_audio":"UklGRg=="},` +
        '{"type":"input_audio","input_audio":"SUQz"},' +
        `{"type":"document_url","document_url":"${PDF}","document_name":"file.pdf"},` +
        `{"type":"document_url","document_url":"${PDF}","document_name":"report.pdf"}]}]`,
    );
  });

  test('that are linked to are called as in the link, where that tells', async () => {
    const parts = ['https://files.example/a/paper.pdf?v=1', 'https://files.example/download'].map((url) =>
      media('file', url),
    );
    expect(await sentMessages({ type: 'openrouter' }, [{ role: 'USER', parts }])).toBe(
      '[{"role":"user","content":[' +
        '{"type":"file","file":{"filename":"paper.pdf","file_data":"https://files.example/a/paper.pdf?v=1"}},' +
        '{"type":"file","file":{"filename":"file.bin","file_data":"https://files.example/download"}}]}]',
    );
  });

  test('that are text are sent as text, which each model reads', async () => {
    const url = `data:text/markdown;charset=utf-8;base64,${Buffer.from('# Grüße').toString('base64')}`;
    const message: ChatMessage = { role: 'USER', parts: [media('file', url, { name: 'notes.md' })] };
    expect(await sentMessages({}, [message])).toBe(
      '[{"role":"user","content":[{"type":"text","text":"notes.md:\\n\\n# Grüße"}]}]',
    );
  });

  test('of results stand in one message behind all of them', async () => {
    const toolCalls = ['c1', 'c2'].map((callId) => ({ callId, name: 'weather', argumentsText: '{"city":"Oslo"}' }));
    const messages = [
      calling('', { toolCalls }),
      resultOf('c1', '', { parts: [media('image', PIXEL)] }),
      resultOf('c2', '', { parts: [{ type: 'text', text: 'No map' }, media('file', PDF)], isError: true }),
    ];
    expect(await sentMessages({}, messages)).toBe(
      `[{"role":"assistant","content":null,"tool_calls":[${sentCall('c1')},${sentCall('c2')}]},` +
        `${sentResult('c1', 'see the message behind the results')},${sentResult('c2', 'Error: No map')},` +
        '{"role":"user","content":[{"type":"text","text":"From the result of weather:"},' +
        `{"type":"image_url","image_url":{"url":"${PIXEL}"}},{"type":"text","text":"From the result of weather:"},` +
        `{"type":"file","file":{"filename":"file.pdf","file_data":"${PDF}"}}]}]`,
    );
  });

  test('of results stand in them where the server takes them there, as Mistral does', async () => {
    const parts = [{ type: 'text', text: 'A map' } as const, media('image', PIXEL)];
    const [, result, ...others] = JSON.parse(
      await sentMessages({ type: 'mistral' }, [calling('abcdefgh1'), resultOf('abcdefgh1', '', { parts })]),
    );
    expect(result.content).toEqual([
      { type: 'text', text: 'A map' },
      { type: 'image_url', image_url: { url: PIXEL } },
    ]);
    expect(others).toEqual([]);
  });

  test.for([
    ['openai', ['image']],
    ['openrouter', ['image', 'file']],
    ['mistral', ['image', 'file']],
    ['vllm', ['image']],
    ['ollama', []],
    ['llamacpp', []],
    ['lmstudio', []],
  ] as const)('are read by %s itself as far as it can', ([type, linkedMedia]) => {
    const entry = { type, api: 'chat', apiKey: 'key-0123456789', baseUrl: 'http://127.0.0.1:1' };
    expect(linksReadBy(createAcme(entry))).toEqual(linkedMedia);
    expect(linksReadBy(createAcme({ ...entry, linkedMedia: ['audio'] }))).toEqual(['audio']);
  });
});

describe('a continuation', () => {
  const reasoning = (data: unknown): Continuation => ({ dialect: 'chat-completions/reasoning_content', data });
  const details = (data: unknown): Continuation => ({ dialect: 'chat-completions/reasoning_details', data });
  const thinking = (data: unknown): Continuation => ({ dialect: 'chat-completions/thinking', data });
  const said = (text: string, continuation: Continuation): ChatMessage => ({
    role: 'ASSISTANT',
    parts: [{ type: 'text', text }],
    toolCalls: [],
    continuation,
  });
  const result = sentResult('abcdefgh1', '7 °C');
  const called = (continuation: Continuation, more: object = {}) => [
    calling('abcdefgh1', { continuation, ...more }),
    resultOf('abcdefgh1', '7 °C'),
  ];
  const answerWithCall = (between: string, content = 'null') =>
    `{"role":"assistant","content":${content},${between}"tool_calls":[${sentCall('abcdefgh1')}]}`;

  test('is reasoning between calls to DeepSeek, and none in turns without them', async () => {
    const messages = [
      user('Hi'),
      said('Hello', reasoning('I greet.')),
      user('Oslo?'),
      ...called(reasoning('I call.')),
      ...called(reasoning('')),
      said('Cold', reasoning('I tell.')),
      user('Bye'),
    ];
    expect(await sentMessages({ type: 'deepseek' }, messages)).toBe(
      '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":"Oslo?"},' +
        `${answerWithCall('"reasoning_content":"I call.",')},${result},${answerWithCall('"reasoning_content":"",')},${result},` +
        '{"role":"assistant","content":"Cold","reasoning_content":"I tell."},{"role":"user","content":"Bye"}]',
    );
  });

  test('is a list that goes back to OpenRouter as it came', async () => {
    const list = [
      { type: 'reasoning.text', text: 'Hm', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0, id: null },
      { type: 'reasoning.encrypted', data: 'ZGF0YQ==', of: { any: [1, true] } },
    ];
    expect(await sentMessages({ type: 'openrouter' }, [...called(details(list)), said('Hi', details(list))])).toBe(
      `[${answerWithCall(`"reasoning_details":${JSON.stringify(list)},`)},${result},` +
        `{"role":"assistant","content":"Hi","reasoning_details":${JSON.stringify(list)}}]`,
    );
  });

  test('is thinking between the pieces of the text to Mistral', async () => {
    const think = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }], closed: true });
    const blocks = [think('one'), 3, think('two'), 0, 2];
    const content = JSON.stringify([
      think('one'),
      { type: 'text', text: 'Hel' },
      think('two'),
      { type: 'text', text: 'lo' },
    ]);
    expect(await sentMessages({ type: 'mistral' }, [said('Hello', thinking(blocks))])).toBe(
      `[{"role":"assistant","content":${content}}]`,
    );
    expect(await sentMessages({ type: 'mistral' }, called(thinking([think('one')])))).toBe(
      `[${answerWithCall('', JSON.stringify([think('one')]))},${result}]`,
    );
  });

  test.for([
    ['another dialect', 'openrouter', reasoning('Hm')],
    ['a dialect of elsewhere', 'mistral', { dialect: 'anthropic', data: [1] }],
    ['no list', 'openrouter', details('Hm')],
    [
      'a list of something else',
      'openrouter',
      details([{ type: 'image_url', image_url: { url: 'http://127.0.0.1' } }]),
    ],
    ['parts of something else', 'mistral', thinking([{ type: 'image_url', image_url: 'http://127.0.0.1' }, 5])],
    ['a text that was edited', 'mistral', thinking([{ type: 'thinking', thinking: [] }, 4])],
    [
      'depth without end',
      'openrouter',
      details([{ type: 'reasoning.text', a: JSON.parse('['.repeat(9999) + ']'.repeat(9999)) }]),
    ],
    ['reasoning, to a server that wants none', 'openai', reasoning('Hm')],
    ['reasoning in an entry that wants none', 'none', details([{ type: 'reasoning.text', text: 'Hm' }])],
  ] as const)('of %s is left out', async ([_title, type, continuation]) => {
    const entry = type === 'none' ? { type: 'openrouter', reasoningHistory: 'none' } : { type };
    expect(await sentMessages(entry, [said('Hello', continuation)])).toBe('[{"role":"assistant","content":"Hello"}]');
  });

  test('that does not fit leaves the field that DeepSeek demands', async () => {
    expect(await sentMessages({ type: 'deepseek' }, called(reasoning({ text: 'Hm' })))).toBe(
      `[${answerWithCall('"reasoning_content":"",')},${result}]`,
    );
  });
});
