import type { InputPart, MediaPart } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { fileNameOf, textInFile } from '../kit/file-part.ts';
import { isLink } from '../kit/media-part.ts';

/** What a message says, in parts. @throws ProviderError `REJECTED` for audio, which the protocol has no place for */
export function toContent(parts: readonly InputPart[]): readonly object[] {
  return parts.flatMap((part) => {
    if (part.type !== 'text') return [toMediaPart(part)];
    return part.text === '' ? [] : [{ type: 'input_text', text: part.text }];
  });
}

function toMediaPart(part: MediaPart): object {
  const { type, url, detail } = part;
  if (type === 'audio') throw new ProviderError('REJECTED', 'the Responses API takes no audio');
  if (type === 'image') return { type: 'input_image', image_url: url, detail: detail?.toLowerCase() };
  if (isLink(part)) return { type: 'input_file', file_url: url };
  const text = textInFile(part);
  return text === null
    ? { type: 'input_file', filename: fileNameOf(part), file_data: url }
    : { type: 'input_text', text };
}
