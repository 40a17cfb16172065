import { createHash } from 'node:crypto';
import type { ChatMessage } from '../chat.ts';
import type { ChatDialect } from './chat-dialect.ts';

type Lengths = Pick<ChatDialect, 'toolCallIdLength' | 'toolCallIdMaxLength'>;

/**
 * The ids of a conversation's calls, as a server takes them that wants so many letters and digits, or no more than so
 * many: those that fit stay, the others are made of their digests, each unlike all the rest.
 */
export function fitCallIds(messages: readonly ChatMessage[], lengths: Lengths): ReadonlyMap<string, string> {
  const { toolCallIdLength: exact, toolCallIdMaxLength: most } = lengths;
  const length = exact ?? most;
  if (length === null) return new Map();
  const fits = exact === null ? new RegExp(`^[^]{1,${length}}$`) : new RegExp(`^[A-Za-z0-9]{${length}}$`);
  const ids = new Set(
    messages.flatMap((message) => (message.role === 'ASSISTANT' ? message.toolCalls : [])).map(({ callId }) => callId),
  );
  const taken = new Set([...ids].filter((id) => fits.test(id)));
  return new Map(
    [...ids].map((id) => {
      if (fits.test(id)) return [id, id];
      let fitted = digestOf(id, length);
      while (taken.has(fitted)) fitted = digestOf(fitted, length);
      taken.add(fitted);
      return [id, fitted];
    }),
  );
}

/** Letters and digits. */
function digestOf(id: string, length: number): string {
  return createHash('sha512').update(id).digest('hex').slice(0, length);
}
