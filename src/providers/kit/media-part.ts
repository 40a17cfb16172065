import type { MediaPart } from '../chat.ts';
import { ProviderError } from '../errors.ts';

/** Without parameters, in lower case; empty where it is not known. */
export function mediaTypeOf({ url, mediaType }: MediaPart): string {
  const told = mediaType ?? /^data:([^;,]*)/i.exec(url)?.[1] ?? '';
  return (told.split(';')[0] ?? '').trim().toLowerCase();
}

/** Whether a file of this type is text, whatever for. */
export function isTextType(mediaType: string): boolean {
  return /^text\/|^application\/(.+\+)?(json|xml|yaml|toml|javascript)$/.test(mediaType);
}

export function isLink({ url }: MediaPart): boolean {
  return !/^data:/i.test(url);
}

/** The bytes of a data: URI, as they stand there. @throws ProviderError `REJECTED` for a link */
export function base64Of(part: MediaPart): string {
  if (isLink(part)) throw new ProviderError('REJECTED', `expected the ${part.type} as a data: URI`);
  return part.url.slice(part.url.indexOf(',') + 1);
}
