import * as z from 'zod';
import type { ChatMessage, Continuation, ToolCall } from '../chat.ts';
import { isShallow } from '../http/json.ts';
import { textOf } from '../kit/prompt.ts';
import type { Part } from './media.ts';

const DIALECT = 'google';

/**
 * The order of an answer's parts, of which the message has the texts and calls: of a text how many UTF-16 units it has,
 * of a call the id that it came with, if any; and what there was beside those as it was, such as code that Google has run.
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11-27)
 */
export type Skeleton = readonly Entry[];
export type Entry = z.output<typeof Entry>;

const MAX_DEPTH = 8;
const MAX_ENTRIES = 10_000;

/** What is known of any other place is not taken from here: it has been outside. */
const OF_OTHERS = ['functionCall', 'functionResponse', 'inlineData', 'fileData'];

const signature = z.string().min(1).exactOptional();

const Entry = z.union([
  z.strictObject({ text: z.int().min(0), signature }),
  z.strictObject({ call: z.string().nullable(), signature }),
  z.strictObject({
    part: z
      .record(z.string(), z.unknown())
      .refine((part) => !OF_OTHERS.some((key) => Object.hasOwn(part, key)) && isShallow(part, MAX_DEPTH)),
  }),
]);

const Skeleton = z.array(Entry).min(1).max(MAX_ENTRIES);

/** Null where nothing has to be seen again: texts, and calls with ids behind them, come back as they were anyway. */
export function toContinuation(skeleton: Skeleton): Continuation | null {
  const isPlain = skeleton.every(
    (entry) => !('part' in entry) && !entry.signature && !('call' in entry && !entry.call),
  );
  return isPlain ? null : { dialect: DIALECT, data: skeleton };
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

/**
 * The parts of an answer, in their order; undefined where it has no continuation of ours that fits.
 * @param toCall makes a part of a call, with the id that it came with
 */
export function fromContinuation(
  message: Answer,
  toCall: (call: ToolCall, id: string | null) => Part,
): readonly Part[] | undefined {
  if (message.continuation?.dialect !== DIALECT) return undefined;
  const skeleton = Skeleton.safeParse(message.continuation.data).data ?? [];
  if (!isOf(skeleton, message)) return undefined;
  const text = textOf(message);
  const calls = message.toolCalls.values();
  let end = 0;
  return skeleton.flatMap((entry): readonly Part[] => {
    if ('part' in entry) return [entry.part];
    const { signature } = entry;
    const signed = signature === undefined ? {} : { thoughtSignature: signature };
    if ('call' in entry)
      return calls
        .take(1)
        .map((call) => ({ ...toCall(call, entry.call), ...signed }))
        .toArray();
    end += entry.text;
    return [{ text: text.slice(end - entry.text, end), ...signed }];
  });
}

/** Whether a message still says what it came with. */
function isOf(skeleton: Skeleton, message: Answer): boolean {
  const units = skeleton.reduce((sum, entry) => sum + ('text' in entry ? entry.text : 0), 0);
  const ids = skeleton.flatMap((entry) => ('call' in entry ? [entry.call] : []));
  const isCall = (id: string | null, at: number) => id === null || id === message.toolCalls[at]?.callId;
  const isEveryCall = ids.length === message.toolCalls.length && ids.every(isCall);
  return skeleton.length > 0 && units === textOf(message).length && isEveryCall;
}
