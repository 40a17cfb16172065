import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import type { ProviderDefinition } from '../src/providers/definition.ts';
import { createProvider, describeProvider } from './helpers/provider-suite.ts';

// The provider that CONTRIBUTING.md shows, taken out of the page and put next to the real ones.
const [, source = ''] = /```ts\n(\/\/ Parrot[\s\S]*?)```/.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? [];
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
