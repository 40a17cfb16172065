import { describe, expect, test } from 'vitest';
import type { ChatRequest, Tool } from '../../../src/providers/chat.ts';
import type { Exchange } from '../../helpers/fake-upstream.ts';
import { answerWith, ask, chunk, MODEL, standIn, startGemini } from '../../helpers/google-server.ts';
import { user } from '../../helpers/messages.ts';
import { collect, textOf } from '../../helpers/provider-suite.ts';

async function exchangeOf(request: Partial<ChatRequest> = {}, entry: object = {}): Promise<Exchange> {
  const { upstream, provider } = await startGemini(standIn([[{ text: 'Hello' }]]), entry);
  expect(textOf(await collect(ask(provider, request)))).toBe('Hello');
  return upstream.exchange();
}

async function bodyOf(request: Partial<ChatRequest> = {}, entry: object = {}) {
  return JSON.parse((await exchangeOf(request, entry)).body);
}

const configOf = async (request: Partial<ChatRequest>) => (await bodyOf(request)).generationConfig;

describe('a request', () => {
  test('holds the messages and no option that was not given', async () => {
    const { method, url, headers, body } = await exchangeOf({}, { apiKey: 'AIza-4567' });
    expect(`${method} ${url}`).toBe(`POST /models/${MODEL}:streamGenerateContent?alt=sse`);
    expect(headers).toMatchObject({
      accept: 'text/event-stream, application/json',
      'content-type': 'application/json',
      'x-goog-api-key': 'AIza-4567',
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.parse(body)).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: {},
    });
  });

  test('holds the options that were given, zero too', async () => {
    const options = { temperature: 0, topP: 0.5, topK: 40, maxTokens: 20, stop: ['END'], seed: 0 };
    expect(await configOf({ ...options, presencePenalty: 0, frequencyPenalty: -1 })).toEqual({
      temperature: 0,
      topP: 0.5,
      topK: 40,
      maxOutputTokens: 20,
      stopSequences: ['END'],
      seed: 0,
      presencePenalty: 0,
      frequencyPenalty: -1,
    });
  });

  test.for([
    ['gemini-2.5-pro', '/models/gemini-2.5-pro'],
    ['models/gemini-2.5-pro', '/models/gemini-2.5-pro'],
    ['tunedModels/mine-1', '/tunedModels/mine-1'],
    ['a model/b?', '/a%20model/b%3F'],
  ])('for %s goes to %s', async ([model, path]) => {
    const { upstream, provider } = await startGemini(answerWith(chunk([{ text: 'Hello' }], 'STOP')));
    await collect(ask(provider, { model: String(model) }));
    expect((await upstream.exchange()).url).toBe(`${path}:streamGenerateContent?alt=sse`);
  });

  test('has the query of the base URL behind its own', async () => {
    const { upstream } = await startGemini(answerWith(chunk([{ text: 'Hello' }], 'STOP')));
    const { provider } = await startGemini(() => {}, { baseUrl: `${upstream.url}/v1?team=a` });
    await collect(ask(provider));
    expect((await upstream.exchange()).url).toBe(`/v1/models/${MODEL}:streamGenerateContent?alt=sse&team=a`);
  });

  test('holds what the caller wants sent as well, beside and behind what we send', async () => {
    const providerOptions = {
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      generationConfig: { temperature: 2, responseModalities: ['TEXT'], responseJsonSchema: { title: 'theirs' } },
      tools: [{ googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', streamFunctionCallArguments: true } },
      contents: [],
    };
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const request: Partial<ChatRequest> = {
      providerOptions,
      temperature: 1,
      tools: [{ name: 'now' }],
      toolChoice: { mode: 'AUTO' },
      responseFormat: { type: 'JSON_SCHEMA', schema },
    };
    expect(await bodyOf(request)).toEqual({
      safetySettings: providerOptions.safetySettings,
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: {
        temperature: 1,
        responseModalities: ['TEXT'],
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
      },
      tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'now' }] }],
      toolConfig: { functionCallingConfig: { mode: 'AUTO', streamFunctionCallArguments: true } },
    });
  });

  test('with more than five texts to stop at is refused before it is sent', async () => {
    const { upstream, provider } = await startGemini(standIn([]));
    const stop = ['1', '2', '3', '4', '5', '6'];
    expect(() => ask(provider, { stop })).toThrow(
      expect.objectContaining({ code: 'REJECTED', message: 'Google takes at most 5 texts to stop at, got 6' }),
    );
    expect(upstream.exchanges).toEqual([]);
  });
});

describe('thinking', () => {
  test.for([
    ['gemini-3-flash-preview', 'NONE', { thinkingLevel: 'minimal' }],
    ['gemini-3-flash-preview', 'LOW', { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3-flash-preview', 'MEDIUM', { thinkingLevel: 'medium', includeThoughts: true }],
    ['gemini-3-flash-preview', 'MAX', { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3-pro-preview', 'NONE', { thinkingLevel: 'low' }],
    ['gemini-3-pro-preview', 'MINIMAL', { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3-pro-preview', 'MEDIUM', { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3.1-pro-preview', 'MEDIUM', { thinkingLevel: 'medium', includeThoughts: true }],
    ['gemini-3.7-flash', 'MINIMAL', { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-4-ultra', 'HIGH', { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-2.5-flash', 'NONE', { thinkingBudget: 0 }],
    ['gemini-2.5-flash', 'MINIMAL', { thinkingBudget: 512, includeThoughts: true }],
    ['gemini-2.5-flash', 'MAX', { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-2.5-pro', 'NONE', { thinkingBudget: 128 }],
    ['gemini-2.5-pro', 'MEDIUM', { thinkingBudget: 8192, includeThoughts: true }],
    ['gemini-2.5-pro', 'MAX', { thinkingBudget: 32_768, includeThoughts: true }],
    ['gemini-2.0-flash', 'NONE', undefined],
    ['gemini-2.0-flash', 'HIGH', { includeThoughts: true }],
  ] as const)('of %s is asked for with %s in its way', async ([model, reasoningEffort, expected]) => {
    const sent = await bodyOf({ model, reasoningEffort });
    expect(sent.generationConfig.thinkingConfig).toEqual(expected);
  });
});

describe('a format', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: ['string', 'null'] }, kind: { const: 'weather' } },
    additionalProperties: false,
  };

  test('of JSON is told by its type', async () => {
    expect(await configOf({ responseFormat: { type: 'JSON' } })).toEqual({ responseMimeType: 'application/json' });
    expect(await configOf({ responseFormat: { type: 'TEXT' } })).toEqual({});
  });

  test('of a schema is told as it is to those that take one', async () => {
    expect(await configOf({ responseFormat: { type: 'JSON_SCHEMA', schema } })).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
  });

  test('of a schema is told in the subset to the others', async () => {
    const sent = await bodyOf({ model: 'gemini-2.0-flash', responseFormat: { type: 'JSON_SCHEMA', schema } });
    expect(sent.generationConfig.responseSchema).toEqual({
      type: 'object',
      properties: { city: { type: 'string', nullable: true }, kind: { type: 'string', enum: ['weather'] } },
    });
  });
});

describe('tools', () => {
  const weather: Tool = {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false },
  };
  const toolsOf = async (request: Partial<ChatRequest>) => {
    const { tools, toolConfig } = await bodyOf(request);
    return { tools, mode: toolConfig?.functionCallingConfig };
  };

  test('are declared, without parameters where there are none', async () => {
    const tools = [weather, { name: 'now', parameters: { type: 'object', properties: {} } }];
    expect(await toolsOf({ tools })).toEqual({
      tools: [
        {
          functionDeclarations: [
            {
              name: 'weather',
              description: 'Tells the weather.',
              parameters: { type: 'object', properties: { city: { type: 'string' } } },
            },
            { name: 'now' },
          ],
        },
      ],
    });
  });

  test.for<[ChatRequest['toolChoice'], boolean, unknown]>([
    [{ mode: 'AUTO' }, false, { mode: 'AUTO' }],
    [{ mode: 'NONE' }, false, { mode: 'NONE' }],
    [{ mode: 'REQUIRED' }, false, { mode: 'ANY' }],
    [{ tool: 'weather' }, false, { mode: 'ANY', allowedFunctionNames: ['weather'] }],
    [{ mode: 'AUTO' }, true, { mode: 'VALIDATED' }],
    [undefined, true, { mode: 'VALIDATED' }],
    [undefined, false, undefined],
  ])('are chosen by %j, strict: %s, as %j', async ([toolChoice, strict, mode]) => {
    expect((await toolsOf({ tools: [{ ...weather, strict }], toolChoice })).mode).toEqual(mode);
  });

  test('are nothing to choose from where there are none', async () => {
    expect(await bodyOf({ toolChoice: { mode: 'NONE' } })).not.toHaveProperty('toolConfig');
  });

  test('have names that fit there, and are called by ours', async () => {
    const { upstream, provider } = await startGemini(standIn([[{ functionCall: { name: '_2fa', args: {} } }]]));
    const tools = [{ name: '2fa' }, { name: '-x' }, { name: '_-x' }];
    const parts = await collect(ask(provider, { messages: [user('Hi')], tools, toolChoice: { tool: '2fa' } }));
    expect(parts).toContainEqual(expect.objectContaining({ type: 'tool-call', name: '2fa' }));
    const sent = JSON.parse((await upstream.exchange()).body);
    expect(sent.toolConfig.functionCallingConfig.allowedFunctionNames).toEqual(['_2fa']);
    expect(sent.tools[0].functionDeclarations).toEqual([{ name: '_2fa' }, { name: '__-x' }, { name: '_-x' }]);
  });

  test('that refer to themselves are refused before anything is sent', async () => {
    const { upstream, provider } = await startGemini(standIn([]));
    const parameters = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(() => ask(provider, { tools: [{ name: 'list', parameters }] })).toThrow(
      expect.objectContaining({
        code: 'REJECTED',
        message: "The parameters of 'list': '#' leads back to itself, which Google does not take",
      }),
    );
    expect(upstream.exchanges).toEqual([]);
  });
});
