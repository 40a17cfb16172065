import { describe, expect, test } from 'vitest';
import { nearestSize } from '../../src/providers/openai-images.ts';
import { readFixture, startAcme } from '../helpers/openai-server.ts';
import { draw } from '../helpers/provider-suite.ts';

const PAINTER = { name: 'painter', kind: 'IMAGE' };
const drawn = '{"data":[{"url":"https://images.example/1.png"}]}';

describe('a request for pictures', () => {
  test('holds the model, the prompt, how many and the size', async () => {
    const { upstream, provider } = await startAcme(({ reply }) => reply({ body: drawn }), { models: [PAINTER] });
    await draw(provider, { prompt: 'ein Kätzchen', aspectRatio: { width: 16, height: 9 }, count: 3 });
    const { method, url, body } = await upstream.exchange();
    expect(`${method} ${url}`).toBe('POST /images/generations');
    expect(JSON.parse(body)).toEqual({ model: 'painter', prompt: 'ein Kätzchen', n: 3, size: '1536x1024' });
  });

  test('has a size of the model, or else of the provider', async () => {
    const models = [
      { ...PAINTER, sizes: ['512x512', '1792x1024'] },
      { name: 'other', kind: 'IMAGE' },
    ];
    const entry = { models, sizes: ['256x256', '256x512'] };
    const { upstream, provider } = await startAcme(({ reply }) => reply({ body: drawn }), entry);
    const order = { prompt: 'a cat', aspectRatio: { width: 16, height: 9 }, count: 1 };
    for (const model of ['painter', 'other']) {
      await provider.generateImages?.({ model, ...order }, new AbortController().signal);
    }
    expect(upstream.exchanges.map(({ body }) => JSON.parse(body).size)).toEqual(['1792x1024', '256x256']);
  });

  test.for([
    [1, 1, '1024x1024'],
    [16, 9, '1536x1024'],
    [9, 16, '1024x1536'],
    [64, 1, '1536x1024'],
    [1, 64, '1024x1536'],
    [5, 4, '1536x1024'],
    [6, 5, '1024x1024'],
    [5, 6, '1024x1024'],
    [4, 5, '1024x1536'],
  ] as const)('for %i:%i has the size %s', ([width, height, size]) => {
    expect(nearestSize({ width, height }, ['1024x1024', '1536x1024', '1024x1536'])).toBe(size);
  });

  test.for([
    [['1024x1024', '512x512'], false],
    [['1024x1024', '512x256'], true],
  ] as const)('may have a shape of its own with sizes %j: %s', async ([sizes, supportsAspectRatio]) => {
    const { provider } = await startAcme(() => {}, { models: [PAINTER], sizes });
    expect(provider.supportsAspectRatio).toBe(supportsAspectRatio);
  });
});

describe('pictures', () => {
  const drawnFrom = async (body: string) => {
    const { provider } = await startAcme(({ reply }) => reply({ body }), { models: [PAINTER] });
    return draw(provider, { prompt: 'a cat' });
  };
  const drawnFromBytes = (bytes: string | readonly number[]) =>
    drawnFrom(JSON.stringify({ data: [{ b64_json: Buffer.from(bytes as string).toString('base64') }] }));

  test('are urls and bytes, each with the prompt that was used', async () => {
    expect(await drawnFrom(readFixture('openai/images.json'))).toEqual([
      { url: 'https://images.example/1.png', alt: 'A cat, sitting' },
      {
        url: expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo[\w+/]+={0,2}$/),
        alt: 'a cat',
      },
    ]);
  });

  test.for([
    ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1]],
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]],
    ['image/gif', 'GIF89a\u0001\u0000\u0001\u0000'],
    ['image/webp', 'RIFF\u0024\u0000\u0000\u0000WEBPVP8L\u0018\u0000\u0000\u0000'],
    ['image/avif', '\u0000\u0000\u0000\u0020ftypavif\u0000\u0000\u0000\u0000avifmif1miafMA1B'],
    ['image/heic', '\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000mif1heic'],
    ['image/svg+xml', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
    ['application/octet-stream', 'Hello'],
    ['application/octet-stream', '\u0000'],
  ] as const)('have the media type %s from their bytes', async ([mediaType, bytes]) => {
    const [image] = await drawnFromBytes(bytes);
    expect(image?.url).toBe(`data:${mediaType};base64,${Buffer.from(bytes as string).toString('base64')}`);
  });

  test('are as they were sent where the url is one of data, and where the bytes are broken into lines', async () => {
    const sent = [
      { url: 'data:image/png;base64,AAAA', b64_json: null },
      { b64_json: 'R0lG\nODlh\n', url: '' },
    ];
    expect(await drawnFrom(JSON.stringify({ data: [...sent, {}, null, 5] }))).toEqual([
      { url: 'data:image/png;base64,AAAA', alt: 'a cat' },
      { url: 'data:image/gif;base64,R0lGODlh', alt: 'a cat' },
    ]);
  });

  test.for([
    '{}',
    '{"data":null}',
    '{"data":{}}',
    '{"data":[{}]}',
    '{"data":[{"url":"","b64_json":""}]}',
    '{"data":[{"url":"/1.png"}]}',
    '[]',
    'null',
    'https://a.example/1',
  ])('fail with BAD_RESPONSE when the answer is %s', async (body) => {
    await expect(drawnFrom(body)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });

  test('fail with what the upstream says under a good status', async () => {
    await expect(drawnFrom('{"error":{"code":"429","message":"Slowly"}}')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: 'acme sent error 429: Slowly',
    });
  });
});
