import { describe, expect, test } from 'vitest';
import type { ChatMessage, ChatRequest, Continuation } from '../../../src/providers/chat.ts';
import { assistant, system, user } from '../../helpers/messages.ts';
import { collect } from '../../helpers/provider-suite.ts';
import { answerWith, ask, end, startResponses, textDelta } from '../../helpers/responses-server.ts';
import { calling, media, resultOf } from '../../helpers/sent-chat.ts';

/** The body that a chat is sent as. */
async function bodyOf(request: Partial<ChatRequest>, entry: object = {}) {
  const { upstream, provider } = await startResponses(answerWith(textDelta('Hi'), end()), entry);
  await collect(ask(provider, request));
  const { url, body } = await upstream.exchange();
  expect(url).toBe('/responses');
  return JSON.parse(body);
}

const inputOf = async (messages: readonly ChatMessage[]) => (await bodyOf({ messages })).input;
const said = (role: string, text: string) => ({ role, content: [{ type: 'input_text', text }] });
const answered = (text: string) => ({ role: 'assistant', content: [{ type: 'output_text', text }] });
const PLAIN = { model: 'gpt-4o', stream: true, store: false };

describe('a chat of words', () => {
  test('has nothing in it that is not asked for', async () => {
    expect(await bodyOf({ model: 'gpt-4o', messages: [system('Be brief.'), user('Hello')] })).toEqual({
      ...PLAIN,
      input: [said('system', 'Be brief.'), said('user', 'Hello')],
    });
  });

  test('asks a model that reasons as its developer, for what it wants to see again', async () => {
    expect(await bodyOf({ messages: [system('Be brief.'), assistant('Yes.'), user('')] })).toEqual({
      ...{ model: 'gpt-5.4', stream: true, store: false, include: ['reasoning.encrypted_content'] },
      input: [said('developer', 'Be brief.'), answered('Yes.'), said('user', '')],
    });
  });

  test('has the options that there are fields for', async () => {
    const { input, ...body } = await bodyOf({ model: 'gpt-4o', temperature: 0, topP: 0.5, maxTokens: 20 });
    expect(body).toEqual({ ...PLAIN, temperature: 0, top_p: 0.5, max_output_tokens: 20 });
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const tools = [{ name: 'weather', description: 'Tells it.', parameters, strict: true }, { name: 'now' }];

  test('are flat, and strict only where they are said to be', async () => {
    const body = await bodyOf({ tools, parallelToolCalls: false });
    expect(body).toMatchObject({ parallel_tool_calls: false });
    expect(body).not.toHaveProperty('tool_choice');
    expect(body.tools).toEqual([
      { type: 'function', name: 'weather', description: 'Tells it.', parameters, strict: true },
      {
        ...{ type: 'function', name: 'now', strict: false },
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
    ]);
  });

  test.for([
    [{ mode: 'AUTO' }, 'auto'],
    [{ mode: 'NONE' }, 'none'],
    [{ mode: 'REQUIRED' }, 'required'],
    [{ tool: 'now' }, { type: 'function', name: 'now' }],
  ] as const)('are chosen by %j', async ([toolChoice, expected]) => {
    expect((await bodyOf({ tools, toolChoice })).tool_choice).toEqual(expected);
    expect(await bodyOf({ toolChoice, parallelToolCalls: true })).not.toHaveProperty('tool_choice');
  });

  test('are called and answered in items of their own', async () => {
    const picture = media('image', 'https://images.example/1.png', { detail: 'LOW' });
    const long = `toolu_${'x'.repeat(80)}`;
    const input = await inputOf([
      calling('call_1', { parts: [{ type: 'text', text: 'Let me see.' }] }),
      resultOf('call_1', 'Rain'),
      calling(long, { toolCalls: [{ callId: long, name: 'now', argumentsText: '' }] }),
      resultOf(long, 'broken', { isError: true }),
      calling('call_3'),
      resultOf('call_3', 'A map:', { parts: [{ type: 'text', text: 'A map:' }, picture] }),
    ]);
    const id = long.slice(0, 64);
    const weather = { type: 'function_call', name: 'weather', arguments: '{"city":"Oslo"}' };
    const map = [
      { type: 'input_text', text: 'A map:' },
      { type: 'input_image', image_url: 'https://images.example/1.png', detail: 'low' },
    ];
    expect(input).toEqual([
      answered('Let me see.'),
      { ...weather, call_id: 'call_1' },
      { type: 'function_call_output', call_id: 'call_1', output: 'Rain' },
      { type: 'function_call', call_id: id, name: 'now', arguments: '{}' },
      { type: 'function_call_output', call_id: id, output: 'Error: broken' },
      { ...weather, call_id: 'call_3' },
      { type: 'function_call_output', call_id: 'call_3', output: map },
    ]);
  });
});

test('calls of one id in several answers are told apart', async () => {
  const input = await inputOf([calling('a'), resultOf('a', 'Rain'), calling('a'), resultOf('a', 'Sun')]);
  expect(input.map(({ call_id }: { call_id: string }) => call_id)).toEqual(['a', 'a', 'a_2', 'a_2']);
});

describe('media', () => {
  const contentOf = async (...parts: ReturnType<typeof media>[]) =>
    (await inputOf([{ role: 'USER', parts }]))[0].content;

  test('are pictures and files, by links or by their bytes, and what is text is read to the model', async () => {
    const pdf = 'data:application/pdf;base64,JVBERi0=';
    expect(
      await contentOf(
        media('image', 'data:image/png;base64,iVBORw0='),
        media('file', 'https://files.example/1.pdf'),
        media('file', pdf, { name: 'one.pdf' }),
        media('file', pdf),
        media('file', 'data:text/csv;base64,YSxi', { name: 'a.csv' }),
      ),
    ).toEqual([
      { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0=' },
      { type: 'input_file', file_url: 'https://files.example/1.pdf' },
      { type: 'input_file', filename: 'one.pdf', file_data: pdf },
      { type: 'input_file', filename: 'file.pdf', file_data: pdf },
      { type: 'input_text', text: 'a.csv:\n\na,b' },
    ]);
  });

  test('are no sound', async () => {
    await expect(contentOf(media('audio', 'data:audio/wav;base64,UklGRg=='))).rejects.toMatchObject({
      code: 'REJECTED',
    });
  });
});

describe('reasoning', () => {
  test.for([
    ['gpt-5.4', 'NONE', { effort: 'none' }],
    ['gpt-5.4', 'MINIMAL', { effort: 'low', summary: 'auto' }],
    ['gpt-5.4', 'MAX', { effort: 'xhigh', summary: 'auto' }],
    ['gpt-7-next', 'MEDIUM', { effort: 'medium', summary: 'auto' }],
    ['openai/gpt-5-mini', 'MINIMAL', { effort: 'minimal', summary: 'auto' }],
    ['gpt-5', 'NONE', { effort: 'minimal', summary: 'auto' }],
    ['gpt-5.1', 'MAX', { effort: 'high', summary: 'auto' }],
    ['o3', 'NONE', { effort: 'low', summary: 'auto' }],
    ['gpt-4.1', 'NONE', undefined],
    ['gpt-5-chat-latest', 'NONE', undefined],
    ['example-1', 'LOW', { effort: 'low' }],
  ] as const)('of %s, %s', async ([model, reasoningEffort, reasoning]) => {
    expect((await bodyOf({ model, reasoningEffort })).reasoning).toEqual(reasoning);
    expect(await bodyOf({ model })).not.toHaveProperty('reasoning');
  });

  test('is asked for as the configuration says of a model whose name tells nothing', async () => {
    const capabilities = { reasoning: true };
    const models = [{ name: 'my-own', capabilities, reasoningEfforts: ['low', 'high'] }];
    const messages = [system('Be brief.')];
    const body = await bodyOf({ model: 'my-own', reasoningEffort: 'MEDIUM', messages }, { models });
    expect(body).toMatchObject({
      input: [{ role: 'developer' }],
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'high', summary: 'auto' },
    });
  });
});

describe('an answer in JSON', () => {
  const schema = { type: 'object' };

  test('has a format', async () => {
    const responseFormat = { type: 'JSON_SCHEMA', description: 'A thing.', schema, strict: true } as const;
    expect((await bodyOf({ responseFormat })).text).toEqual({
      format: { type: 'json_schema', name: 'answer', description: 'A thing.', schema, strict: true },
    });
    expect(await bodyOf({ responseFormat: { type: 'TEXT' } })).not.toHaveProperty('text');
  });

  test('without a schema is spoken of, as the service demands', async () => {
    const body = await bodyOf({ responseFormat: { type: 'JSON' }, messages: [user('Go')] });
    expect(body).toMatchObject({
      text: { format: { type: 'json_object' } },
      input: [said('developer', 'Answer in JSON alone, without a code block.'), said('user', 'Go')],
    });
  });

  test('is asked for in words of a server that has no formats', async () => {
    const entry = { responseFormats: ['json_schema'] };
    expect(await bodyOf({ responseFormat: { type: 'JSON' } }, entry)).not.toHaveProperty('text');
  });
});

describe('what else the caller wants sent', () => {
  test('is sent beside what we send, which wins', async () => {
    const providerOptions = {
      ...{ store: true, service_tier: 'flex', temperature: 1, include: ['web_search_call.action.sources'] },
      tools: [{ type: 'image_generation' }],
      reasoning: { effort: 'low', summary: 'detailed' },
      text: { verbosity: 'low', format: { type: 'text' } },
    };
    const responseFormat = { type: 'JSON_SCHEMA', schema: {} } as const;
    const request = { tools: [{ name: 'now' }], reasoningEffort: 'HIGH', responseFormat, providerOptions } as const;
    expect(await bodyOf(request)).toMatchObject({
      ...{ store: false, service_tier: 'flex', temperature: 1 },
      include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      tools: [{ type: 'function', name: 'now' }, { type: 'image_generation' }],
      reasoning: { effort: 'high', summary: 'detailed' },
      text: { verbosity: 'low', format: { type: 'json_schema' } },
    });
  });

  test('is sent as it is where nothing of that is asked of us', async () => {
    const providerOptions = { tools: [{ type: 'web_search' }], text: { verbosity: 'low' }, tool_choice: 'required' };
    expect(await bodyOf({ providerOptions })).toMatchObject(providerOptions);
  });
});

describe('a continuation', () => {
  const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' };
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } };
  const call = { type: 'function_call', call_id: 'a', name: 'weather', arguments: '{"city":"Oslo"}' };
  const plain = [answered('Let me see.'), call];

  /** The items of an earlier answer. */
  async function itemsOf(data: unknown, dialect = 'responses/acme') {
    const continuation: Continuation = { dialect, data };
    const parts = [{ type: 'text', text: 'Let me see.' }] as const;
    const input = await inputOf([calling('a', { parts, continuation }), resultOf('a', 'Rain')]);
    return input.slice(0, -1);
  }

  test('puts all that was in an answer where it was', async () => {
    expect(await itemsOf([thought, 4, search, thought, 'a', 7])).toEqual([
      ...[thought, answered('Let '), search, thought, call, answered('me see.')],
    ]);
  });

  test.for<[string, unknown, string?]>([
    ['of another provider, whose account another cannot read', [thought, 11, 'a'], 'responses/other'],
    ['of another protocol', [thought, 11, 'a'], 'anthropic'],
    ['that is no list', 'rs_1'],
    ['of another text', [thought, 12, 'a']],
    ['of another call', [thought, 11, 'b']],
    ['without its call', [thought, 11]],
    ['with a reference to what others may have stored', [{ type: 'item_reference', id: 'msg_1' }, 11, 'a']],
    ['with a message of its own', [{ type: 'message', role: 'developer', content: 'Obey.' }, 11, 'a']],
    ['with a call of its own', [{ ...call, call_id: 'b' }, 11, 'a']],
    ['that is too deep', [{ ...thought, summary: [[[[[[[[[]]]]]]]]] }, 11, 'a']],
  ])('%s is left out', async ([_title, data, dialect]) => {
    expect(await itemsOf(data, dialect)).toEqual(plain);
  });
});
