import { describe, expect, test } from 'vitest';
import { nearestShape } from '../../../src/providers/kit/nearest-shape.ts';
import { readFixture, startAcme } from '../../helpers/openai-server.ts';
import { draw } from '../../helpers/provider-suite.ts';

const PAINTER = { name: 'painter', kind: 'IMAGE' };
const GIF = Buffer.from('GIF89a\u0001\u0000\u0001\u0000').toString('base64');
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
    expect(nearestShape({ width, height }, ['1024x1024', '1536x1024', '1024x1536'])).toBe(size);
  });

  test.for([
    [['1:1', '16:9', '9:16'], 4, 3, { aspect_ratio: '1:1' }],
    [['1:1', '19.5:9', '2:1'], 64, 30, { aspect_ratio: '19.5:9' }],
    [['1024x1024', '16:9'], 2, 1, { aspect_ratio: '16:9' }],
    [[], 1, 1, {}],
  ] as const)('with shapes %j has for %i:%i beside the prompt %j', async ([sizes, width, height, shape]) => {
    const entry = { models: [PAINTER], sizes };
    const { upstream, provider } = await startAcme(({ reply }) => reply({ body: drawn }), entry);
    await draw(provider, { prompt: 'a cat', aspectRatio: { width, height }, count: 1 });
    expect(JSON.parse((await upstream.exchange()).body)).toEqual({ model: 'painter', prompt: 'a cat', n: 1, ...shape });
  });

  test('goes where the server takes it', async () => {
    const entry = { models: [PAINTER], imagesPath: '/draw?fast=1' };
    const { upstream, provider } = await startAcme(({ reply }) => reply({ body: drawn }), entry);
    await draw(provider, { prompt: 'a cat' });
    expect((await upstream.exchange()).url).toBe('/draw?fast=1');
  });

  test('of xAI has a ratio, and no size, which it refuses', async () => {
    const { upstream, provider } = await startAcme(
      ({ body, reply }) =>
        'size' in JSON.parse(body)
          ? reply({ status: 400, body: '{"code":"400","error":"Argument not supported: size"}' })
          : reply({ body: drawn }),
      { type: 'xai', apiKey: 'sk-0123456789', models: [PAINTER] },
    );
    const images = await draw(provider, { prompt: 'a cat', aspectRatio: { width: 16, height: 9 }, count: 2 });
    expect(images).toEqual([{ url: 'https://images.example/1.png', alt: 'a cat' }]);
    const { url, body } = await upstream.exchange();
    expect(url).toBe('/images/generations');
    expect(JSON.parse(body)).toEqual({ model: 'painter', prompt: 'a cat', n: 2, aspect_ratio: '16:9' });
  });

  test('of OpenRouter goes to its images, one at a time, with a ratio', async () => {
    const { upstream, provider } = await startAcme(
      ({ url, reply }) =>
        url === '/images' ? reply({ body: JSON.stringify({ data: [{ b64_json: GIF }] }) }) : reply({ status: 404 }),
      { type: 'openrouter', apiKey: 'sk-0123456789', models: [PAINTER] },
    );
    expect(provider.models).toMatchObject([{ capabilities: { imagesPerCall: 1 } }]);
    const images = await draw(provider, { prompt: 'a cat', aspectRatio: { width: 9, height: 16 }, count: 1 });
    expect(images).toEqual([{ url: `data:image/gif;base64,${GIF}`, alt: 'a cat' }]);
    expect(JSON.parse((await upstream.exchange()).body)).toMatchObject({ n: 1, aspect_ratio: '9:16' });
  });

  test.for([
    [['1024x1024', '512x512'], false],
    [['1024x1024', '512x256'], true],
    [['1:1'], false],
    [['1:1', '16:9'], true],
    [[], false],
  ] as const)('may have a shape of its own with sizes %j: %s', async ([sizes, aspectRatios]) => {
    const { provider } = await startAcme(() => {}, { models: [PAINTER], sizes });
    expect(provider.models).toMatchObject([{ capabilities: { aspectRatios } }]);
  });

  test('may have a shape of its own with sizes of its own', async () => {
    const models = [
      { ...PAINTER, sizes: ['1:1'] },
      { name: 'other', kind: 'IMAGE' },
    ];
    const { provider } = await startAcme(() => {}, { models });
    expect(provider.models.map(({ capabilities }) => capabilities?.aspectRatios)).toEqual([false, true]);
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
  ] as const)('have the media type %s from their bytes', async ([mediaType, bytes]) => {
    const [image] = await drawnFromBytes(bytes);
    expect(image?.url).toBe(`data:${mediaType};base64,${Buffer.from(bytes as string).toString('base64')}`);
  });

  test.for([
    ['a list under `images`', { images: [{ b64_json: GIF }] }],
    ['a list under `images` beside an empty one', { data: [], images: [GIF] }],
    ['a bare list', [{ b64_json: GIF }]],
    ['one object', { image: GIF }],
    ['one object under `data`', { data: { b64_json: GIF } }],
    ['bytes under `data`', { data: GIF, mime_type: 'image/png' }],
  ])('come in %s', async ([_title, answer]) => {
    expect(await drawnFrom(JSON.stringify(answer))).toEqual([{ url: `data:image/gif;base64,${GIF}`, alt: 'a cat' }]);
  });

  test('that are relative links are where the server is', async () => {
    const { upstream, provider } = await startAcme(
      ({ reply }) => reply({ body: '{"data":[{"url":"/files/1.png"}]}' }),
      {
        models: [PAINTER],
      },
    );
    expect(await draw(provider, { prompt: 'a cat' })).toEqual([{ url: `${upstream.url}/files/1.png`, alt: 'a cat' }]);
  });

  test.for([
    '{}',
    '{"data":null}',
    '{"data":{}}',
    '{"data":[{}]}',
    '{"data":[],"images":[]}',
    '{"data":[{"url":"","b64_json":""}]}',
    '{"data":[{"url":"https://"}]}',
    '{"data":[{"b64_json":"SGVsbG8="}]}',
    '{"data":[{"url":"https://images.example/1.png"},{}]}',
    '{"data":[{"url":"https://images.example/1.png"},null]}',
    '{"data":[{"url":"https://images.example/1.png"},{"b64_json":"SGVsbG8="}]}',
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
