import type { ChatInput } from '../gql/graphql.ts';
import type { SentInput } from './sent-input.ts';

/** @throws Error in words for people, where an attachment cannot be sent */
export async function toSent(input: ChatInput): Promise<SentInput> {
  if (!input.messages.some(({ parts }) => parts)) return { sent: input, kept: input };
  const { withAttachments } = await import('./sent-input.ts');
  return withAttachments(input);
}
