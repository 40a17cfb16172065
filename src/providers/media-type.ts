import { BMP } from 'image-size/types/bmp';
import { GIF } from 'image-size/types/gif';
import { HEIF } from 'image-size/types/heif';
import { JPG } from 'image-size/types/jpg';
import { PNG } from 'image-size/types/png';
import { SVG } from 'image-size/types/svg';
import { WEBP } from 'image-size/types/webp';

const FORMATS = [
  ['image/png', PNG],
  ['image/jpeg', JPG],
  ['image/webp', WEBP],
  ['image/gif', GIF],
  ['image/avif', { validate: isAvif }],
  ['image/heic', HEIF],
  ['image/svg+xml', SVG],
  ['image/bmp', BMP],
] as const;

/** Every format shows itself within so many bytes. */
const HEAD = 1024;

/** A picture's media type, told from its bytes; `application/octet-stream` for those of no known format. */
export function mediaTypeOf(bytes: Uint8Array): string {
  const head = bytes.subarray(0, HEAD);
  return FORMATS.find(([, format]) => isFormat(head, format))?.[0] ?? 'application/octet-stream';
}

/** A relative of HEIC: https://github.com/strukturag/libheif/issues/83 */
function isAvif(head: Uint8Array): boolean {
  return HEIF.validate(head) && Buffer.from(head).toString('latin1', 8, 12) === 'avif';
}

function isFormat(head: Uint8Array, { validate }: (typeof FORMATS)[number][1]): boolean {
  try {
    return validate(head);
  } catch {
    return false; // It looked further than the bytes go.
  }
}
