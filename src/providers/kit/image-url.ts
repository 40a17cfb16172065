import { fromDataUri, mediaTypeOf } from './image-file.ts';

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
  if (/^\s*data:/i.test(text)) return fromDataText(text.trim());
  return /[^\w+/=\s-]/.test(text) ? null : fromBase64(text);
}

function fromDataText(uri: string): string | null {
  if (!uri.includes(',')) return null;
  const base64 = /^data:[^,]*;base64,/i.exec(uri.slice(0, MAX_LINK))?.[0];
  if (base64 !== undefined && !uri.includes('%')) return fromBase64(uri.slice(base64.length));
  const bytes = fromDataUri(uri, 'The upstream');
  return fromBase64(Buffer.from(bytes).toString('base64'));
}

/** The beginning tells what the bytes are; to decode all of them, and encode them again, would double the time. */
function fromBase64(text: string): string | null {
  const mediaType = mediaTypeOf(Buffer.from(text.slice(0, MAX_HEAD), 'base64'));
  if (!mediaType.startsWith('image/')) return null;
  const plain = /[\s_-]/.test(text) ? Buffer.from(text, 'base64').toString('base64') : text;
  return `data:${mediaType};base64,${plain}`;
}

/** Characters of base64, for as many bytes as a picture's format is looked for in. */
const MAX_HEAD = 700_000;

/** A path, or the name of a file: `/files/1`, `files/1.png`. Other texts are messages, or bytes that are no picture. */
function fromRelativeLink(text: string, base: string): string | null {
  if (text.length > MAX_LINK || !/^(\.{0,2}\/|[^\s:]+\.\w+(\?|#|$))/.test(text) || /\s/.test(text)) return null;
  return URL.canParse(text, base) ? new URL(text, base).href : null;
}
