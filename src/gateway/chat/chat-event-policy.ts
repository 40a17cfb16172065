import type { EventPolicy } from '../journal/event-policy.ts';
import type { ChatDelta, ChatEvent, ChatReasoningDelta, ChatToolCallDelta } from './chat-event.ts';

/**
 * How a journal deals with the events of a chat. Text that follows text, thinking that follows thinking, or arguments
 * that follow those of the same call, are merged into one delta. Sizes are UTF-16 code units of text, arguments and urls.
 */
export const chatEventPolicy: EventPolicy<ChatEvent> = {
  maxWaiting: 131_072,
  sizeOf(event) {
    if (isDelta(event)) return event.text.length;
    switch (event.type) {
      case 'ChatToolCall':
        return event.argumentsText.length;
      case 'ChatImage':
        return event.image.url.length;
      case 'ChatSource':
        return event.url.length + (event.title?.length ?? 0);
      default:
        return 0;
    }
  },
  canMerge(event, next) {
    if (!isDelta(event) || event.type !== next.type) return false;
    return event.type !== 'ChatToolCallDelta' || event.index === (next as ChatToolCallDelta).index;
  },
  /** The text of all, from the `offset` of the first to the `seq` of the last. */
  merge(first, others) {
    const seq = others.at(-1)?.seq ?? first.seq;
    return { ...first, seq, text: textOf(first) + others.map(textOf).join('') };
  },
  isFirst: ({ type }) => type === 'ChatStarted',
  isLast: ({ type }) => type === 'ChatFinished' || type === 'ChatFailed',
};

type Delta = ChatDelta | ChatReasoningDelta | ChatToolCallDelta;

function isDelta(event: ChatEvent): event is Delta {
  const { type } = event;
  return type === 'ChatDelta' || type === 'ChatReasoningDelta' || type === 'ChatToolCallDelta';
}

function textOf(event: ChatEvent): string {
  return isDelta(event) ? event.text : '';
}
