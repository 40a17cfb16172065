import { writeFile } from 'node:fs/promises';
import { Failed } from './failed.ts';
import type { PictureFragment } from './generated/graphql.ts';

/**
 * Writes a picture to a file: the named one, or a new one in the working directory, named after what it shows.
 * @returns the name of the file, or the picture's URL where its bytes cannot be had.
 * @throws Failed
 */
export async function savePicture({ url, alt, dataUri }: PictureFragment, file?: string): Promise<string> {
  if (dataUri === null) return url;
  const response = await fetch(dataUri); // It holds all the bytes: nothing is asked for anywhere.
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [, type = 'bin'] = /^data:image\/([a-z]+)/.exec(dataUri) ?? [];
  try {
    if (file === undefined) return await writeNew(toName(alt), type === 'jpeg' ? 'jpg' : type, bytes);
    await writeFile(file, bytes);
    return file;
  } catch (error) {
    throw new Failed(`the picture cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** Never over a file that is there. */
async function writeNew(name: string, ending: string, bytes: Uint8Array): Promise<string> {
  for (let count = 1; ; count++) {
    const file = `${name}${count === 1 ? '' : `-${count}`}.${ending}`;
    try {
      await writeFile(file, bytes, { flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** "A harbour, at dawn!" is `a-harbour-at-dawn`. */
function toName(alt: string): string {
  const words = alt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['picture'];
  return [...words.join('-')].slice(0, 50).join('').replace(/-$/, '');
}
