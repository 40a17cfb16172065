import type { AspectRatio, ImageRequest } from '../provider.ts';

/** Of shapes such as `1536x1024` or `16:9`, the nearest one: twice as wide is as far as twice as high. Undefined where there are none. */
export function nearestShape({ width, height }: AspectRatio, shapes: readonly string[]): string | undefined {
  const far = (shape: string) => {
    const [wide = 1, high = 1] = shape.split(/[x:]/).map(Number);
    return Math.abs(Math.log(wide / high) - Math.log(width / height));
  };
  return shapes.toSorted((a, b) => far(a) - far(b))[0];
}

/** The body that orders pictures. @param shapes those that the model's pictures come in: sizes, or ratios; none: nothing is said of it */
export function toOpenAiImageOrder(
  { model, prompt, count, aspectRatio }: ImageRequest,
  shapes: readonly string[],
): Readonly<Record<string, unknown>> {
  const shape = nearestShape(aspectRatio, shapes);
  const field = shape?.includes(':') ? 'aspect_ratio' : 'size';
  return { model, prompt, n: count, [field]: shape };
}
