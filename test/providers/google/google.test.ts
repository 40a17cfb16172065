import { expect, test } from 'vitest';
import { chunk, createGemini, MODEL } from '../../helpers/google-server.ts';
import { linkTo } from '../../helpers/messages.ts';
import { describeProvider } from '../../helpers/provider-suite.ts';

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describeProvider({
  name: 'Google',
  create: (options, settings) => createGemini({ models: [MODEL, 'imagen-4.0-generate-001'], ...options }, settings),
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [...texts.map((text) => chunk([{ text }])), chunk([{ text: '' }], 'STOP')],
      empty: chunk([{ text: '' }], 'STOP'),
    },
    images: {
      answer: JSON.stringify({ predictions: [{ mimeType: 'image/png', bytesBase64Encoded: PICTURE }] }),
      empty: '{}',
    },
  },
});

test('is what it says it is', () => {
  const models = ['gemini-2.5-pro', 'imagen-4.0-generate-001'];
  const provider = createGemini({ apiKey: 'AIza-0123', models });
  expect(provider).toMatchObject({
    id: 'google',
    name: 'Google',
    url: 'https://ai.google.dev',
    working: true,
    needsAuth: true,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    models: [
      {
        name: 'gemini-2.5-pro',
        kind: 'CHAT',
        capabilities: {
          inputs: ['TEXT', 'IMAGE', 'AUDIO', 'FILE'],
          outputs: ['TEXT'],
          tools: true,
          structuredOutput: true,
          reasoning: true,
        },
      },
      { name: 'imagen-4.0-generate-001', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 4 } },
    ],
    defaultModel: 'gemini-2.5-pro',
    defaultImageModel: 'imagen-4.0-generate-001',
  });
  expect(provider.models).toBe(provider.models);
  expect(provider.models[0]?.capabilities?.options).not.toContain('PARALLEL_TOOL_CALLS');
});

test.for([
  ['https://generativelanguage.googleapis.com/v1beta/files/abc-123', true],
  ['https://www.youtube.com/watch?v=9hE5-98ZeCg', true],
  ['https://youtu.be/9hE5-98ZeCg', true],
  ['https://example.com/files/1', false],
  ['https://youtube.com.example/watch', false],
  ['https://generativelanguage.googleapis.com/v1beta/models', false],
])('the link %s is read there: %s', ([link, isRead]) => {
  expect(createGemini({}).readsLink?.(linkTo('file', String(link)))).toBe(isRead);
});
