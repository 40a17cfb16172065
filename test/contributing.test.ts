import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ProviderDefinition } from '../src/providers/definition.ts';
import { createProvider, describeProvider } from './helpers/provider-suite.ts';

const page = readFileSync('CONTRIBUTING.md', 'utf8');

test('every file that CONTRIBUTING.md names is there', () => {
  const named = page.match(/(?<=[\s`(])[\w./-]+\.ts\b/g) ?? [];
  const files = globSync('{src,web,test,bench}/**/*.ts');
  const missing = named.filter(
    (name) => !name.includes('parrot') && !files.some((file) => `/${file}`.endsWith(`/${name}`)),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

// The provider that CONTRIBUTING.md shows, taken out of the page and put next to the real ones.
const [, source = ''] = /```ts\n(\/\/ Parrot[\s\S]*?)```/.exec(page) ?? [];
const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
const file = join(folder, 'parrot.ts');
writeFileSync(file, source.replaceAll("from './", `from '${resolve('src/providers')}/`));
afterAll(() => rmSync(folder, { recursive: true }));

const { parrot }: { parrot: ProviderDefinition } = await import(/* @vite-ignore */ file);

describeProvider({
  name: 'the provider that CONTRIBUTING.md shows',
  create: (options, settings) => createProvider(parrot, options, settings),
  upstream: {
    chat: {
      contentType: 'text/plain',
      frames: (texts) => [...texts.map((text) => `+${text}\n`), 'END\n'],
      empty: 'END\n',
    },
  },
});
