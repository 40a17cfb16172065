import { describe, expect, test } from 'vitest';
import { fromDataUri, readImageFile, toDataUri } from '../../../src/providers/kit/image-file.ts';
import { PICTURES, PNG } from '../../helpers/pictures.ts';
import { vastFiles } from '../../helpers/vast-files.ts';

const read = (bytes: string | Uint8Array) => readImageFile(Buffer.from(bytes), 'Acme');
const svg = (attributes: string) => read(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`);

describe('the bytes of a picture', () => {
  test.for(Object.entries(PICTURES))('say that it is %s, 3 by 2', ([mediaType, bytes]) => {
    expect(readImageFile(bytes, 'Acme')).toEqual({ bytes, mediaType, width: 3, height: 2 });
  });

  test.for(['', '\uFEFF', '<?xml version="1.0"?>\n', '<!-- a --><!-- b -->\n', '<!DOCTYPE svg [<!ENTITY a "b">]>'])(
    'may begin with %j before a drawing',
    (beginning) => {
      expect(read(`${beginning}<svg width="3" height="2"></svg>`)).toMatchObject({ width: 3, height: 2 });
    },
  );

  test('give a drawing the size of its viewBox, rounded, or none', () => {
    expect(svg('viewBox="0 0 30 20"')).toMatchObject({ width: 30, height: 20 });
    expect(svg('width="3.4" height="1.6"')).toMatchObject({ width: 3, height: 2 });
    for (const sizeless of ['', 'width="100%" height="100%"', 'width="0" height="2"', 'viewBox="none"']) {
      expect(svg(sizeless)).toMatchObject({ mediaType: 'image/svg+xml', width: null, height: null });
    }
  });

  test('give no size that is too large for an Int', () => {
    const vast = Buffer.from(PNG);
    vast.writeUInt32BE(0xffff_ffff, 16);
    expect(read(vast)).toMatchObject({ mediaType: 'image/png', width: null, height: 2 });
  });
});

test.for([
  ['nothing', ''],
  ['text', 'Please log in'],
  ['text that begins like a bitmap', 'BMW builds cars, and has done so for more than a hundred years now.'],
  ['a page', '<!doctype html><title>No</title>'],
  ['a page with a drawing in it', '<!doctype html><svg width="3" height="2"></svg>'],
  ['a drawing inside a comment', '<!-- <svg width="3" height="2"> --><html></html>'],
  ['JSON', '{"error":"<svg width=\'3\' height=\'2\'>"}'],
  ['a PDF', '%PDF-1.7\n%âãÏÓ'],
  ['a zip', 'PK\x03\x04'],
  ['only the first bytes of a PNG', PNG.subarray(0, 20)],
  ['only the first bytes of a JPEG', Buffer.from('ffd8ffe0', 'hex')],
] as const)('%s is no picture', ([_title, bytes]) => {
  expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'BAD_RESPONSE' }));
});

test.for(vastFiles)('%s, 20 MB of it, is looked at to its end', ([_title, bytes]) => {
  try {
    readImageFile(bytes, 'Acme');
  } catch {
    // A picture or not: what counts is that it does not take for ever.
  }
});

test.for([
  ['data:,abc', 'abc'],
  ['data:text/plain,a%20b', 'a b'],
  ['data:image/svg+xml;utf8,<svg fill="%23fff">é</svg>', '<svg fill="#fff">é</svg>'],
  ['data:image/png;base64,YWJj', 'abc'],
  ['data:image/png;charset=x;BASE64,YW%4aj', 'abc'],
  ['DATA:;base64,YWJjZA%3D%3D', 'abcd'],
] as const)('the bytes of %s are %s', ([uri, text]) => {
  expect(Buffer.from(fromDataUri(uri, 'Acme')).toString()).toBe(text);
});

test('bytes that are no text survive in a data: URI', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  expect(new Uint8Array(fromDataUri(`data:,${percent}`, 'Acme'))).toEqual(bytes);
  const uri = toDataUri({ bytes, mediaType: 'image/png' });
  expect(new Uint8Array(fromDataUri(uri, 'Acme'))).toEqual(bytes);
});

test('a data: URI without a comma is BAD_RESPONSE', () => {
  expect(() => fromDataUri('data:image/png', 'Acme')).toThrow(expect.objectContaining({ code: 'BAD_RESPONSE' }));
});
