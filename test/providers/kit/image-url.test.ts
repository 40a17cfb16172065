import { expect, test } from 'vitest';
import { toImageUrl } from '../../../src/providers/kit/image-url.ts';

const BASE = 'https://ai.example/v1';
const LINK = 'https://images.example/1.png';
const GIF = Buffer.from('GIF89a\u0001\u0000\u0001\u0000').toString('base64');
const DRAWN = `data:image/gif;base64,${GIF}`;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';

test.for<[unknown, string]>([
  [LINK, LINK],
  [` ${LINK}\n`, LINK],
  [DRAWN, DRAWN],
  [GIF, DRAWN],
  [GIF.replace(/.{4}/g, '$&\n'), DRAWN],
  [`data:image/png;base64,${GIF}`, DRAWN],
  [`data:;base64,${encodeURIComponent(GIF)}`, DRAWN],
  [`data:image/svg+xml,${encodeURIComponent(SVG)}`, `data:image/svg+xml;base64,${Buffer.from(SVG).toString('base64')}`],
  ['/files/1.png', 'https://ai.example/files/1.png'],
  ['/files/1', 'https://ai.example/files/1'],
  ['./1?x=y', 'https://ai.example/1?x=y'],
  ['files/1.png?x', 'https://ai.example/files/1.png?x'],
  ['//cdn.example/1.png', 'https://cdn.example/1.png'],
  [{ url: LINK }, LINK],
  [{ image_url: LINK }, LINK],
  [{ type: 'image_url', image_url: { url: LINK, detail: 'low' } }, LINK],
  [{ b64_json: GIF, url: null }, DRAWN],
  [{ b64_json: DRAWN, url: '' }, DRAWN],
  [{ data: GIF, media_type: 'image/png' }, DRAWN],
  [{ base64: GIF }, DRAWN],
  [{ image: GIF }, DRAWN],
  [{ image: { data: GIF, mimeType: 'image/png' } }, DRAWN],
  [{ image: { image_url: { url: LINK } } }, LINK],
])('%j is a picture', ([item, url]) => {
  expect(toImageUrl(item, BASE)).toBe(url);
});

test.for<[unknown]>([
  [undefined],
  [null],
  [5],
  [''],
  [' '],
  [[LINK]],
  [{}],
  ['https://'],
  ['https://a b/1.png'],
  ['ftp://images.example/1.png'],
  ['file:///etc/passwd'],
  ['javascript:alert(1)'],
  ['Sorry, I cannot draw that. See /help'],
  ['none'],
  ['SGVsbG8='],
  ['data:image/png;base64,SGVsbG8='],
  ['data:image/png;base64'],
  ['data:text/html,<p>'],
  [`${GIF}!`],
  [{ b64_json: '/files/1.png' }],
  [{ data: '/files/1.png' }],
  [{ image: { image: { image: { image: LINK } } } }],
])('%j is none', ([item]) => {
  expect(toImageUrl(item, BASE)).toBeNull();
});

test('a picture of megabytes is read, and so is what only looks like one', () => {
  const bytes = Buffer.concat([Buffer.from(GIF, 'base64'), Buffer.alloc(12_000_000, 7)]);
  const base64 = bytes.toString('base64');
  expect(toImageUrl(base64, BASE)).toBe(`data:image/gif;base64,${base64}`);
  expect(toImageUrl({ url: `data:image/gif;base64,${base64}` }, BASE)).toBe(`data:image/gif;base64,${base64}`);
  for (const hostile of ['/', ' ', 'a.', 'data:', ';base64', '%', '../']) {
    expect(toImageUrl(`${hostile.repeat(12_000_000 / hostile.length)}!`, BASE)).toBeNull();
  }
});
