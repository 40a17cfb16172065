import { ProviderError } from './errors.ts';
import { mediaTypeOf, toDataUri } from './image-file.ts';
import { isObject, type Json } from './json.ts';
import { isImageUrl } from './openai-chunk.ts';
import type { AspectRatio, Image } from './provider.ts';

/** Of sizes such as `1536x1024`, at least one, the one whose shape is nearest: twice as wide is as far as twice as high. */
export function nearestSize({ width, height }: AspectRatio, sizes: readonly string[]): string {
  const far = (size: string) => {
    const [pixelsWide = 1, pixelsHigh = 1] = size.split('x').map(Number);
    return Math.abs(Math.log(pixelsWide / pixelsHigh) - Math.log(width / height));
  };
  return sizes.reduce((nearest, size) => (far(size) < far(nearest) ? size : nearest));
}

/** The pictures of an answer. @throws ProviderError `BAD_RESPONSE` when there are none. */
export function fromOpenAiImages(answer: Json | null, { name, prompt }: { name: string; prompt: string }): Image[] {
  const items: readonly unknown[] = Array.isArray(answer?.data) ? answer.data : [];
  const images = items.flatMap((item) => (isObject(item) ? fromItem(item, prompt) : []));
  if (images.length === 0) throw new ProviderError('BAD_RESPONSE', `${name} sent no images`);
  return images;
}

function fromItem({ url, b64_json, revised_prompt }: Json, prompt: string): Image[] {
  const alt = typeof revised_prompt === 'string' && revised_prompt.trim() !== '' ? revised_prompt : prompt;
  if (isImageUrl(url)) return [{ url, alt }];
  if (typeof b64_json !== 'string') return [];
  const bytes = Buffer.from(b64_json, 'base64');
  return bytes.length === 0 ? [] : [{ url: toDataUri({ bytes, mediaType: mediaTypeOf(bytes) }), alt }];
}
