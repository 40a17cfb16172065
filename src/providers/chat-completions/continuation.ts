import * as z from 'zod';
import type { Continuation } from '../chat.ts';

/** What servers of this dialect may want to see again of an answer: which of these a server wants is an option of its entry. */
export type ReasoningHistory = keyof typeof REASONING_HISTORIES;

interface Shape<Data> {
  readonly dialect: `chat-completions/${string}`;
  readonly data: z.ZodType<Data>;
}

/** JSON that is passed on as it came, this deep at the most: it has been outside, and nothing may be made to walk it for ever. */
function json(depth: number): z.ZodType {
  const flat = [z.string(), z.number(), z.boolean(), z.null()] as const;
  if (depth === 0) return z.union(flat);
  return z.union([...flat, z.array(json(depth - 1)), z.record(z.string(), json(depth - 1))]);
}
const Opaque = json(4);

const text = z.string();

/** Of any type that OpenRouter has, or comes to have, such as `reasoning.text` or `reasoning.encrypted`. */
const details = z
  .array(z.object({ type: z.string().startsWith('reasoning.') }).catchall(Opaque))
  .min(1)
  .max(10_000);

const blocks = z
  .array(z.union([z.int().min(0), z.object({ type: z.literal('thinking') }).catchall(Opaque)]))
  .min(1)
  .max(10_000);

/** What the continuation of an answer holds, by the field, or the part of the content, that it comes in and goes back as. */
export const REASONING_HISTORIES = {
  /** DeepSeek: the reasoning as one text. https://api-docs.deepseek.com/guides/thinking_mode */
  reasoning_content: { dialect: 'chat-completions/reasoning_content', data: text },
  /** OpenRouter: a list, unchanged. https://openrouter.ai/docs/guides/best-practices/reasoning-tokens */
  reasoning_details: { dialect: 'chat-completions/reasoning_details', data: details },
  /**
   * Mistral: parts of the content, unchanged, and, where the message's text stands between them, how many UTF-16 units
   * of it. https://docs.mistral.ai/capabilities/reasoning
   */
  thinking: { dialect: 'chat-completions/thinking', data: blocks },
} as const satisfies Readonly<Record<string, Shape<unknown>>>;

/** What a continuation holds; undefined for one of another dialect, and for one that does not fit. */
export function dataOf<Data>({ dialect, data }: Shape<Data>, continuation: Continuation | null): Data | undefined {
  return continuation?.dialect === dialect ? data.safeParse(continuation.data).data : undefined;
}
