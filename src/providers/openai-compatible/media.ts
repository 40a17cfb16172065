import type { InputPart, MediaPart } from '../chat.ts';
import { extensionOf, fileNameOf, textInFile } from '../kit/file-part.ts';
import { base64Of, mediaTypeOf } from '../kit/media-part.ts';
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
  const text = textInFile(part);
  return text === null ? toFilePart(part, mediaParts) : { type: 'text', text };
}

function toAudioPart(part: MediaPart, mediaParts: ChatDialect['mediaParts']): object {
  const data = base64Of(part);
  if (mediaParts === 'mistral') return { type: 'input_audio', input_audio: data };
  return { type: 'input_audio', input_audio: { data, format: extensionOf(mediaTypeOf(part)) } };
}

function toFilePart(part: MediaPart, mediaParts: ChatDialect['mediaParts']): object {
  const name = fileNameOf(part);
  if (mediaParts === 'mistral') return { type: 'document_url', document_url: part.url, document_name: name };
  return { type: 'file', file: { filename: name, file_data: part.url } };
}
