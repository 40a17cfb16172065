import type { ChatEvent } from '../gateway/chat/chat-event.ts';

/** How a chat ends that its node cannot go on with. */
export function unavailableEnd(seq: number, message: string): ChatEvent {
  return {
    type: 'ChatFailed',
    seq,
    code: 'UNAVAILABLE',
    message,
    retryable: true,
    retryAfterMs: null,
    attempts: [],
  };
}
