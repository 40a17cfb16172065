import { createHash } from 'node:crypto';
import type { AspectRatio } from '../provider.ts';

interface Pattern {
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  /** Pictures of one prompt differ by their index. */
  readonly index: number;
}

const LONG_SIDE = 1024;
const CIRCLES = 24;

/** Draws circles whose places, sizes and colours come from a hash of the prompt. Returns an SVG as a data: URI. */
export function drawPattern({ prompt, aspectRatio, index }: Pattern): string {
  const scale = LONG_SIDE / Math.max(aspectRatio.width, aspectRatio.height);
  const width = Math.round(aspectRatio.width * scale);
  const height = Math.round(aspectRatio.height * scale);
  const bytes = createHash('shake256', { outputLength: 1 + CIRCLES * 4 })
    .update(`${index}\n${prompt}`)
    .digest();
  const hue = toHue(bytes[0]);

  const circles = Array.from({ length: CIRCLES }, (_, at) => {
    const [x = 0, y = 0, size = 0, tint = 0] = bytes.subarray(1 + at * 4);
    const [cx, cy, r] = [(x / 255) * width, (y / 255) * height, 20 + (size / 255) * 160].map(Math.round);
    return `<circle cx="${cx}" cy="${cy}" r="${r}" fill="hsl(${(hue + toHue(tint) / 3) % 360} 70% 60%)" fill-opacity="0.6"/>`;
  });
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="hsl(${hue} 50% 20%)"/>`,
    ...circles,
    '</svg>',
  ].join('');
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function toHue(byte = 0): number {
  return Math.round((byte / 255) * 360);
}
