import { fromDataUri, mediaTypeOf, toDataUri } from './image-file.ts';

/**
 * The `url` of a picture, in whichever form a server sends one: a text that is an http(s) link, a link relative to the
 * server, a data: URI or bare base64; or an object that holds such a text, or another such object, under one of `FORMS`.
 * Bytes have to be those of a picture: their media type is told from them, whatever is said of it.
 * @param base the URL of the server, for relative links
 * @returns an absolute http(s) link, or a base64 data: URI; null for what is no picture
 */
export function toImageUrl(item: unknown, base: string): string | null {
  return fromItem(item, base, MAX_DEPTH);
}

/** The names under which servers send a picture, in the order in which they count; and whether a relative link may stand there. */
const FORMS = [
  ['url', true],
  ['image_url', true],
  ['b64_json', false],
  ['base64', false],
  ['data', false],
  ['image', true],
] as const;

/** Such as `{ image: { image_url: { url } } }`. */
const MAX_DEPTH = 3;

/** A longer text is no relative link. */
const MAX_LINK = 4_096;

function fromItem(item: unknown, base: string, depth: number): string | null {
  if (typeof item === 'string') return fromText(item) ?? fromRelativeLink(item, base);
  if (typeof item !== 'object' || item === null || depth === 0) return null;
  const fields = item as Readonly<Record<string, unknown>>;
  for (const [form, mayBeRelative] of FORMS) {
    const value = fields[form];
    const url = typeof value === 'string' && !mayBeRelative ? fromText(value) : fromItem(value, base, depth - 1);
    if (url !== null) return url;
  }
  return null;
}

function fromText(text: string): string | null {
  if (/^\s*https?:\/\//i.test(text)) return URL.canParse(text) ? text.trim() : null;
  if (/^\s*data:/i.test(text)) return text.includes(',') ? fromBytes(fromDataUri(text.trim(), 'The upstream')) : null;
  return /[^\w+/=\s-]/.test(text) ? null : fromBytes(Buffer.from(text, 'base64'));
}

function fromBytes(bytes: Uint8Array): string | null {
  const mediaType = mediaTypeOf(bytes);
  return mediaType.startsWith('image/') ? toDataUri({ bytes, mediaType }) : null;
}

/** A path, or the name of a file: `/files/1`, `files/1.png`. Other texts are messages, or bytes that are no picture. */
function fromRelativeLink(text: string, base: string): string | null {
  if (text.length > MAX_LINK || !/^(\.{0,2}\/|[^\s:]+\.\w+(\?|#|$))/.test(text) || /\s/.test(text)) return null;
  return URL.canParse(text, base) ? new URL(text, base).href : null;
}
