// https://ai.google.dev/gemini-api/docs/models and the pages below it, read 2026-11-27
import type { ModelKind } from '../provider.ts';

/** How a model wants to be asked. */
export interface Ways {
  /** How much it thinks is told by a level, or by a budget; null: it cannot be told. */
  readonly thinking: Levels | Budget | null;
  /** Whether it refuses calls of its own that come back without their signature, and takes media in the results. */
  readonly signs: boolean;
  /** Whether it takes a schema as it is; otherwise as the subset of OpenAPI's. */
  readonly jsonSchemas: boolean;
  /** Whether it takes instructions of the system; otherwise they stand before what the user says. */
  readonly system: boolean;
  /** How it makes pictures: beside its text, or by `predict`; null: it makes none. */
  readonly pictures: 'content' | 'predict' | null;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
}

export interface Levels {
  /** From the least. */
  readonly levels: readonly Level[];
}

export type Level = (typeof LEVELS)[number];
export const LEVELS = ['minimal', 'low', 'medium', 'high'] as const;

/** In tokens. */
export interface Budget {
  readonly least: number;
  readonly most: number;
  /** Whether it can do without. */
  readonly canRest: boolean;
}

const NEWEST: Ways = {
  thinking: { levels: ['low', 'medium', 'high'] },
  signs: true,
  jsonSchemas: true,
  system: true,
  pictures: null,
  tools: true,
  structuredOutput: true,
};
const DRAWING: Ways = { ...NEWEST, pictures: 'content', tools: false };
const BUDGETED: Ways = { ...NEWEST, signs: false };
const EARLY: Ways = { ...BUDGETED, thinking: null, jsonSchemas: false };
const GEMMA: Ways = { ...EARLY, system: false };

const budget = (least: number, most: number, canRest: boolean): Budget => ({ least, most, canRest });

/** From which version on models have which ways, the latest first: 205 is 2.5. */
const FAMILIES: readonly (readonly [name: RegExp, version: number, ways: Ways])[] = [
  [/^imagen/, 0, { ...EARLY, pictures: 'predict', tools: false, structuredOutput: false }],
  [/^gemma/, 400, { ...GEMMA, thinking: { levels: ['minimal', 'high'] } }],
  [/^gemma/, 0, { ...GEMMA, tools: false, structuredOutput: false }],
  [/image/, 301, { ...DRAWING, thinking: { levels: ['minimal', 'high'] } }],
  [/image/, 300, { ...DRAWING, thinking: null }],
  [/image/, 200, { ...EARLY, pictures: 'content', tools: false, structuredOutput: false }],
  [/flash/, 307, NEWEST],
  [/flash/, 300, { ...NEWEST, thinking: { levels: LEVELS } }],
  [/pro/, 301, NEWEST],
  [/pro/, 300, { ...NEWEST, thinking: { levels: ['low', 'high'] } }],
  [/./, 300, NEWEST],
  [/flash-lite/, 205, { ...BUDGETED, thinking: budget(512, 24_576, true) }],
  [/flash/, 205, { ...BUDGETED, thinking: budget(1, 24_576, true) }],
  [/./, 205, { ...BUDGETED, thinking: budget(128, 32_768, false) }],
  [/./, 100, EARLY],
];

/** `gemini-2.5-flash-lite`, `gemma-3n-e4b-it`, `imagen-4.0-generate-001`. */
const NAME = /^(gemini|gemma|imagen)-(?<major>\d+)(?:\.(?<minor>\d+))?(?!\d)/;

/** How a model is asked by what its name tells, such as `gemini-2.5-pro` or `models/gemini-2.5-pro`; one nobody has heard of as the newest. */
export function waysOf(model: string): Ways {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const { major = 0, minor = 0 } = NAME.exec(name)?.groups ?? {};
  const version = Number(major) * 100 + Number(minor);
  const found = FAMILIES.find(([pattern, from]) => pattern.test(name) && version >= from)?.[2];
  return found ?? (/image/.test(name) ? DRAWING : NEWEST);
}

/** What a model is for, where nothing else is said of it. */
export function kindOf(model: string): ModelKind {
  return waysOf(model).pictures === 'predict' ? 'IMAGE' : 'CHAT';
}
