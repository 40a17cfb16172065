import type { InputPart, MediaPart } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { base64Of, isTextType, mediaTypeOf } from '../kit/media-part.ts';

/** A part of a message: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html */
export type Block = Readonly<Record<string, unknown>>;

/**
 * What a message says. Blank texts are refused, and say nothing.
 * @param names those of the documents of a conversation: two of one name are refused
 */
export function toBlocks(parts: readonly InputPart[], names = new Set<string>()): Block[] {
  return parts.flatMap((part): Block[] => {
    if (part.type !== 'text') return [toMediaBlock(part, names)];
    return part.text.trim() === '' ? [] : [{ text: part.text }];
  });
}

/** @throws ProviderError `REJECTED` for what there is no block for */
function toMediaBlock(part: MediaPart, names: Set<string>): Block {
  const mediaType = mediaTypeOf(part);
  const source = { bytes: base64Of(part) };
  if (part.type === 'image') return { image: { format: toImageFormat(mediaType), source } };
  if (part.type === 'file') {
    return { document: { format: toDocumentFormat(mediaType), name: toName(part, names), source } };
  }
  throw new ProviderError('REJECTED', 'Amazon Bedrock takes no audio in a chat');
}

function toImageFormat(mediaType: string): string {
  const format = mediaType.replace(/^image\//, '');
  return format === 'jpg' ? 'jpeg' : format;
}

const DOCUMENT_FORMATS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
]);

function toDocumentFormat(mediaType: string): string {
  const format = DOCUMENT_FORMATS.get(mediaType) ?? (isTextType(mediaType) ? 'txt' : null);
  if (format === null) throw new ProviderError('REJECTED', `Amazon Bedrock takes no files of the type '${mediaType}'`);
  return format;
}

/** Ten less than may be, for a number behind it. */
const MAX_NAME = 190;

/**
 * Of the characters that names may have, and unlike the others.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html (read 2026-11-27)
 */
function toName({ name }: MediaPart, names: Set<string>): string {
  const fitted = (name ?? '').replace(/[^a-zA-Z0-9\-()[\]]+/g, ' ').trim();
  const first = fitted.slice(0, MAX_NAME).trim() || 'Document';
  let own = first;
  for (let again = 2; names.has(own); again++) own = `${first} (${again})`;
  names.add(own);
  return own;
}
