import type { ChatMessage } from '../chat.ts';

/** What a message says, without its media. */
export function textOf({ parts }: ChatMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Folds a history into one prompt, for upstreams that take no list: a lone message as it is, several as `Role: content` lines. */
export function formatPrompt(messages: readonly ChatMessage[]): string {
  const [first] = messages;
  if (first && messages.length === 1) return textOf(first);
  const lines = messages
    .map((message) => ({ role: message.role, text: textOf(message) }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ role, text }) => `${role[0]}${role.slice(1).toLowerCase()}: ${text}`);
  return [...lines, 'Assistant:'].join('\n');
}

/** What a picture is to show when a chat asks an image model for it: the user messages that end the history. Blank if there are none. */
export function imagePrompt(messages: readonly ChatMessage[]): string {
  const lastOther = messages.findLastIndex(({ role }) => role !== 'USER');
  return messages
    .slice(lastOther + 1)
    .map((message) => textOf(message).trim())
    .join('\n')
    .trim();
}
