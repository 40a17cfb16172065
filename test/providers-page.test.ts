import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load } from './helpers/config.ts';

const page = readFileSync('docs/providers.md', 'utf8');

test('the configurations in docs/providers.md are valid', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  const names = [...page.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, 'some-value']);
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) load(example, { environment: Object.fromEntries(names) });
});
