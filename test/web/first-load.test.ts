import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** Gzipped. What is not needed at once comes later. */
const MAX_BYTES = 82_000;

test('what the page needs at first is small', () => {
  const page = readFileSync('web/dist/index.html', 'utf8');
  const assets = [...page.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g)].map(([, path]) =>
    readFileSync(`web/dist/${path}`),
  );
  expect(assets.length).toBeGreaterThan(3);
  const sizes = [Buffer.from(page), ...assets].map((content) => gzipSync(content, { level: 9 }).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
});
