import type { ChatMessage, MediaPart } from '../../src/providers/chat.ts';
import type { Provider } from '../../src/providers/provider.ts';

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

export const linkTo = (type: MediaPart['type'], url: string): MediaPart => ({
  type,
  url,
  mediaType: null,
  name: null,
  detail: null,
});

/** Of which media a provider's upstream reads links itself. */
export function linksReadBy({ readsLink }: Provider): readonly MediaPart['type'][] {
  const types = ['image', 'audio', 'file'] as const;
  return types.filter((type) => readsLink?.(linkTo(type, 'https://example.com/a')));
}
