import type { Image } from '../../providers/chat.ts';
import { fromDataUri, type ImageFile, readImageFile } from '../../providers/kit/image-file.ts';
import { createSharedLoad, type SharedLoad } from '../../providers/kit/shared-load.ts';
import type { Download } from '../download/download.ts';

/** The bytes of pictures, read when they are asked for. */
export interface ImageFiles {
  /**
   * A picture's bytes, out of its data: URI or from where it is. Read once for all who ask, and again after a failure;
   * given up when the last who waits has left.
   * @throws ProviderError where they cannot be had; the signal's reason when that aborts.
   */
  read(image: Image, signal: AbortSignal): Promise<ImageFile>;
  /** Whether they have been read, or are about to be. */
  isAskedFor(image: Image): boolean;
}

export function createImageFiles(download: Pick<Download, 'read'>): ImageFiles {
  const loads = new WeakMap<Image, SharedLoad<ImageFile>>();

  async function load({ url }: Image, signal: AbortSignal): Promise<ImageFile> {
    const name = 'The upstream';
    if (/^data:/i.test(url)) return readImageFile(fromDataUri(url, name), name);
    const { bytes } = await download.read(url, signal);
    return readImageFile(bytes, new URL(url).host);
  }

  return {
    async read(image, signal) {
      const shared = loads.get(image) ?? createSharedLoad((signal) => load(image, signal));
      loads.set(image, shared);
      try {
        return await shared.get(signal);
      } catch (error) {
        if (!signal.aborted) loads.delete(image); // Another may still wait for it.
        throw error;
      }
    },
    isAskedFor: (image) => loads.has(image),
  };
}
