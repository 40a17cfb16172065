import { createHash } from 'node:crypto';
import type { ChatMessage } from '../chat.ts';

/**
 * The ids of a conversation's calls, as a server takes them that wants so many letters and digits: those that fit stay,
 * the others are made of their digests, each unlike all the rest.
 */
export function fitCallIds(messages: readonly ChatMessage[], length: number): ReadonlyMap<string, string> {
  const fits = new RegExp(`^[A-Za-z0-9]{${length}}$`);
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
