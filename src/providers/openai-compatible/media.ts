import type { InputPart, MediaPart } from '../chat.ts';
import { base64Of, isLink, isTextType, mediaTypeOf } from '../kit/media-part.ts';
import type { ChatDialect } from './chat-dialect.ts';

/** What a message says: a text, or, where there are media, a list of parts. */
export function toContent(
  parts: readonly InputPart[],
  mediaParts: ChatDialect['mediaParts'],
): string | readonly object[] {
  if (parts.every((part) => part.type === 'text')) return parts.map(({ text }) => text).join('');
  return parts.flatMap((part) => {
    if (part.type !== 'text') return [toMediaPart(part, mediaParts)];
    return part.text === '' ? [] : [{ type: 'text', text: part.text }]; // Servers refuse empty ones.
  });
}

function toMediaPart(part: MediaPart, mediaParts: ChatDialect['mediaParts']): object {
  const { type, url, detail } = part;
  if (type === 'image') return { type: 'image_url', image_url: { url, detail: detail?.toLowerCase() } };
  if (type === 'audio') return toAudioPart(part, mediaParts);
  return isTextType(mediaTypeOf(part)) && !isLink(part) ? toTextPart(part) : toFilePart(part, mediaParts);
}

function toAudioPart(part: MediaPart, mediaParts: ChatDialect['mediaParts']): object {
  const data = base64Of(part);
  if (mediaParts === 'mistral') return { type: 'input_audio', input_audio: data };
  return { type: 'input_audio', input_audio: { data, format: extensionOf(mediaTypeOf(part)) } };
}

function toFilePart(part: MediaPart, mediaParts: ChatDialect['mediaParts']): object {
  const name = part.name ?? `file.${extensionOf(mediaTypeOf(part))}`;
  if (mediaParts === 'mistral') return { type: 'document_url', document_url: part.url, document_name: name };
  return { type: 'file', file: { filename: name, file_data: part.url } };
}

/** Servers take a file for a PDF; what is text, each model reads. */
function toTextPart(part: MediaPart): object {
  const text = Buffer.from(base64Of(part), 'base64').toString();
  return { type: 'text', text: `${part.name ?? 'A file'}:\n\n${text}` };
}

/** What formats are called: `wav`, `mp3`, `pdf`. */
function extensionOf(mediaType: string): string {
  const subtype = mediaType.split('/')[1] ?? '';
  return EXTENSIONS.get(subtype) ?? /^(?:x-)?([a-z0-9]+)$/.exec(subtype)?.[1] ?? 'bin';
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['mpeg', 'mp3'],
  ['wave', 'wav'],
  ['vnd.wave', 'wav'],
  ['mp4', 'm4a'],
  ['plain', 'txt'],
]);
