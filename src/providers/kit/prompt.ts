import type { ChatMessage } from '../provider.ts';

/** Folds a history into one prompt, for upstreams that take no list: a lone message as it is, several as `Role: content` lines. */
export function formatPrompt(messages: readonly ChatMessage[]): string {
  const [first] = messages;
  if (first && messages.length === 1) return first.content;
  const lines = messages
    .filter(({ content }) => content.trim() !== '')
    .map(({ role, content }) => `${role[0]}${role.slice(1).toLowerCase()}: ${content}`);
  return [...lines, 'Assistant:'].join('\n');
}

/** What a picture is to show when a chat asks an image model for it: the user messages that end the history. Blank if there are none. */
export function imagePrompt(messages: readonly ChatMessage[]): string {
  const lastOther = messages.findLastIndex(({ role }) => role !== 'USER');
  return messages
    .slice(lastOther + 1)
    .map(({ content }) => content.trim())
    .join('\n')
    .trim();
}
