import type { MediaPart } from '../../providers/chat.ts';
import { ProviderError } from '../../providers/errors.ts';
import { base64Bytes, isBase64 } from '../../providers/http/base64.ts';
import { fromDataUri as bytesOf } from '../../providers/kit/image-file.ts';
import { HEAD_BYTES, toMediaType } from './media-type.ts';

/** What stands behind a link. */
export interface Medium {
  readonly bytes: number;
  /** The first of them, which tell what it is. */
  readonly head: Uint8Array;
  /** What was said that it is; null where nothing was. */
  readonly mediaType: string | null;
  /** In base64. */
  toDataUri(type: string): string;
}

/** Of its forms only one is kept: it may be long. */
export function fromBytes(whole: Uint8Array, mediaType: string | null): Medium {
  let source: Uint8Array | string = whole;
  return {
    bytes: whole.length,
    head: new Uint8Array(whole.subarray(0, HEAD_BYTES)),
    mediaType,
    toDataUri(type) {
      const prefix = prefixOf(type);
      if (typeof source !== 'string') source = encode(prefix, source);
      return source.startsWith(prefix) ? source : `${prefix}${source.slice(source.indexOf(',') + 1)}`;
    },
  };
}

const prefixOf = (type: string) => `data:${type};base64,`;

/** Of three bytes, so that each piece ends with a whole group. */
const PIECE_BYTES = 3 * 16_384;

/** Piece by piece into its place: strings that are put together would be copied once more, and slowly. */
function encode(prefix: string, bytes: Uint8Array): string {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const uri = Buffer.allocUnsafe(prefix.length + Math.ceil(bytes.length / 3) * 4);
  let length = uri.write(prefix, 'latin1');
  for (let at = 0; at < from.length; at += PIECE_BYTES) {
    length += uri.write(from.toString('base64', at, at + PIECE_BYTES), length, 'latin1');
  }
  return uri.toString('latin1');
}

/** What is not in base64 is text, in practice, or a drawing. */
const MAX_PLAIN_CHARACTERS = 1_048_576;
/** Of the beginning, up to the comma. */
const MAX_TYPE_CHARACTERS = 1000;
/** Some break base64 into lines, or escape its signs. */
const SLACK = 1.5;

/** @throws ProviderError `REJECTED` for what is no data: URI, `TOO_LARGE` */
export function fromDataUri(uri: string, maxBytes: number): Medium {
  const comma = uri.slice(0, MAX_TYPE_CHARACTERS).indexOf(',');
  if (comma === -1)
    throw new ProviderError('REJECTED', 'expected a data: URI such as data:image/png;base64,iVBORw0KGgo…');
  const [type = '', ...parameters] = uri.slice('data:'.length, comma).split(';');
  const mediaType = type.trim() || null;
  const isInBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64';
  const mostCharacters = isInBase64 ? Math.ceil(maxBytes / 3) * 4 * SLACK : MAX_PLAIN_CHARACTERS;
  if (uri.length - comma - 1 > mostCharacters) throw tooLarge(isInBase64 ? maxBytes : MAX_PLAIN_CHARACTERS);
  const medium = isInBase64 ? fromBase64(uri, comma + 1, mediaType) : fromBytes(bytesOf(uri, 'The URI'), mediaType);
  if (medium.bytes > maxBytes) throw tooLarge(maxBytes);
  return medium;
}

function tooLarge(maxBytes: number): ProviderError {
  return new ProviderError('TOO_LARGE', `expected at most ${maxBytes} bytes`);
}

const HEAD_CHARACTERS = Math.ceil(HEAD_BYTES / 3) * 4;

/** As it stands, where it is what others would write. */
function fromBase64(uri: string, begin: number, mediaType: string | null): Medium {
  const text = uri.slice(begin);
  if (!isBase64(text)) return fromBytes(decodeLeniently(text), mediaType);
  return {
    bytes: base64Bytes(text),
    head: Buffer.from(text.slice(0, HEAD_CHARACTERS), 'base64'),
    mediaType,
    toDataUri: (type) => (uri.slice(0, begin) === prefixOf(type) ? uri : `${prefixOf(type)}${text}`),
  };
}

/** The other alphabet, escaped signs, blanks, no padding. */
function decodeLeniently(text: string): Uint8Array {
  try {
    const plain = decodeURIComponent(text).replaceAll('-', '+').replaceAll('_', '/');
    return Buffer.from(atob(plain), 'latin1');
  } catch (cause) {
    throw new ProviderError('REJECTED', 'expected base64 behind the comma', { cause });
  }
}

/**
 * The part with what it links to in place of the link.
 * @throws ProviderError `REJECTED` where that is something else than the part says
 */
export function embed(part: MediaPart, medium: Medium): MediaPart {
  const claimed = part.mediaType ?? medium.mediaType;
  const type = toMediaType(claimed, medium.head);
  if (medium.bytes === 0) throw new ProviderError('REJECTED', 'expected bytes, got none');
  if (type === undefined) throw new ProviderError('REJECTED', `expected bytes of the type '${claimed}'`);
  if (part.type !== 'file' && !FITS[part.type].test(type)) {
    throw new ProviderError('REJECTED', `expected ${part.type === 'image' ? 'a picture' : 'sound'}, got ${type}`);
  }
  return { ...part, url: medium.toDataUri(type), mediaType: type };
}

/** A film may be recorded without pictures. */
const FITS = { image: /^image\//, audio: /^(audio\/|video\/(mp4|ogg|webm)$)/ } as const;
