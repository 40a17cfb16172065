import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { ChatMessage, Continuation, ToolCall } from '../chat.ts';
import { textOf } from '../kit/prompt.ts';
import { type Block, toBlocks } from './blocks.ts';

const DIALECT = 'bedrock';

/** Reasoning that is signed, or that nobody but its maker can read, in base64. */
const Reasoning = z.strictObject({
  reasoningContent: z.union([
    z.strictObject({ reasoningText: z.strictObject({ text: z.string(), signature: z.string() }) }),
    z.strictObject({ redactedContent: z.base64() }),
  ]),
});

/**
 * The order of an answer's blocks: of a text how many UTF-16 units of the message's it has, of a call its id, and
 * reasoning as it was. Another maker's models would refuse that.
 */
const Data = z.strictObject({
  maker: z.string(),
  blocks: z
    .array(z.union([z.int().min(0), z.string(), Reasoning]))
    .min(1)
    .max(10_000),
});

export type Skeleton = z.output<typeof Data>['blocks'];

/** Null where nothing has to be seen again: texts, and calls behind them, come back as they were anyway. */
export function toContinuation(maker: string, blocks: Skeleton): Continuation | null {
  return blocks.some((block) => typeof block === 'object') ? { dialect: DIALECT, data: { maker, blocks } } : null;
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

/** The blocks of an answer, in their order; undefined where it has no continuation of this maker's that fits. */
export function fromContinuation(
  message: Answer,
  maker: string,
  toCall: (call: ToolCall) => Block,
): readonly Block[] | undefined {
  if (message.continuation?.dialect !== DIALECT) return undefined;
  const { data } = Data.safeParse(message.continuation.data);
  if (data?.maker !== maker || !isOf(data.blocks, message)) return undefined;
  const text = textOf(message);
  const calls = message.toolCalls.values();
  let end = 0;
  return data.blocks.flatMap((block): readonly Block[] => {
    if (typeof block === 'object') return [block];
    if (typeof block === 'string') return calls.take(1).map(toCall).toArray();
    end += block;
    return toBlocks([{ type: 'text', text: text.slice(end - block, end) }]);
  });
}

/** Whether a message still says what it came with. */
function isOf(blocks: Skeleton, message: Answer): boolean {
  const units = blocks.reduce<number>((sum, block) => sum + (typeof block === 'number' ? block : 0), 0);
  const callIds = blocks.filter((block) => typeof block === 'string');
  const ids = message.toolCalls.map(({ callId }) => callId);
  return units === textOf(message).length && isDeepStrictEqual(callIds, ids);
}
