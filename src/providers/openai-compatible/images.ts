import { nearestShape } from '../kit/nearest-shape.ts';
import type { ImageRequest } from '../provider.ts';

/** The body that orders pictures. @param shapes those that the model's pictures come in: sizes, or ratios; none: nothing is said of it */
export function toOpenAiImageOrder(
  { model, prompt, count, aspectRatio }: ImageRequest,
  shapes: readonly string[],
): Readonly<Record<string, unknown>> {
  const shape = nearestShape(aspectRatio, shapes);
  const field = shape?.includes(':') ? 'aspect_ratio' : 'size';
  return { model, prompt, n: count, [field]: shape };
}
