// https://platform.claude.com/docs/en/about-claude/models/overview and the pages below it, read 2026-11-27

/** How a model wants to be asked. */
export interface Ways {
  /** How thinking is asked for: the model decides how much, it gets a budget, or it cannot think. */
  readonly thinking: 'adaptive' | 'budget' | null;
  /** Whether it takes `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
  /** Whether it takes a schema as `output_config.format`; otherwise as a tool that it has to call. */
  readonly formats: boolean;
}

interface Limits {
  /** In tokens. Null: not known. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
}

export type Family = Ways & Limits;

const NEWEST: Ways = { thinking: 'adaptive', sampling: false, formats: true };
const SAMPLED: Ways = { ...NEWEST, sampling: true };
const BUDGET: Ways = { ...SAMPLED, thinking: 'budget' };
const EARLY: Ways = { ...BUDGET, formats: false };
const UNTHINKING: Ways = { ...EARLY, thinking: null };

const limits = (contextWindow: number, maxOutputTokens: number): Limits => ({ contextWindow, maxOutputTokens });

/** From which version on a family has which ways, the latest first: 407 is 4.7. */
const FAMILIES: readonly (readonly [name: RegExp, version: number, family: Family])[] = [
  [/opus/, 407, { ...NEWEST, ...limits(1_000_000, 128_000) }],
  [/fable|mythos|sonnet/, 500, { ...NEWEST, ...limits(1_000_000, 128_000) }],
  [/haiku/, 406, { ...NEWEST, ...limits(200_000, 64_000) }],
  [/opus|sonnet/, 406, { ...SAMPLED, ...limits(1_000_000, 128_000) }],
  [/opus|sonnet|haiku/, 405, { ...BUDGET, ...limits(200_000, 64_000) }],
  [/opus/, 401, { ...BUDGET, ...limits(200_000, 32_000) }],
  [/opus/, 400, { ...EARLY, ...limits(200_000, 32_000) }],
  [/sonnet/, 307, { ...EARLY, ...limits(200_000, 64_000) }],
  [/sonnet|haiku/, 305, { ...UNTHINKING, ...limits(200_000, 8_192) }],
  [/opus|sonnet|haiku/, 0, { ...UNTHINKING, ...limits(200_000, 4_096) }],
];

/** Of a model nobody has heard of. */
const UNKNOWN: Family = { ...NEWEST, contextWindow: null, maxOutputTokens: null };

const NAMES = [
  /(?<name>opus|sonnet|haiku|fable|mythos)-(?<major>\d{1,2})(?:[-.](?<minor>\d{1,2}))?(?!\d)/,
  /claude-(?<major>\d+)(?:[-.](?<minor>\d{1,2}))?-(?<name>opus|sonnet|haiku)/,
];

/** What is known of a model by its name, such as `claude-opus-4-7` or `claude-3-5-haiku-latest`, whatever stands around that. */
export function familyOf(model: string): Family {
  const { name = '', major = 0, minor = 0 } = NAMES.map((pattern) => pattern.exec(model)?.groups).find(Boolean) ?? {};
  const version = Number(major) * 100 + Number(minor);
  return FAMILIES.find(([pattern, from]) => pattern.test(name) && version >= from)?.[2] ?? UNKNOWN;
}
