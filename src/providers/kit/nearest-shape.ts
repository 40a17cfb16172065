import type { AspectRatio } from '../provider.ts';

/** Of shapes such as `1536x1024` or `16:9`, the nearest one: twice as wide is as far as twice as high. Undefined where there are none. */
export function nearestShape({ width, height }: AspectRatio, shapes: readonly string[]): string | undefined {
  const far = (shape: string) => {
    const [wide = 1, high = 1] = shape.split(/[x:]/).map(Number);
    return Math.abs(Math.log(wide / high) - Math.log(width / height));
  };
  return shapes.toSorted((a, b) => far(a) - far(b))[0];
}
