import { BMP } from 'image-size/types/bmp';
import { GIF } from 'image-size/types/gif';
import { HEIF } from 'image-size/types/heif';
import type { ISize } from 'image-size/types/interface';
import { JPG } from 'image-size/types/jpg';
import { PNG } from 'image-size/types/png';
import { SVG } from 'image-size/types/svg';
import { WEBP } from 'image-size/types/webp';
import { ProviderError } from '../errors.ts';

/** The bytes of a picture, and what they say of it. */
export interface ImageFile {
  readonly bytes: Uint8Array;
  /** Such as `image/png`. */
  readonly mediaType: string;
  /** In pixels, as stored. Null for a drawing that fits any size. */
  readonly width: number | null;
  readonly height: number | null;
}

interface Format {
  /** Bytes at the beginning among which the size is looked for: hostile files make the search slow. */
  readonly head: number;
  /** Throws, too, for what is not of this format. */
  matches(head: Uint8Array): boolean;
  size(head: Uint8Array): ISize;
  mediaType(head: Uint8Array): string;
}

const FORMATS: readonly Format[] = [
  { head: 64, matches: PNG.validate, size: PNG.calculate, mediaType: () => 'image/png' },
  { head: 524_288, matches: JPG.validate, size: JPG.calculate, mediaType: () => 'image/jpeg' },
  { head: 64, matches: GIF.validate, size: GIF.calculate, mediaType: () => 'image/gif' },
  { head: 64, matches: WEBP.validate, size: WEBP.calculate, mediaType: () => 'image/webp' },
  { head: 65_536, matches: HEIF.validate, size: HEIF.calculate, mediaType: heifMediaType },
  { head: 64, matches: isBitmap, size: BMP.calculate, mediaType: () => 'image/bmp' },
  { head: 16_384, matches: isSvg, size: svgSize, mediaType: () => 'image/svg+xml' },
];

/**
 * Tells a picture's format and size from its bytes alone.
 * @param name whose picture it is, for messages
 * @throws ProviderError `BAD_RESPONSE` for what is no PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or SVG.
 */
export function readImageFile(bytes: Uint8Array, name: string): ImageFile {
  for (const { head, matches, size, mediaType } of FORMATS) {
    try {
      const beginning = new Uint8Array(bytes.subarray(0, head)); // A copy: image-size reads on behind the end of a view.
      if (!matches(beginning)) continue;
      const { width, height } = size(beginning);
      return { bytes, mediaType: mediaType(beginning), width: toPixels(width), height: toPixels(height) };
    } catch (cause) {
      throw new ProviderError('BAD_RESPONSE', `${name} sent a picture that is broken`, { cause });
    }
  }
  throw new ProviderError('BAD_RESPONSE', `${name} sent something that is no picture`);
}

/** What the first bytes say that they are; `application/octet-stream` for no picture that is known. */
export function mediaTypeOf(bytes: Uint8Array): string {
  const format = FORMATS.find(({ head, matches }) => {
    try {
      return matches(new Uint8Array(bytes.subarray(0, head)));
    } catch {
      return false; // It looked further than the bytes go.
    }
  });
  return format?.mediaType(bytes) ?? 'application/octet-stream';
}

/** The bytes in a data: URI. @throws ProviderError `BAD_RESPONSE` */
export function fromDataUri(uri: string, name: string): Uint8Array {
  const comma = uri.indexOf(',');
  if (comma === -1) throw new ProviderError('BAD_RESPONSE', `${name} sent a data: URI without data`);
  const bytes = percentDecode(uri.slice(comma + 1));
  return /;\s*base64\s*$/i.test(uri.slice(0, comma)) ? Buffer.from(bytes.toString('latin1'), 'base64') : bytes;
}

/** The encoded bytes need not be UTF-8. */
function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (!text.includes('%')) return bytes;
  const decoded = bytes
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}

export function toDataUri({ bytes, mediaType }: Pick<ImageFile, 'bytes' | 'mediaType'>): string {
  return `data:${mediaType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}

/** The brands of AVIF and its relatives: https://github.com/strukturag/libheif/issues/83 */
function heifMediaType(head: Uint8Array): string {
  const brand = Buffer.from(head.subarray(8, 12)).toString('latin1');
  if (brand === 'avif') return 'image/avif';
  return brand === 'mif1' || brand === 'msf1' ? 'image/heif' : 'image/heic';
}

/** Two letters would let every text through that begins with "BM": the reserved bytes are zero. */
function isBitmap(head: Uint8Array): boolean {
  return BMP.validate(head) && head.subarray(6, 10).every((byte) => byte === 0);
}

/** What may stand before the root element. A page with a drawing in it is no drawing. */
const SVG_BEGINNING =
  /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE\s+svg[^[>]*(\[[^\]]*\]\s*)?>\s*)*<svg[\s>/]/;

function isSvg(head: Uint8Array): boolean {
  return SVG_BEGINNING.test(Buffer.from(head).toString('utf8'));
}

/** A drawing without width, height and viewBox is as good as any other. */
function svgSize(head: Uint8Array): ISize {
  try {
    return SVG.calculate(head);
  } catch {
    return { width: Number.NaN, height: Number.NaN };
  }
}

/** GraphQL's Int holds no more. */
const MAX_PIXELS = 2 ** 31 - 1;

function toPixels(length: number | undefined): number | null {
  const pixels = Math.round(length ?? Number.NaN);
  return pixels >= 1 && pixels <= MAX_PIXELS ? pixels : null;
}
