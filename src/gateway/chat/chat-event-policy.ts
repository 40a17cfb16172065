import type { EventPolicy } from '../journal/event-policy.ts';
import type { ChatDelta, ChatEvent, ChatReasoningDelta } from './chat-event.ts';

/**
 * How a journal deals with the events of a chat. Text that follows text, or thinking that follows thinking, is merged into
 * one delta. Sizes are UTF-16 code units of text and of urls.
 */
export const chatEventPolicy: EventPolicy<ChatEvent> = {
  maxWaiting: 131_072,
  sizeOf(event) {
    if (isDelta(event)) return event.text.length;
    return event.type === 'ChatImage' ? event.image.url.length : 0;
  },
  canMerge: (event, next) => isDelta(event) && event.type === next.type,
  /** The text of all, from the `offset` of the first to the `seq` of the last. */
  merge(first, others) {
    const seq = others.at(-1)?.seq ?? first.seq;
    return { ...first, seq, text: textOf(first) + others.map(textOf).join('') };
  },
  isFirst: ({ type }) => type === 'ChatStarted',
  isLast: ({ type }) => type === 'ChatFinished' || type === 'ChatFailed',
};

function isDelta(event: ChatEvent): event is ChatDelta | ChatReasoningDelta {
  return event.type === 'ChatDelta' || event.type === 'ChatReasoningDelta';
}

function textOf(event: ChatEvent): string {
  return isDelta(event) ? event.text : '';
}
