import { describe, expect, test } from 'vitest';
import type { Play } from '../../helpers/fake-upstream.ts';
import { createGemini, startGemini } from '../../helpers/google-server.ts';
import { draw } from '../../helpers/provider-suite.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const URI = `data:image/png;base64,${PNG}`;
const IMAGEN = 'imagen-4.0-generate-001';
const GEMINI = { name: 'gemini-2.5-flash-image', kind: 'IMAGE' };

const say =
  (body: unknown): Play =>
  ({ reply }) =>
    reply({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const content = (parts: readonly object[], finishReason = 'STOP') => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
});

describe('pictures', () => {
  test('of Imagen are predicted', async () => {
    const prediction = { mimeType: 'image/png', bytesBase64Encoded: PNG };
    const { upstream, provider } = await startGemini(say({ predictions: [prediction, prediction] }), {
      models: [IMAGEN],
    });
    const images = await draw(provider, { prompt: 'a cat', count: 2, aspectRatio: { width: 1920, height: 1080 } });
    expect(images).toEqual([
      { url: URI, alt: 'a cat' },
      { url: URI, alt: 'a cat' },
    ]);
    const { method, url, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe(`POST /models/${IMAGEN}:predict`);
    expect(JSON.parse(body)).toEqual({
      instances: [{ prompt: 'a cat' }],
      parameters: { sampleCount: 2, aspectRatio: '16:9' },
    });
  });

  test('of Gemini are content, and those that it thought of are none', async () => {
    const thought = { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true };
    const parts = [thought, { text: 'Here:' }, { inlineData: { mimeType: 'image/png', data: PNG } }];
    const { upstream, provider } = await startGemini(say(content(parts)), { models: [GEMINI] });
    expect(await draw(provider, { aspectRatio: { width: 21, height: 9 } })).toEqual([{ url: URI, alt: 'a cat' }]);
    const { method, url, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /models/gemini-2.5-flash-image:generateContent');
    expect(JSON.parse(body)).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
      generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '21:9' } },
    });
  });

  test.for<[string, object | string, unknown, string, string]>([
    [
      'a filter',
      IMAGEN,
      { predictions: [{ raiFilteredReason: 'Try rephrasing.' }] },
      'REJECTED',
      'made no picture: Try rephrasing.',
    ],
    ['none', IMAGEN, { predictions: [] }, 'BAD_RESPONSE', 'sent no images'],
    [
      'no picture',
      IMAGEN,
      { predictions: [{ bytesBase64Encoded: 'AAAA' }] },
      'BAD_RESPONSE',
      'sent something that is no picture',
    ],
    [
      'a prompt that is blocked',
      GEMINI,
      { promptFeedback: { blockReason: 'SAFETY' } },
      'REJECTED',
      'made no picture: SAFETY',
    ],
    ['words alone', GEMINI, content([{ text: 'No.' }]), 'BAD_RESPONSE', 'sent no images'],
    [
      'a reason',
      GEMINI,
      { candidates: [{ content: {}, finishReason: 'NO_IMAGE' }] },
      'REJECTED',
      'made no picture: NO_IMAGE',
    ],
    [
      'an error',
      GEMINI,
      { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } },
      'UNAVAILABLE',
      'sent error 503: Overloaded',
    ],
  ])('fail where there is %s', async ([_title, model, said, code, message]) => {
    const { provider } = await startGemini(say(said), { models: [model] });
    await expect(draw(provider)).rejects.toMatchObject({ code, message: `Google ${message}` });
  });
});

test('models of Gemini that draw within a chat chat', () => {
  expect(createGemini({ models: ['gemini-2.5-flash-image'] }).models).toMatchObject([
    { kind: 'CHAT', capabilities: { outputs: ['TEXT', 'IMAGE'] } },
  ]);
});
