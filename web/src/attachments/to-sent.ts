import { unsentIn } from '../conversations/messages.ts';
import type { ChatInput } from '../gql/graphql.ts';
import type { SentInput } from './sent-input.ts';

/** @throws Error in words for people, where an attachment cannot be sent */
export async function toSent(input: ChatInput): Promise<SentInput> {
  if (unsentIn(input).length === 0) return { sent: input, kept: input };
  const { withAttachments } = await import('./sent-input.ts');
  return withAttachments(input);
}
