import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { ChatMessage, Continuation } from '../chat.ts';
import { isShallow } from '../http/json.ts';
import { textOf } from '../kit/prompt.ts';

/** An item of an answer that is sent back as it came. */
export type OpaqueItem = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * The order of an answer's items: of a message how many UTF-16 units of the text it has, of a call its id, and what else
 * there was as it was, above all reasoning that is encrypted.
 */
export type Skeleton = readonly (number | string | OpaqueItem)[];

/** What is encrypted can be read by the account that it was written for, which is a provider's, and by no other. */
export function dialectOf(providerId: string): string {
  return `responses/${providerId}`;
}

/** What may stand in one: no reference to what others may have stored, and no call that waits for a result. */
const OPAQUE_TYPES = [
  ...['reasoning', 'web_search_call', 'file_search_call'],
  ...['code_interpreter_call', 'mcp_list_tools', 'mcp_call'],
] as const;

/** No deeper than what comes: it has been outside, and nothing may be made to walk it for ever. */
const MAX_DEPTH = 8;

const SkeletonData = z
  .array(
    z.union([
      z.int().min(1),
      z.string(),
      z.looseObject({ type: z.enum(OPAQUE_TYPES) }).refine((item) => isShallow(item, MAX_DEPTH)),
    ]),
  )
  .min(1)
  .max(10_000);

/**
 * Null where nothing has to be seen again: a text, and calls behind it, come back as they were anyway.
 * @param items null for what cannot be sent back
 */
export function toContinuation(items: readonly (Skeleton[number] | null)[], dialect: string): Continuation | null {
  const data = withoutLooseReasoning(items);
  return data.some((item) => typeof item === 'object') ? { dialect, data } : null;
}

/** Reasoning is refused without what it led to, as at the greatest length, where it led to nothing. */
function withoutLooseReasoning(items: readonly (Skeleton[number] | null)[]): Skeleton {
  let leads = false;
  return items
    .toReversed()
    .filter((item) => {
      if (typeof item !== 'object' || item?.type !== 'reasoning') leads = item !== null && isKnown(item);
      return leads;
    })
    .toReversed() as Skeleton;
}

function isKnown(item: Skeleton[number]): boolean {
  return typeof item !== 'object' || OPAQUE_TYPES.some((type) => type === item.type);
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

/** The items of an earlier answer, in their order; undefined where it has no continuation of this dialect that fits. */
export function skeletonOf(message: Answer, dialect: string): Skeleton | undefined {
  if (message.continuation?.dialect !== dialect) return undefined;
  const skeleton = SkeletonData.safeParse(message.continuation.data).data;
  if (skeleton === undefined) return undefined;
  const units = skeleton.reduce<number>((sum, item) => sum + (typeof item === 'number' ? item : 0), 0);
  const callIds = skeleton.filter((item) => typeof item === 'string');
  const isOfThis = isDeepStrictEqual(
    [units, ...callIds],
    [textOf(message).length, ...message.toolCalls.map(({ callId }) => callId)],
  );
  return isOfThis ? skeleton : undefined;
}
