import type { ChatPart } from '../../src/providers/chat.ts';
import type { ReasoningHistory } from '../../src/providers/chat-completions/continuation.ts';
import { createOpenAiReader } from '../../src/providers/chat-completions/reader.ts';
import { ProviderError } from '../../src/providers/errors.ts';

/** A chunk with this delta, as the data of an event. */
export function chunk(delta: object, finishReason: string | null = null, more: object = {}): string {
  return JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason: finishReason }], ...more });
}

export const stop = (finishReason = 'tool_calls') => chunk({}, finishReason);

/** What the reader makes of the data of these events; each list of them comes in one read. @throws ProviderError */
export function readChunks(
  events: readonly (string | readonly string[])[],
  reasoningHistory: ReasoningHistory | 'none' = 'none',
): ChatPart[] {
  const reader = createOpenAiReader({
    name: 'acme',
    reasoningHistory,
    thinkTags: 'off',
    finishGraceMs: 0,
    toImage: (item) => ({ url: String(item), alt: '' }),
    http: { clean: (text) => text, toError: () => new ProviderError('UNAVAILABLE', 'acme sent an error') },
  });
  const parts = events.flatMap((event) => {
    const read: ChatPart[] = [];
    for (const data of [event].flat()) reader.read(read, data, '');
    return read;
  });
  const end: ChatPart[] = [];
  const finish = reader.end(end);
  if (finish === null) throw new ProviderError('BAD_RESPONSE', 'acme broke its answer off');
  return [...parts, ...end, { type: 'finish', ...finish }];
}
