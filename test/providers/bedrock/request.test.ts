import { describe, expect, test } from 'vitest';
import { modelNamed } from '../../../src/providers/bedrock/models.ts';
import { toBedrockRequest } from '../../../src/providers/bedrock/request.ts';
import type { ChatMessage, ChatRequest, InputPart, MediaPart } from '../../../src/providers/chat.ts';
import { MODEL } from '../../helpers/bedrock-server.ts';
import { assistant, system, user } from '../../helpers/messages.ts';
import { calling, media, resultOf } from '../../helpers/sent-chat.ts';

const NEWEST = 'anthropic.claude-opus-4-8-v1:0';
const SONNET = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const OLD = 'anthropic.claude-3-5-haiku-20241022-v1:0';
const NOVA = 'us.amazon.nova-2-lite-v1:0';

function sent(request: Partial<ChatRequest> = {}): Record<string, unknown> {
  const { model = MODEL } = request;
  const { body, answerTool } = toBedrockRequest(
    { model, messages: [user('Hello')], ...request },
    modelNamed(model, []),
  );
  return { answerTool, ...JSON.parse(JSON.stringify(body)) };
}

const messagesOf = (...messages: readonly ChatMessage[]) =>
  sent({ messages, tools: [{ name: 'weather' }] }).messages as readonly { role: string; content: readonly unknown[] }[];
const HELLO = [{ role: 'user', content: [{ text: 'Hello' }] }];

test('a chat that asks for nothing else is its messages alone', () => {
  expect(sent()).toEqual({ answerTool: null, messages: HELLO });
});

test('what the system says stands apart, and neighbours of one role are one', () => {
  const messages = [system('Be brief.'), user('One'), system('Really.'), user('Two'), assistant(' '), user('Three')];
  expect(sent({ messages })).toMatchObject({
    system: [{ text: 'Be brief.' }, { text: 'Really.' }],
    messages: [{ role: 'user', content: [{ text: 'One' }, { text: 'Two' }, { text: 'Three' }] }],
  });
});

test('the beginning of an answer does not end in blanks', () => {
  const messages = [user('Two lines, please.'), assistant('Here: \n')];
  expect(sent({ messages }).messages).toMatchObject([{}, { role: 'assistant', content: [{ text: 'Here:' }] }]);
});

test('options stand in inferenceConfig', () => {
  const options = { temperature: 0.5, topP: 0.9, maxTokens: 100, stop: ['END'] };
  const inferenceConfig = { temperature: 0.5, topP: 0.9, maxTokens: 100, stopSequences: ['END'] };
  expect(sent({ ...options, topK: 40 })).toMatchObject({
    inferenceConfig,
    additionalModelRequestFields: { top_k: 40 },
  });
  expect(sent({ model: NOVA, topK: 40 })).toMatchObject({
    additionalModelRequestFields: { inferenceConfig: { topK: 40 } },
  });
});

test('what the caller wants sent as well stands beside what we send, which wins', () => {
  const providerOptions = {
    guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
    inferenceConfig: { maxTokens: 1, topP: 0.1 },
    additionalModelRequestFields: { anthropic_beta: ['context-1m'], top_k: 1 },
    messages: 'mine',
  };
  expect(sent({ providerOptions, maxTokens: 5, topK: 2 })).toEqual({
    answerTool: null,
    messages: HELLO,
    guardrailConfig: providerOptions.guardrailConfig,
    inferenceConfig: { maxTokens: 5, topP: 0.1 },
    additionalModelRequestFields: { anthropic_beta: ['context-1m'], top_k: 2 },
  });
});

describe('media', () => {
  const blocksOf = (...parts: readonly InputPart[]) => messagesOf({ role: 'USER', parts })[0]?.content;

  test.for<[MediaPart['type'], string, Partial<MediaPart>, object]>([
    ['image', 'data:image/png;base64,iVBO', {}, { image: { format: 'png', source: { bytes: 'iVBO' } } }],
    ['image', 'data:image/jpg;base64,/9j/', {}, { image: { format: 'jpeg', source: { bytes: '/9j/' } } }],
    [
      'file',
      'data:application/pdf;base64,JVBE',
      { name: 'My_report (1).v2.pdf' },
      { document: { format: 'pdf', name: 'My report (1) v2 pdf', source: { bytes: 'JVBE' } } },
    ],
    [
      'file',
      'data:application/json;base64,e30=',
      {},
      { document: { format: 'txt', name: 'Document', source: { bytes: 'e30=' } } },
    ],
    [
      'file',
      'data:;base64,YSxi',
      { mediaType: 'text/csv; charset=utf-8', name: 'a.csv' },
      { document: { format: 'csv', name: 'a csv', source: { bytes: 'YSxi' } } },
    ],
  ])('%s %s', ([type, url, more, block]) => {
    expect(blocksOf({ type: 'text', text: 'This:' }, media(type, url, more))).toEqual([{ text: 'This:' }, block]);
  });

  test.for<[MediaPart['type'], string, string]>([
    ['audio', 'data:audio/wav;base64,UklG', 'Amazon Bedrock takes no audio in a chat'],
    ['file', 'data:application/zip;base64,UEsD', "Amazon Bedrock takes no files of the type 'application/zip'"],
    ['image', 'https://example.com/a.png', 'expected the image as a data: URI'],
  ])('%s %s is refused', ([type, url, message]) => {
    expect(() => blocksOf(media(type, url))).toThrow(expect.objectContaining({ code: 'REJECTED', message }));
  });

  test('files of one name are told apart', () => {
    const pdf = media('file', 'data:application/pdf;base64,JVBE', { name: 'a.pdf' });
    const names = (blocksOf(pdf, pdf, pdf) ?? []).map((block) => Object(block).document.name);
    expect(names).toEqual(['a pdf', 'a pdf (2)', 'a pdf (3)']);
  });
});

describe('tools', () => {
  const tools = [
    { name: 'weather', description: 'Tells it.', parameters: { type: 'object', properties: { city: {} } } },
    { name: 'now', description: '' },
  ];

  test('are told by their schemas', () => {
    expect(sent({ tools }).toolConfig).toEqual({
      tools: [
        { toolSpec: { name: 'weather', description: 'Tells it.', inputSchema: { json: tools[0]?.parameters } } },
        { toolSpec: { name: 'now', inputSchema: { json: { type: 'object', properties: {} } } } },
      ],
    });
  });

  test.for([
    [{ mode: 'AUTO' }, { auto: {} }],
    [{ mode: 'REQUIRED' }, { any: {} }],
    [{ tool: 'now' }, { tool: { name: 'now' } }],
  ] as const)('the choice %j is %j', ([toolChoice, choice]) => {
    expect(sent({ tools, toolChoice }).toolConfig).toMatchObject({ toolChoice: choice });
  });

  test('strict ones are held to as much of their schema as can be', () => {
    const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const { toolConfig } = sent({ tools: [{ name: 'count', parameters, strict: true }] });
    expect(toolConfig).toMatchObject({
      tools: [{ toolSpec: { strict: true, inputSchema: { json: { additionalProperties: false } } } }],
    });
    expect(JSON.stringify(toolConfig)).not.toContain('"minimum":1');
  });

  const history = [user('Hello'), calling('a'), resultOf('a', '21 degrees'), user('And?')];

  test('without any, earlier calls and results are told in words, which is all that may be sent', () => {
    for (const request of [{}, { tools, toolChoice: { mode: 'NONE' } as const }]) {
      const said = sent({ messages: history, ...request });
      expect(said.toolConfig).toBeUndefined();
      expect(said.messages).toEqual([
        ...HELLO,
        { role: 'assistant', content: [{ text: 'I call weather with {"city":"Oslo"}' }] },
        { role: 'user', content: [{ text: 'weather returned:' }, { text: '21 degrees' }, { text: 'And?' }] },
      ]);
    }
  });

  test('results are text or media, first in their turn, and say where the tool failed', () => {
    const image = media('image', 'data:image/png;base64,iVBO');
    const messages = messagesOf(
      user('Hello'),
      {
        ...calling('a'),
        toolCalls: ['a', 'b', 'c'].map((callId) => ({ callId, name: 'weather', argumentsText: '' })),
      } as ChatMessage,
      resultOf('a', '{"degrees":21}'),
      resultOf('b', 'No such city', { isError: true }),
      resultOf('c', '', { parts: [image] }),
      user('Well?'),
    );
    const block = { image: { format: 'png', source: { bytes: 'iVBO' } } };
    expect(messages[1]?.content[0]).toEqual({ toolUse: { toolUseId: 'a', name: 'weather', input: {} } });
    expect(messages[2]?.content).toEqual([
      { toolResult: { toolUseId: 'a', content: [{ text: '{"degrees":21}' }] } },
      { toolResult: { toolUseId: 'b', content: [{ text: 'No such city' }], status: 'error' } },
      { toolResult: { toolUseId: 'c', content: [block] } },
      { text: 'Well?' },
    ]);
  });

  test('ids of others are made to fit, each once, and what is no object goes back in one', () => {
    const long = 'x'.repeat(100);
    const told = { callId: 'call/1', name: 'weather', argumentsText: '{"city":' };
    const messages = messagesOf(
      user('Hello'),
      { ...calling(''), toolCalls: [told, { ...told, callId: long }] } as ChatMessage,
      resultOf('call/1', 'a'),
      resultOf(long, 'b'),
      { ...calling(''), toolCalls: [told] } as ChatMessage,
      resultOf('call/1', 'c'),
    );
    const ids = messages.flatMap(({ content }) =>
      content.map((block) => (Object(block).toolUse ?? Object(block).toolResult)?.toolUseId),
    );
    expect(ids).toEqual([undefined, 'call_1', 'x'.repeat(64), 'call_1', 'x'.repeat(64), 'call_1_2', 'call_1_2']);
    expect(messages[1]?.content[0]).toMatchObject({ toolUse: { input: { INVALID_JSON: '{"city":' } } });
  });
});

describe('reasoning that comes back', () => {
  const signed = { reasoningContent: { reasoningText: { text: 'So.', signature: 'c2ln' } } };
  const data = { maker: 'anthropic', blocks: [signed, 5, 'a'] };
  const answer = (continuation: unknown, text = 'I see'): ChatMessage => ({
    ...(calling('a') as Extract<ChatMessage, { role: 'ASSISTANT' }>),
    parts: [{ type: 'text', text }],
    continuation: { dialect: 'bedrock', data: continuation },
  });
  const call = { toolUse: { toolUseId: 'a', name: 'weather', input: { city: 'Oslo' } } };
  const contentOf = (message: ChatMessage) => messagesOf(user('Hello'), message, resultOf('a', 'b'))[1]?.content;

  test('stands where it stood', () => {
    expect(contentOf(answer(data))).toEqual([signed, { text: 'I see' }, call]);
    expect(contentOf(answer({ ...data, blocks: [2, signed, 3, 'a'] }))).toEqual([
      { text: 'I ' },
      signed,
      { text: 'see' },
      call,
    ]);
  });

  test.for([
    ['of another maker', { ...data, maker: 'amazon' }],
    ['of another text', { ...data, blocks: [signed, 6, 'a'] }],
    ['of other calls', { ...data, blocks: [signed, 5, 'b'] }],
    ['of more blocks than reasoning', { ...data, blocks: [{ toolUse: {} }, 5, 'a'] }],
    ['of other fields', { ...data, blocks: [{ ...signed, cachePoint: {} }, 5, 'a'] }],
    ['that is no base64', { ...data, blocks: [{ reasoningContent: { redactedContent: '%' } }, 5, 'a'] }],
    ['that is something else', 'reasoning'],
  ] as const)('is left out where it is one %s', ([_which, continuation]) => {
    expect(contentOf(answer(continuation))).toEqual([{ text: 'I see' }, call]);
  });

  test('is left out where it is one of another dialect', () => {
    const message = { ...answer(data), continuation: { dialect: 'anthropic', data } } as ChatMessage;
    expect(contentOf(message)).toEqual([{ text: 'I see' }, call]);
  });
});

describe('reasoning that is asked for', () => {
  const fieldsOf = (request: Partial<ChatRequest>) => sent(request).additionalModelRequestFields;

  test.for([
    [NEWEST, 'MAX', { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'max' } }],
    [NEWEST, 'NONE', { thinking: { type: 'disabled' } }],
    [SONNET, 'MEDIUM', { thinking: { type: 'enabled', budget_tokens: 16_000 } }],
    [SONNET, 'MINIMAL', { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    [NOVA, 'HIGH', { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } }],
    [NOVA, 'NONE', { reasoningConfig: { type: 'disabled' } }],
    ['openai.gpt-oss-120b-1:0', 'LOW', { reasoning_effort: 'low' }],
    [OLD, 'HIGH', undefined],
  ] as const)('%s, %s', ([model, reasoningEffort, fields]) => {
    expect(fieldsOf({ model, reasoningEffort })).toEqual(fields);
  });

  test('a budget is told with the length that it is a part of', () => {
    expect(sent({ model: SONNET, reasoningEffort: 'HIGH' }).inferenceConfig).toEqual({ maxTokens: 64_000 });
    expect(fieldsOf({ model: SONNET, reasoningEffort: 'HIGH', maxTokens: 4000 })).toEqual({
      thinking: { type: 'enabled', budget_tokens: 2000 },
    });
  });

  test('a turn that another model began is gone on with without a budget', () => {
    const messages = [user('Hello'), calling('a'), resultOf('a', '21')];
    const tools = [{ name: 'weather' }];
    expect(fieldsOf({ model: SONNET, reasoningEffort: 'HIGH', messages, tools })).toBeUndefined();
    expect(fieldsOf({ model: NEWEST, reasoningEffort: 'HIGH', messages, tools })).toBeDefined();
  });
});

describe('structured output', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer', maximum: 9 } }, required: ['n'] };
  const responseFormat = { type: 'JSON_SCHEMA', name: 'count', schema } as const;
  const tools = [{ name: 'answer' }];

  test('is a format where the model takes one, with as much of the schema as it is held to', () => {
    const { outputConfig, answerTool, toolConfig } = sent({ responseFormat });
    const { textFormat } = Object(outputConfig);
    expect(textFormat).toMatchObject({ type: 'json_schema', structure: { jsonSchema: { name: 'count' } } });
    expect(JSON.parse(textFormat.structure.jsonSchema.schema)).toEqual({
      type: 'object',
      properties: { n: { type: 'integer', description: '{"maximum":9}' } },
      required: ['n'],
      additionalProperties: false,
    });
    expect([answerTool, toolConfig]).toEqual([null, undefined]);
  });

  test('is a tool that has to be called where it does not', () => {
    expect(sent({ model: OLD, responseFormat })).toEqual({
      messages: HELLO,
      answerTool: 'answer',
      toolConfig: {
        tools: [{ toolSpec: { name: 'answer', description: 'Gives the answer.', inputSchema: { json: schema } } }],
        toolChoice: { tool: { name: 'answer' } },
      },
    });
  });

  test('is one of the tools where there are others', () => {
    const { answerTool, toolConfig } = sent({ model: OLD, responseFormat, tools });
    expect(answerTool).toBe('answer_');
    expect(toolConfig).toMatchObject({ tools: [{}, { toolSpec: { name: 'answer_' } }], toolChoice: { any: {} } });
    const toolChoice = { mode: 'NONE' } as const;
    expect(sent({ model: OLD, responseFormat, tools, toolChoice }).toolConfig).toMatchObject({
      tools: [{ toolSpec: { name: 'answer_' } }],
      toolChoice: { tool: { name: 'answer_' } },
    });
  });

  test('is left to a model that reasons, which cannot be made to call', () => {
    const model = 'anthropic.claude-3-7-sonnet-20250219-v1:0';
    const { toolConfig } = sent({ model, responseFormat, reasoningEffort: 'LOW' });
    expect(toolConfig).toMatchObject({ toolChoice: { auto: {} } });
    const unreasoned = sent({ model, responseFormat, reasoningEffort: 'NONE' });
    expect(unreasoned).toMatchObject({ toolConfig: { toolChoice: { tool: { name: 'answer' } } } });
    expect(unreasoned.inferenceConfig).toBeUndefined();
  });

  test('JSON without a schema is asked for in words', () => {
    expect(sent({ responseFormat: { type: 'JSON' } }).system).toEqual([
      { text: 'Answer in JSON alone, without a code block.' },
    ]);
  });
});
