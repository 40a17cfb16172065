import type { InputPart, MediaPart } from '../chat.ts';
import { base64Of, isLink, isTextType, mediaTypeOf } from '../kit/media-part.ts';

/** A part of a message: https://platform.claude.com/docs/en/api/messages */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** What a message says. Blank texts are refused, and say nothing. */
export function toBlocks(parts: readonly InputPart[]): Block[] {
  return parts.flatMap((part): Block[] => {
    if (part.type !== 'text') return [toMediaBlock(part)];
    return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
  });
}

function toMediaBlock(part: MediaPart): Block {
  const { type, name } = part;
  if (type === 'image') return { type, source: toSource(part) };
  return { type: 'document', source: toSource(part), ...(name !== null && { title: name }) };
}

/** Of a file that is only linked to, the server takes it for a PDF. */
function toSource(part: MediaPart): object {
  if (isLink(part)) return { type: 'url', url: part.url };
  const mediaType = mediaTypeOf(part);
  const data = base64Of(part);
  if (part.type === 'file' && isTextType(mediaType)) {
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString() };
  }
  return { type: 'base64', media_type: mediaType, data };
}
