import type { InputPart, MediaPart } from '../chat.ts';
import { base64Of, isLink, mediaTypeOf } from '../kit/media-part.ts';

/** A part of a content: https://ai.google.dev/api/caching#Part */
export type Part = Readonly<Record<string, unknown>>;

/** What a message says. Empty texts are refused, and say nothing. */
export function toParts(parts: readonly InputPart[]): readonly Part[] {
  return parts.flatMap((part): readonly Part[] => {
    if (part.type !== 'text') return [toMediaPart(part)];
    return part.text === '' ? [] : [{ text: part.text }];
  });
}

/** Of a link that is read there, Google knows the type. */
function toMediaPart(part: MediaPart): Part {
  const mimeType = mediaTypeOf(part) || undefined;
  if (isLink(part) && readsLink(part.url)) return { fileData: { mimeType, fileUri: part.url } };
  return { inlineData: { mimeType, data: base64Of(part) } };
}

/**
 * Whether Google reads a link itself: of its own files, and of YouTube.
 * @see https://ai.google.dev/gemini-api/docs/video-understanding (read 2026-11-27)
 */
export function readsLink(link: string): boolean {
  const { hostname = '', pathname = '' } = URL.parse(link) ?? {};
  if (/^((www|m)\.)?youtube\.com$|^youtu\.be$/.test(hostname)) return true;
  return hostname === 'generativelanguage.googleapis.com' && /^\/v\w+\/files\//.test(pathname);
}
