import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { ChatMessage, Continuation, ToolCall } from '../chat.ts';
import { isShallow } from '../http/json.ts';
import { textOf } from '../kit/prompt.ts';
import { type Block, toBlocks } from './blocks.ts';

const DIALECT = 'anthropic';

/**
 * The order of an answer's blocks: of a text how many UTF-16 units of the message's it has, of a call its id, and what
 * else there was as it was, above all signed thinking.
 */
export type Skeleton = readonly (number | string | Block)[];

/** No deeper than what the vendor sends: it has been outside, and nothing may be made to walk it for ever. */
const Opaque = z
  .looseObject({ type: z.string().regex(/^(?!(text|tool_use)$)/) })
  .refine((block) => isShallow(block, MAX_DEPTH));
const MAX_DEPTH = 8;

const Skeleton = z
  .array(z.union([z.int().min(0), z.string(), Opaque]))
  .min(1)
  .max(10_000);

/** Null where nothing has to be seen again: texts, and calls behind them, come back as they were anyway. */
export function toContinuation(skeleton: Skeleton): Continuation | null {
  return skeleton.some((block) => typeof block === 'object') ? { dialect: DIALECT, data: skeleton } : null;
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

/** The blocks of an answer, in their order; undefined where it has no continuation of ours that fits. */
export function fromContinuation(message: Answer, toCall: (call: ToolCall) => Block): readonly Block[] | undefined {
  if (message.continuation?.dialect !== DIALECT) return undefined;
  const skeleton = Skeleton.safeParse(message.continuation.data).data ?? [];
  const text = textOf(message);
  const units = skeleton.reduce<number>((sum, block) => sum + (typeof block === 'number' ? block : 0), 0);
  const callIds = skeleton.filter((block) => typeof block === 'string');
  const isOfThis =
    isDeepStrictEqual(
      callIds,
      message.toolCalls.map(({ callId }) => callId),
    ) && units === text.length;
  if (skeleton.length === 0 || !isOfThis) return undefined;
  let end = 0;
  const calls = message.toolCalls.values();
  return skeleton.flatMap((block): readonly Block[] => {
    if (typeof block === 'object') return [block];
    if (typeof block === 'string') return calls.take(1).map(toCall).toArray();
    end += block;
    return toBlocks([{ type: 'text', text: text.slice(end - block, end) }]);
  });
}
