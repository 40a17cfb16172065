import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** A file that goes along with a question. */
export interface Attachment {
  readonly name: string;
  readonly kind: 'image' | 'audio' | 'file';
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The first bytes of what models take, as Latin-1. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp'],
  [/^.{4}ftyp(heic|heix|mif1)/s, 'image/heic'],
  [/^RIFF.{4}WAVE/s, 'audio/wav'],
  [/^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/, 'audio/mpeg'],
  [/^.{4}ftypM4A/s, 'audio/mp4'],
  [/^OggS/, 'audio/ogg'],
  [/^fLaC/, 'audio/flac'],
  [/^%PDF-/, 'application/pdf'],
];

/** The file with those that were named before it. @throws InvalidArgumentError */
export function addAttachment(file: string, before: readonly Attachment[] = []): readonly Attachment[] {
  const bytes = readBytes(file);
  if (bytes.length === 0) throw new InvalidArgumentError('The file is empty.');
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === undefined) {
    throw new InvalidArgumentError('No model takes such a file: expected a picture, sound, a PDF or text.');
  }
  const [family] = mediaType.split('/');
  const kind = family === 'image' || family === 'audio' ? family : 'file';
  return [...before, { name: basename(file), kind, mediaType, bytes }];
}

/** Of a file that is named on the command line. @throws InvalidArgumentError */
export function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** What they are, not what the file's name says; undefined where no model takes it. */
function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const [, known] = SIGNATURES.find(([signature]) => signature.test(head)) ?? [];
  return known ?? (isUtf8(bytes) && !bytes.includes(0) ? 'text/plain' : undefined);
}
