import type { MediaPart } from '../chat.ts';
import { base64Of, isLink, isTextType, mediaTypeOf } from './media-part.ts';

/** The text in a file, under its name; null where it holds none, or is only linked to. Servers take a file for a PDF; what is text, each model reads. */
export function textInFile(part: MediaPart): string | null {
  if (isLink(part) || !isTextType(mediaTypeOf(part))) return null;
  return `${part.name ?? 'A file'}:\n\n${Buffer.from(base64Of(part), 'base64').toString()}`;
}

/** Its own, that of what is linked to, or one that tells its format. */
export function fileNameOf(part: MediaPart): string {
  return part.name ?? nameInLink(part) ?? `file.${extensionOf(mediaTypeOf(part))}`;
}

/** Only with an extension: servers may tell by that what they are sent. */
function nameInLink(part: MediaPart): string | undefined {
  if (!isLink(part)) return undefined;
  const [name = ''] = new URL(part.url).pathname.split('/').slice(-1);
  return /\.[a-z0-9]{1,5}$/i.test(name) ? name : undefined;
}

/** What formats are called: `wav`, `mp3`, `pdf`. */
export function extensionOf(mediaType: string): string {
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
