import { mediaTypeOf } from '../../providers/kit/image-file.ts';

/** As many of the first bytes as are looked at. */
export const HEAD_BYTES = 65_536;

/**
 * What a file is, by its first bytes. A claim between pictures, or between sounds, that is wrong is put right; one of
 * another kind, and one of a picture, a sound or a PDF that the bytes do not bear out, is none.
 * @param claimed such as `image/png`; null where nothing is said
 * @returns undefined where the claim is wrong
 */
export function toMediaType(claimed: string | null, head: Uint8Array): string | undefined {
  const type = claimed === null ? 'application/octet-stream' : normalize(claimed);
  if (TEXT.test(type)) return isText(head) ? type : undefined;
  const found = typesOf(head);
  const [first] = found;
  if (type === 'application/octet-stream') return first ?? (isText(head) ? 'text/plain' : type);
  if (first === undefined) return TOLD_BY_BYTES.test(type) ? undefined : type;
  if (found.includes(type)) return type;
  return kindOf(first) === kindOf(type) ? first : undefined;
}

/** In the spelling that is used here, without parameters: `audio/x-wav; codecs=1` is `audio/wav`. */
export function normalize(type: string): string {
  const [bare = ''] = type.toLowerCase().split(';', 1);
  return ALIASES[bare.trim()] ?? bare.trim();
}

const ALIASES: Readonly<Record<string, string>> = {
  'application/ogg': 'audio/ogg',
  'application/x-pdf': 'application/pdf',
  'audio/aacp': 'audio/aac',
  'audio/m4a': 'audio/mp4',
  'audio/mp3': 'audio/mpeg',
  'audio/opus': 'audio/ogg',
  'audio/vnd.wave': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-aac': 'audio/aac',
  'audio/x-aiff': 'audio/aiff',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'image/jpg': 'image/jpeg',
};

const TEXT = /^(text\/.+|application\/((.+\+)?(json|xml|yaml)|javascript|toml|x-ndjson|x-yaml))$/;

/** Without the bytes it would be somebody's word. */
const TOLD_BY_BYTES = /^((image|audio)\/.+|application\/pdf)$/;

/** By the first bytes, each a character: what it is, and what it may be as well. */
const SIGNATURES: readonly (readonly [RegExp, ...string[]])[] = [
  [/^%PDF-/, 'application/pdf'],
  [/^RIFF.{4}WAVE/s, 'audio/wav'],
  [/^FORM.{4}AIF[FC]/s, 'audio/aiff'],
  [/^fLaC/, 'audio/flac'],
  [/^OggS/, 'audio/ogg', 'video/ogg'],
  [/^.{4}ftyp/s, 'audio/mp4', 'video/mp4', 'video/quicktime'],
  [/^.E\xdf\xa3/s, 'audio/webm', 'video/webm', 'video/x-matroska'],
  [/^\xff[\xf0\xf1\xf8\xf9]/, 'audio/aac'],
  [/^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/, 'audio/mpeg'],
];

function typesOf(head: Uint8Array): readonly string[] {
  const picture = mediaTypeOf(head);
  if (picture !== 'application/octet-stream') return [picture];
  const beginning = Buffer.from(head.subarray(0, 12)).toString('latin1');
  const [, ...types] = SIGNATURES.find(([signature]) => signature.test(beginning)) ?? [];
  return types;
}

function kindOf(type: string): string | undefined {
  return /^(image|audio|video)\//.exec(type)?.[1];
}

/** UTF-8, which the end may cut, and no zero in it. */
function isText(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !head.includes(0);
  } catch {
    return false; // The decoder's only complaint.
  }
}
