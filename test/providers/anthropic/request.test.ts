import { describe, expect, test } from 'vitest';
import type { ChatMessage, ChatRequest, MediaPart } from '../../../src/providers/chat.ts';
import { answerEvents, answerWith, ask, MODEL, startClaude } from '../../helpers/anthropic-server.ts';
import type { Exchange } from '../../helpers/fake-upstream.ts';
import { assistant, system, user } from '../../helpers/messages.ts';
import { collect } from '../../helpers/provider-suite.ts';

const hello = answerWith(...answerEvents([{ type: 'text', text: 'Hello' }], 'end_turn'));

async function exchangeOf(request: Partial<ChatRequest> = {}, entry: object = {}): Promise<Exchange> {
  const { upstream, provider } = await startClaude(hello, entry);
  await collect(ask(provider, request));
  return upstream.exchange();
}

async function bodyOf(request: Partial<ChatRequest> = {}, entry: object = {}) {
  return JSON.parse((await exchangeOf(request, entry)).body);
}

const SONNET = 'claude-sonnet-4-5';
const HAIKU = 'claude-3-5-haiku-latest';

const calling = (...toolCalls: readonly [callId: string, name: string, argumentsText: string][]): ChatMessage => ({
  role: 'ASSISTANT',
  parts: [],
  toolCalls: toolCalls.map(([callId, name, argumentsText]) => ({ callId, name, argumentsText })),
  continuation: null,
});
const result = (callId: string, text: string, isError = false): ChatMessage => ({
  role: 'TOOL',
  callId,
  name: 'weather',
  parts: [{ type: 'text', text }],
  isError,
});
const block = (text: string) => ({ type: 'text', text });

describe('a request', () => {
  test('holds the messages, the longest answer, and no option that was not given', async () => {
    const { method, url, headers, body } = await exchangeOf({}, { apiKey: 'sk-ant-0123' });
    expect(`${method} ${url}`).toBe('POST /messages');
    expect(headers).toMatchObject({
      accept: 'text/event-stream, application/json',
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'x-api-key': 'sk-ant-0123',
    });
    expect(headers).not.toHaveProperty('anthropic-beta');
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.parse(body)).toEqual({
      model: MODEL,
      max_tokens: 128_000,
      messages: [{ role: 'user', content: [block('Hello')] }],
      stream: true,
    });
  });

  test('holds the options that were given, zero too', async () => {
    const options = { temperature: 0, topP: 0.5, topK: 40, maxTokens: 20, stop: ['END'] };
    expect(await bodyOf(options)).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      top_k: 40,
      max_tokens: 20,
      stop_sequences: ['END'],
    });
  });

  test.for([
    ['as configured', { name: 'acme', capabilities: { maxOutputTokens: 500 } }, 500],
    ['of the model that it is like', { name: 'acme', like: 'claude-opus-4-1' }, 32_000],
    ['4096, where nothing is known', { name: 'acme' }, 4096],
  ] as const)('has a longest answer %s', async ([_title, model, expected]) => {
    expect(await bodyOf({ model: 'acme' }, { models: [model] })).toMatchObject({ max_tokens: expected });
  });

  test('holds what the caller wants sent as well, behind what we send', async () => {
    const providerOptions = {
      cache_control: { type: 'ephemeral' },
      model: 'another',
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      output_config: { task_budget: 5, effort: 'low' },
    };
    const tools = [{ name: 'now' }];
    expect(await bodyOf({ providerOptions, tools, reasoningEffort: 'HIGH' })).toMatchObject({
      cache_control: { type: 'ephemeral' },
      model: MODEL,
      tools: [{ name: 'now' }, { name: 'web_search' }],
      output_config: { task_budget: 5, effort: 'high' },
    });
  });

  test('names what is not in general use in one header', async () => {
    const tools = [{ name: 'now', strict: true }];
    const headers = { 'Anthropic-Beta': 'context-1m-2025-08-07' };
    expect((await exchangeOf({ tools }, { headers })).headers['anthropic-beta']).toBe(
      'context-1m-2025-08-07,structured-outputs-2025-11-13',
    );
    expect((await exchangeOf({}, { headers })).headers['anthropic-beta']).toBe('context-1m-2025-08-07');
  });
});

describe('messages', () => {
  const messagesOf = async (...messages: readonly ChatMessage[]) => {
    const { system, messages: sent } = await bodyOf({ messages });
    return { system, messages: sent };
  };

  test('of the system stand together, wherever they were', async () => {
    expect(await messagesOf(system('Be brief.'), user('Hi'), system('Be kind.'))).toEqual({
      system: [block('Be brief.'), block('Be kind.')],
      messages: [{ role: 'user', content: [block('Hi')] }],
    });
  });

  test('of one role become one, and blank ones none', async () => {
    const { messages } = await messagesOf(user('a'), user(' \n'), user('b'), assistant('c'), assistant('d'), user('e'));
    expect(messages).toEqual([
      { role: 'user', content: [block('a'), block('b')] },
      { role: 'assistant', content: [block('c'), block('d')] },
      { role: 'user', content: [block('e')] },
    ]);
  });

  test('end in no blanks where the answer has been begun', async () => {
    const { messages } = await messagesOf(user('a'), assistant('The sky is \n'));
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: [block('The sky is')] });
  });

  test('hold calls, and their results first in one message', async () => {
    const { messages } = await messagesOf(
      user('Weather?'),
      calling(['toolu_1', 'weather', '{"city":"Oslo"}'], ['toolu_2', 'now', '']),
      result('toolu_1', 'Rain'),
      result('toolu_2', 'No clock', true),
      user('Well?'),
    );
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
          { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: [block('Rain')] },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: [block('No clock')], is_error: true },
          block('Well?'),
        ],
      },
    ]);
  });

  test('have ids and names that Anthropic takes, and arguments in an object', async () => {
    const { messages } = await messagesOf(
      user('Weather?'),
      calling(['functions.weather:0', 'get weather', '{"city":']),
      result('functions.weather:0', 'What?', true),
      calling(['functions.weather:0', 'weather', '[]']),
      result('functions.weather:0', 'What?', true),
    );
    const blocks = messages.flatMap(({ content }: { content: object[] }) => content).slice(1);
    expect(blocks).toMatchObject([
      { id: 'functions_weather_0', name: 'get_weather', input: { INVALID_JSON: '{"city":' } },
      { tool_use_id: 'functions_weather_0' },
      { id: 'functions_weather_0_2', name: 'weather', input: { INVALID_JSON: '[]' } },
      { tool_use_id: 'functions_weather_0_2' },
    ]);
  });

  test('hold pictures and files', async () => {
    const media = (type: MediaPart['type'], url: string, more: Partial<MediaPart> = {}): MediaPart => ({
      ...{ type, url, mediaType: null, name: null, detail: null },
      ...more,
    });
    const parts = [
      media('image', 'data:image/png;base64,iVBORw0K'),
      media('image', 'https://images.example/1.jpg', { detail: 'HIGH' }),
      media('file', 'data:application/pdf;base64,JVBERi0=', { name: 'a.pdf' }),
      media('file', 'https://files.example/b.pdf'),
      media('file', 'data:text/csv;charset=utf-8;base64,w7wsMQ==', { name: 'c.csv' }),
    ];
    const { messages } = await messagesOf({ role: 'USER', parts });
    expect(messages[0].content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' } },
      { type: 'image', source: { type: 'url', url: 'https://images.example/1.jpg' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }, title: 'a.pdf' },
      { type: 'document', source: { type: 'url', url: 'https://files.example/b.pdf' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ü,1' }, title: 'c.csv' },
    ]);
  });
});

describe('an earlier answer', () => {
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
  const answer = { role: 'ASSISTANT', parts: [{ type: 'text', text: 'So: ok' }], toolCalls: [] } as const;
  const plain = [block('So: ok')];
  let deep: unknown = 'x';
  for (let depth = 0; depth < 20; depth++) deep = [deep];

  test.for<[string, unknown, object[], string?]>([
    [
      'is as it was',
      [thinking, 4, { type: 'redacted_thinking', data: 'x' }, 2],
      [thinking, block('So: '), { type: 'redacted_thinking', data: 'x' }, block('ok')],
    ],
    ['has no blank texts', [{ ...thinking, thinking: '' }, 0, 6], [{ ...thinking, thinking: '' }, ...plain]],
    ['of another dialect is what it says', [thinking, 6], plain, 'chat-completions/thinking'],
    ['of another length is what it says', [thinking, 5], plain],
    ['with another call is what it says', [thinking, 6, 'toolu_1'], plain],
    ['of other data is what it says', { thinking }, plain],
    ['of nothing is what it says', [], plain],
    ['with a block that a message has is what it says', [{ type: 'text', text: 'Yes' }, 6], plain],
    ['that is deeper than any is what it says', [{ type: 'thinking', thinking: deep }, 6], plain],
  ])('%s', async ([_title, data, expected, dialect = 'anthropic']) => {
    const { messages } = await bodyOf({
      messages: [user('Hi'), { ...answer, continuation: { dialect, data } }, user('Go')],
    });
    expect(messages[1]).toEqual({ role: 'assistant', content: expected });
  });
});

describe('thinking', () => {
  test.for([
    [
      'claude-opus-5',
      'LOW',
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
    ],
    ['claude-next', 'MAX', { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'max' } }],
    ['claude-opus-5', 'NONE', { thinking: { type: 'disabled' } }],
    [SONNET, 'MINIMAL', { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    [SONNET, 'HIGH', { thinking: { type: 'enabled', budget_tokens: 32_000 } }],
    [SONNET, 'MAX', { thinking: { type: 'enabled', budget_tokens: 48_000 } }],
    [SONNET, 'NONE', { thinking: { type: 'disabled' } }],
    [HAIKU, 'NONE', {}],
  ] as const)('of %s, %s', async ([model, reasoningEffort, expected]) => {
    const { thinking, output_config } = await bodyOf({ model, reasoningEffort });
    expect({ thinking, output_config }).toEqual({ thinking: undefined, output_config: undefined, ...expected });
  });

  test('is less than the longest answer', async () => {
    const { max_tokens, thinking } = await bodyOf({ model: SONNET, reasoningEffort: 'MAX', maxTokens: 2000 });
    expect([max_tokens, thinking.budget_tokens]).toEqual([2000, 1500]);
  });

  test('is left out where it has a budget and another model called the tools', async () => {
    const messages = [user('Weather?'), calling(['a', 'weather', '{}']), result('a', 'Rain')];
    const options = { reasoningEffort: 'HIGH', messages } as const;
    expect(await bodyOf({ model: SONNET, ...options })).not.toHaveProperty('thinking');
    expect(await bodyOf({ model: 'claude-opus-5', ...options })).toHaveProperty('thinking');
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string', maxLength: 5 } }, required: ['city'] };
  const tools = [{ name: 'weather', description: 'Tells it.', parameters }, { name: 'now' }];

  test('are offered', async () => {
    expect((await bodyOf({ tools })).tools).toEqual([
      { name: 'weather', description: 'Tells it.', input_schema: parameters },
      { name: 'now', input_schema: { type: 'object', properties: {}, additionalProperties: false } },
    ]);
    expect(await bodyOf({ tools })).not.toHaveProperty('tool_choice');
  });

  test('that are strict have a schema that the model can be held to', async () => {
    const [tool] = (await bodyOf({ tools: [{ name: 'weather', parameters, strict: true }] })).tools;
    expect(tool).toEqual({
      name: 'weather',
      strict: true,
      input_schema: {
        type: 'object',
        properties: { city: { type: 'string', description: '{"maxLength":5}' } },
        required: ['city'],
        additionalProperties: false,
      },
    });
  });

  test.for([
    [{ toolChoice: { mode: 'AUTO' } }, { type: 'auto' }],
    [{ toolChoice: { mode: 'NONE' } }, { type: 'none' }],
    [{ toolChoice: { mode: 'REQUIRED' } }, { type: 'any' }],
    [{ toolChoice: { tool: 'now' } }, { type: 'tool', name: 'now' }],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { toolChoice: { mode: 'REQUIRED' }, parallelToolCalls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
    [{ toolChoice: { mode: 'NONE' }, parallelToolCalls: false }, { type: 'none' }],
    [{ parallelToolCalls: true }, undefined],
  ] as const)('are chosen by %j', async ([options, expected]) => {
    expect((await bodyOf({ tools, ...options })).tool_choice).toEqual(expected);
  });

  test('of a history are told where there are none to call', async () => {
    const messages = [user('Weather?'), calling(['a', 'weather', '{}']), result('a', 'Rain')];
    expect(await bodyOf({ messages })).toMatchObject({
      tools: [{ name: 'weather', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
  });
});

describe('an answer in JSON', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
  const responseFormat = { type: 'JSON_SCHEMA', description: 'A number.', schema } as const;

  test('is held to what the model can be held to of a schema', async () => {
    expect((await bodyOf({ responseFormat })).output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: '{"minimum":1}' } },
          additionalProperties: false,
        },
      },
    });
  });

  test('is what a tool is called with, in older models', async () => {
    expect(await bodyOf({ model: HAIKU, responseFormat })).toMatchObject({
      tools: [{ name: 'answer', description: 'A number.', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'answer' },
    });
  });

  test.for([
    [undefined, { type: 'any' }],
    [{ mode: 'AUTO' }, { type: 'any' }],
    [{ mode: 'NONE' }, { type: 'tool', name: 'answer_' }],
    [{ tool: 'answer' }, { type: 'tool', name: 'answer' }],
  ] as const)('is one more tool beside others, chosen by %j', async ([toolChoice, expected]) => {
    const tools = [{ name: 'answer' }];
    const body = await bodyOf({ model: HAIKU, responseFormat, tools, toolChoice });
    expect(body.tools.map(({ name }: { name: string }) => name)).toEqual(['answer', 'answer_']);
    expect(body.tool_choice).toEqual(expected);
  });

  test('without a schema is asked for in words', async () => {
    const { system: told } = await bodyOf({ responseFormat: { type: 'JSON' }, messages: [system('Hi'), user('Go')] });
    expect(told).toEqual([block('Hi'), block('Answer in JSON alone, without a code block.')]);
  });
});
