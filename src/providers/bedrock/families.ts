// https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html and
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, read 2026-11-27

import type { Modality } from '../capabilities.ts';

/** How a model wants to be asked. */
export interface Ways {
  /** Whose model it is: reasoning is given back to models of the same maker alone. */
  readonly maker: string;
  /** How reasoning is asked for: it decides how much, gets a budget, or has a field of its own; null: it cannot be asked. */
  readonly reasoning: 'adaptive' | 'budget' | 'reasoningConfig' | 'reasoning_effort' | null;
  /** Whether it takes `temperature` and `topP`. */
  readonly sampling: boolean;
  /** What it calls `topK`, and where that stands; null: there is no place for it. */
  readonly topK: 'top_k' | 'inferenceConfig' | null;
  /** How it is held to a schema: it takes it, or has to call a tool that is made of it; null: it cannot be. */
  readonly structured: 'format' | 'tool' | null;
}

export interface Family extends Ways {
  /** Null: not known. */
  readonly tools: boolean | null;
  readonly inputs: readonly Modality[] | null;
  readonly maxOutputTokens: number | null;
}

type Known = Omit<Family, 'maker'>;

const MEDIA: readonly Modality[] = ['TEXT', 'IMAGE', 'FILE'];

/** Whether it takes a schema is for the service to say. */
const UNKNOWN: Known = {
  reasoning: null,
  sampling: true,
  topK: null,
  structured: 'format',
  tools: null,
  inputs: null,
  maxOutputTokens: null,
};

const CLAUDE: Known = { ...UNKNOWN, reasoning: 'adaptive', sampling: false, tools: true, inputs: MEDIA };
const SAMPLED: Known = { ...CLAUDE, sampling: true, topK: 'top_k' };
const BUDGET: Known = { ...SAMPLED, reasoning: 'budget', maxOutputTokens: 64_000 };
const EARLY: Known = { ...BUDGET, structured: 'tool' };

/** From which version on Claude's models are asked in which way, the latest first: 407 is 4.7. */
const CLAUDES: readonly (readonly [name: RegExp, version: number, family: Known])[] = [
  [/opus/, 407, CLAUDE],
  [/./, 500, CLAUDE],
  [/./, 406, SAMPLED],
  [/./, 405, BUDGET],
  [/opus/, 400, { ...EARLY, maxOutputTokens: 32_000 }],
  [/./, 307, EARLY],
  [/./, 305, { ...EARLY, reasoning: null, maxOutputTokens: 8_192 }],
  [/./, 0, { ...EARLY, reasoning: null, maxOutputTokens: 4_096 }],
];

const CLAUDE_NAMES = [
  /claude-(?<name>[a-z]+)-(?<major>\d{1,2})(?:-(?<minor>\d{1,2}))?(?!\d)/,
  /claude-(?<major>\d)(?:-(?<minor>\d))?-(?<name>[a-z]+)/,
];

const NOVA: Known = { ...UNKNOWN, topK: 'inferenceConfig', structured: 'tool', tools: true, inputs: MEDIA };

/** The first that fits. */
const FAMILIES: readonly (readonly [name: RegExp, family: Known])[] = [
  [/claude-(instant|v?[12]\b)/, { ...UNKNOWN, structured: null, tools: false, inputs: ['TEXT', 'FILE'] }],
  [/nova-2/, { ...NOVA, reasoning: 'reasoningConfig' }],
  [/nova-micro/, { ...NOVA, inputs: ['TEXT'] }],
  [/nova/, NOVA],
  [/titan|deepseek\.r1/, { ...UNKNOWN, structured: null, tools: false, inputs: ['TEXT', 'FILE'] }],
  [/gpt-oss/, { ...UNKNOWN, reasoning: 'reasoning_effort' }],
  [/llama|command|jamba/, { ...UNKNOWN, structured: null }],
];

/** What is known of a model by its id, such as `anthropic.claude-sonnet-4-5-20250929-v1:0`, or by that of a profile or an ARN that ends in one. */
export function familyOf(model: string): Family {
  const id = model.toLowerCase().replace(/^arn:.*\//, '');
  return { maker: makerOf(id), ...(FAMILIES.find(([name]) => name.test(id))?.[1] ?? claudeOf(id) ?? UNKNOWN) };
}

/** Profiles have the place before it: `us.anthropic.claude-opus-4-6-v1`. */
function makerOf(id: string): string {
  return id.replace(/^(global|us-gov|us|eu|apac|jp|au|ca|sa|me|af|in)\./, '').split('.', 1)[0] ?? '';
}

function claudeOf(id: string): Known | undefined {
  if (!id.includes('claude')) return undefined;
  const { name = '', major, minor = 0 } = CLAUDE_NAMES.map((pattern) => pattern.exec(id)?.groups).find(Boolean) ?? {};
  if (major === undefined) return CLAUDE; // One that nobody has heard of is like the newest.
  const version = Number(major) * 100 + Number(minor);
  return CLAUDES.find(([pattern, from]) => pattern.test(name) && version >= from)?.[2];
}
