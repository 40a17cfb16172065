import * as z from 'zod';
import type { FinishReason } from '../chat.ts';
import type { FailureCode } from '../errors.ts';
import { isObject } from '../http/json.ts';

/** The pause before what a step says, and before each of its pieces. */
const delayMs = z.number().min(0).max(60_000).default(0);
/** Of so many characters is each piece; without it there is one. */
const pace = { delayMs, chunk: z.int().min(1).optional() };

const tokens = z.int().min(0).nullable().default(null);

const FAILURES: Readonly<Record<FailureCode, true>> = {
  RATE_LIMITED: true,
  UNAUTHORIZED: true,
  BLOCKED: true,
  TIMEOUT: true,
  UNREACHABLE: true,
  UNAVAILABLE: true,
  REJECTED: true,
  MODEL_GONE: true,
  BAD_RESPONSE: true,
  TOO_LARGE: true,
  SHUTTING_DOWN: true,
};

/** Ends that a model can come to: a chat is cancelled from outside. */
const FINISHES: Readonly<Record<Exclude<FinishReason, 'CANCELLED'>, true>> = {
  STOP: true,
  LENGTH: true,
  CONTENT_FILTER: true,
  TOOL_CALLS: true,
  OTHER: true,
};

const ToolCall = z
  .strictObject({
    id: z.string().min(1).optional(),
    name: z.string().min(1),
    arguments: z.unknown().optional(),
    /** In place of `arguments`, to write what is no JSON. */
    argumentsText: z.string().optional(),
  })
  .refine((call) => !('arguments' in call && 'argumentsText' in call), 'expected arguments or argumentsText, not both');

/** What can be played, by the field that tells it. */
const STEPS = {
  text: z.strictObject({ text: z.string(), ...pace }),
  reasoning: z.strictObject({ reasoning: z.string(), ...pace }),
  toolCall: z.strictObject({ toolCall: ToolCall, ...pace }),
  /** A pattern, of what was asked or of a prompt of its own. */
  image: z.strictObject({ image: z.union([z.literal(true), z.string()]), delayMs }),
  source: z.strictObject({
    source: z.strictObject({ url: z.string(), title: z.string().nullable().default(null) }),
    delayMs,
  }),
  usage: z.strictObject({
    usage: z.strictObject({
      promptTokens: tokens,
      cachedPromptTokens: tokens,
      cacheWriteTokens: tokens,
      completionTokens: tokens,
      reasoningTokens: tokens,
      totalTokens: tokens,
    }),
  }),
  continuation: z.strictObject({ continuation: z.unknown() }),
  finish: z.strictObject({
    finish: z.enum(Object.keys(FINISHES) as (keyof typeof FINISHES)[]),
    rawReason: z.string().optional(),
    delayMs,
  }),
  fail: z.strictObject({
    fail: z.enum(Object.keys(FAILURES) as FailureCode[]),
    message: z.string().optional(),
    retryAfterMs: z.int().min(0).optional(),
    delayMs,
  }),
  /** Says nothing more, until the client leaves. */
  hang: z.strictObject({ hang: z.literal(true) }),
} as const;

type Kind = keyof typeof STEPS;

export type Step = z.output<(typeof STEPS)[Kind]>;

const KINDS = Object.keys(STEPS) as readonly Kind[];

/** A union would say of a mistake only that there is one. */
const Step = z.unknown().transform((step, context): Step => {
  const kind = isObject(step) ? KINDS.find((one) => one in step) : undefined;
  if (kind) {
    const { data, error } = STEPS[kind].safeParse(step);
    if (data) return data;
    for (const { message, path } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path });
  } else context.addIssue(`expected a step: an object with one of ${KINDS.join(', ')}`);
  return z.NEVER;
});

/** What a request may say in `providerOptions.local`. */
export const ScriptOptions = z.strictObject({ script: z.array(Step).optional() });
