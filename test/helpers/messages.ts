import type { ChatMessage } from '../../src/providers/chat.ts';

const toParts = (text: string) => [{ type: 'text', text }] as const;

/** Messages of text alone, as a provider gets them. */
export const system = (text: string): ChatMessage => ({ role: 'SYSTEM', parts: toParts(text) });
export const user = (text: string): ChatMessage => ({ role: 'USER', parts: toParts(text) });
export const assistant = (text: string): ChatMessage => ({
  role: 'ASSISTANT',
  parts: toParts(text),
  toolCalls: [],
  continuation: null,
});
