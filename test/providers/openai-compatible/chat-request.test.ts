import { describe, expect, test } from 'vitest';
import { REASONING_EFFORTS } from '../../../src/providers/capabilities.ts';
import type { ChatRequest, ResponseFormat, Tool } from '../../../src/providers/chat.ts';
import { PRESETS } from '../../../src/providers/openai-compatible/presets.ts';
import { system, user } from '../../helpers/messages.ts';
import { sentBody, sentFields } from '../../helpers/sent-chat.ts';

const OTHERS = ['openai', 'openrouter', 'groq', 'xai', 'together', 'ollama', 'vllm'] as const;
const WEATHER: Tool = {
  name: 'weather',
  description: 'The weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: true,
};
const CLOCK: Tool = { name: 'clock' };
const SENT_WEATHER =
  '{"type":"function","function":{"name":"weather","description":"The weather of a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":true}}';
const SENT_CLOCK =
  '{"type":"function","function":{"name":"clock","parameters":{"type":"object","properties":{},"additionalProperties":false}}}';

describe('a chat of words', () => {
  test.for(Object.keys(PRESETS))('is sent to %s as it ever was', async (type) => {
    const longest = type === 'openai' ? 'max_completion_tokens' : 'max_tokens';
    const [usage, seed] =
      type === 'mistral' ? ['', 'random_seed'] : [',"stream_options":{"include_usage":true}', 'seed'];
    const options = { temperature: 0, topP: 0.5, maxTokens: 20, stop: ['END'], seed: 1 };
    expect(await sentBody({ type }, { messages: [system('Be brief.'), user('Hello')], ...options })).toBe(
      '{"model":"acme-1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}],' +
        `"stream":true${usage},"temperature":0,"top_p":0.5,"${longest}":20,"stop":["END"],"${seed}":1}`,
    );
  });

  test('has the options that not all servers have by their usual names', async () => {
    const options = { topK: 40, presencePenalty: 0, frequencyPenalty: -0.5 };
    expect(await sentFields({ type: 'vllm' }, options)).toBe(
      '{"top_k":40,"presence_penalty":0,"frequency_penalty":-0.5}',
    );
  });
});

describe('tools', () => {
  const tools = [WEATHER, CLOCK];

  test.for(Object.keys(PRESETS))('are functions to %s', async (type) => {
    expect(await sentFields({ type }, { tools, parallelToolCalls: false })).toBe(
      `{"tools":[${SENT_WEATHER},${SENT_CLOCK}],"parallel_tool_calls":false}`,
    );
  });

  test('that there are none of are not sent, and neither is what is said of them', async () => {
    const request: Partial<ChatRequest> = { tools: [], toolChoice: { mode: 'NONE' }, parallelToolCalls: false };
    expect(await sentFields({}, request)).toBe('{}');
  });

  test.for([
    ...OTHERS.map((type) => [type, 'required'] as const),
    ['deepseek', 'required'],
    ['llamacpp', 'required'],
    ['lmstudio', 'required'],
    ['mistral', 'any'],
  ] as const)('are chosen with the words of %s', async ([type, required]) => {
    const choose = async (mode: 'AUTO' | 'NONE' | 'REQUIRED') =>
      JSON.parse(await sentFields({ type }, { tools, toolChoice: { mode } })).tool_choice;
    expect([await choose('AUTO'), await choose('NONE'), await choose('REQUIRED')]).toEqual(['auto', 'none', required]);
  });

  test.for([...OTHERS, 'deepseek', 'mistral'] as const)('are chosen by name of %s', async (type) => {
    expect(await sentFields({ type }, { tools, toolChoice: { tool: 'clock' } })).toBe(
      `{"tools":[${SENT_WEATHER},${SENT_CLOCK}],"tool_choice":{"type":"function","function":{"name":"clock"}}}`,
    );
  });

  test.for(['llamacpp', 'lmstudio'])('of which one is chosen by name go to %s as that one alone', async (type) => {
    expect(await sentFields({ type }, { tools, toolChoice: { tool: 'clock' } })).toBe(
      `{"tools":[${SENT_CLOCK}],"tool_choice":"required"}`,
    );
  });

  test('are chosen as an entry says', async () => {
    const entry = { toolChoiceRequired: 'any', toolChoiceNamed: false };
    expect(await sentFields(entry, { tools, toolChoice: { tool: 'weather' } })).toBe(
      `{"tools":[${SENT_WEATHER}],"tool_choice":"any"}`,
    );
  });
});

describe('an answer in a format', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } } };
  const cities: ResponseFormat = { type: 'JSON_SCHEMA', name: 'cities', description: 'A city.', schema, strict: true };
  const bare: ResponseFormat = { type: 'JSON_SCHEMA', schema };
  const words = `Answer in JSON alone, without a code block, that holds to this JSON Schema:\n${JSON.stringify(schema)}`;

  const formatOf = async (entry: object, responseFormat: ResponseFormat, messages = [user('In JSON.')]) => {
    const body = JSON.parse(await sentBody(entry, { responseFormat, messages }));
    return { format: JSON.stringify(body.response_format), messages: body.messages };
  };

  test.for([...OTHERS, 'mistral', 'llamacpp', 'lmstudio'] as const)('goes to %s with its schema', async (type) => {
    expect((await formatOf({ type }, cities)).format).toBe(
      `{"type":"json_schema","json_schema":{"name":"cities","schema":${JSON.stringify(schema)},"strict":true,"description":"A city."}}`,
    );
    expect(await formatOf({ type }, bare)).toEqual({
      format: `{"type":"json_schema","json_schema":{"name":"answer","schema":${JSON.stringify(schema)}}}`,
      messages: [{ role: 'user', content: 'In JSON.' }],
    });
  });

  test('has its schema in the instructions where the server takes none', async () => {
    expect(await formatOf({ type: 'deepseek' }, cities)).toEqual({
      format: '{"type":"json_object"}',
      messages: [
        { role: 'system', content: `${words}\nWhat it is: A city.` },
        { role: 'user', content: 'In JSON.' },
      ],
    });
  });

  test('has it behind the instructions that there are', async () => {
    const { messages } = await formatOf({ responseFormats: ['json_object'] }, bare, [system('Be brief.'), user('Hi')]);
    expect(messages).toEqual([
      { role: 'system', content: `Be brief.\n\n${words}` },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('is asked for in the instructions alone where the server knows no formats', async () => {
    expect(await formatOf({ responseFormats: [] }, bare)).toEqual({
      format: undefined,
      messages: [
        { role: 'system', content: words },
        { role: 'user', content: 'In JSON.' },
      ],
    });
  });

  test('is JSON that a message speaks of, as servers demand', async () => {
    const json: ResponseFormat = { type: 'JSON' };
    const format = '{"type":"json_object"}';
    const asked = [{ role: 'user', content: 'In JSON.' }];
    const told = [
      { role: 'system', content: 'Answer in JSON alone, without a code block.' },
      { role: 'user', content: 'Hi' },
    ];
    expect(await formatOf({ type: 'openai' }, json)).toEqual({ format, messages: asked });
    expect(await formatOf({ type: 'openai' }, json, [user('Hi')])).toEqual({ format, messages: told });
    expect(await formatOf({ type: 'lmstudio' }, json, [user('Hi')])).toEqual({ format: undefined, messages: told });
  });

  test('is text where nothing is said of it', async () => {
    expect(await sentFields({}, { responseFormat: { type: 'TEXT' } })).toBe('{}');
  });
});

describe('reasoning', () => {
  const efforts = async (entry: object) =>
    Promise.all(REASONING_EFFORTS.map((reasoningEffort) => sentFields(entry, { reasoningEffort })));

  test.for([
    ['openai', 'none minimal low medium high xhigh'],
    ['groq', 'none low low medium high high'],
    ['xai', 'none low low medium high high'],
    ['together', 'none low low medium high high'],
    ['ollama', 'none low low medium high high'],
    ['vllm', 'none low low medium high high'],
    ['llamacpp', 'none low low medium high high'],
    ['lmstudio', 'none low low medium high high'],
  ])('is asked for with the nearest word of %s', async ([type, words = '']) => {
    expect(await efforts({ type })).toEqual(words.split(' ').map((word) => `{"reasoning_effort":"${word}"}`));
  });

  test('is asked for in an object of OpenRouter', async () => {
    expect(await efforts({ type: 'openrouter' })).toEqual(
      ['none', 'minimal', 'low', 'medium', 'high', 'max'].map((effort) => `{"reasoning":{"effort":"${effort}"}}`),
    );
  });

  test('is switched on or off with DeepSeek, and has an effort where it is on', async () => {
    const on = (effort: string) => `{"thinking":{"type":"enabled"},"reasoning_effort":"${effort}"}`;
    expect(await efforts({ type: 'deepseek' })).toEqual([
      '{"thinking":{"type":"disabled"}}',
      ...['low', 'low', 'high', 'high', 'max'].map(on),
    ]);
  });

  test('is a mode of the prompt with Mistral', async () => {
    const on = '{"prompt_mode":"reasoning"}';
    expect(await efforts({ type: 'mistral' })).toEqual(['{"prompt_mode":null}', on, on, on, on, on]);
  });

  test.for([
    ['thinking', '{"thinking":{"type":"disabled"}}', '{"thinking":{"type":"enabled"}}'],
    ['enable_thinking', '{"enable_thinking":false}', '{"enable_thinking":true}'],
  ])('is asked for by %s where an entry says so', async ([field, off, on]) => {
    expect(await efforts({ reasoningFields: [field] })).toEqual([off, on, on, on, on, on]);
  });

  test('is asked of one model in another way', async () => {
    const models = [{ name: 'acme-1', reasoningFields: ['reasoning_effort'], reasoningEfforts: ['none', 'high'] }];
    expect(await efforts({ type: 'mistral', models })).toEqual(
      ['none', 'none', 'high', 'high', 'high', 'high'].map((word) => `{"reasoning_effort":"${word}"}`),
    );
  });
});

describe('what the caller wants sent', () => {
  test('stands before what is configured and behind what we send', async () => {
    const entry = { type: 'openrouter', extraBody: { user: 'configured', transforms: [], model: 'configured' } };
    const providerOptions = { user: 'called', plugins: [{ id: 'web' }], model: 'called', stream: false, seed: 5 };
    expect(JSON.parse(await sentBody(entry, { providerOptions, seed: 1 }))).toEqual({
      user: 'called',
      transforms: [],
      plugins: [{ id: 'web' }],
      model: 'acme-1',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
      seed: 1,
    });
  });

  test('is sent where we send nothing of the name', async () => {
    expect(await sentFields({}, { providerOptions: { seed: 5, reasoning: { max_tokens: 100 } } })).toBe(
      '{"seed":5,"reasoning":{"max_tokens":100}}',
    );
  });
});
