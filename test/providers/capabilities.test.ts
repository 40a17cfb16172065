import { expect, test } from 'vitest';
import { type Capabilities, mergeCapabilities } from '../../src/providers/capabilities.ts';

test('a capability is what the first source says that knows it', () => {
  const configured = { tools: false, inputs: [] } as const;
  const listed = { tools: true, inputs: ['TEXT'], contextWindow: null, reasoning: null } as const;
  const ofProvider = { contextWindow: 8_192, reasoning: false, imagesPerCall: 4 } as const;
  expect(mergeCapabilities(undefined, configured, listed, ofProvider)).toEqual({
    options: null,
    inputs: [],
    outputs: null,
    tools: false,
    structuredOutput: null,
    reasoning: false,
    contextWindow: 8_192,
    maxOutputTokens: null,
    aspectRatios: null,
    imagesPerCall: 4,
  } satisfies Capabilities);
});

test('every capability is kept where it is known', () => {
  const known: Capabilities = {
    options: ['SEED'],
    inputs: ['FILE'],
    outputs: ['AUDIO'],
    tools: true,
    structuredOutput: true,
    reasoning: true,
    contextWindow: 1,
    maxOutputTokens: 2,
    aspectRatios: false,
    imagesPerCall: 3,
  };
  expect(mergeCapabilities({}, known)).toEqual(known);
});
