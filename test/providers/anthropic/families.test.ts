import { expect, test } from 'vitest';
import { familyOf } from '../../../src/providers/anthropic/families.ts';

const newest = { thinking: 'adaptive', sampling: false, formats: true };
const sampled = { ...newest, sampling: true };
const budget = { ...sampled, thinking: 'budget' };
const early = { ...budget, formats: false };

test.for([
  ['claude-opus-5', { ...newest, contextWindow: 1_000_000, maxOutputTokens: 128_000 }],
  ['claude-opus-4-7', newest],
  ['claude-opus-4-8-20260528', newest],
  ['claude-opus-4-10', newest],
  ['claude-sonnet-5', newest],
  ['claude-fable-5', newest],
  ['claude-mythos-5', newest],
  ['claude-haiku-5', newest],
  ['claude-opus-4-6', sampled],
  ['claude-sonnet-4-6', sampled],
  ['claude-sonnet-4-5-20250929', { ...budget, contextWindow: 200_000, maxOutputTokens: 64_000 }],
  ['claude-haiku-4-5', budget],
  ['claude-opus-4-1-20250805', { ...budget, maxOutputTokens: 32_000 }],
  ['claude-opus-4-20250514', { ...early, maxOutputTokens: 32_000 }],
  ['claude-sonnet-4-20250514', { ...early, maxOutputTokens: 64_000 }],
  ['claude-3-7-sonnet-latest', early],
  ['claude-3-5-haiku-20241022', { ...early, thinking: null, maxOutputTokens: 8_192 }],
  ['claude-3-haiku-20240307', { ...early, thinking: null, maxOutputTokens: 4_096 }],
  ['anthropic/claude-sonnet-4.5', budget],
  ['claude-next', { ...newest, contextWindow: null, maxOutputTokens: null }],
  ['claude-opus-latest', newest],
] as const)('%s is asked in its ways', ([name, family]) => {
  expect(familyOf(name)).toMatchObject(family);
});
