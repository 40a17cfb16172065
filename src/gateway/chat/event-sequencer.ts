import type { ChatPart } from '../../providers/provider.ts';
import type { Failure } from '../failure.ts';
import type { ChatEvent, ChatFailed, ChatStarted } from './chat-event.ts';

/** Gives what happens in a chat its place: `seq`, offsets, times. */
export interface EventSequencer {
  start(started: Omit<ChatStarted, 'type' | 'seq'>): ChatStarted;
  part(part: ChatPart): ChatEvent;
  failure(failure: Failure): ChatFailed;
}

export function createSequencer(): EventSequencer {
  const begin = performance.now();
  const elapsedMs = () => Math.round(performance.now() - begin);
  let seq = 0;
  let length = 0;
  let reasoningLength = 0;
  let firstTokenMs: number | null = null;

  return {
    start(started) {
      firstTokenMs ??= elapsedMs();
      length = 0;
      reasoningLength = 0;
      return { type: 'ChatStarted', seq: seq++, ...started };
    },
    part(part) {
      switch (part.type) {
        case 'text-delta': {
          const offset = length;
          length += part.text.length;
          return { type: 'ChatDelta', seq: seq++, text: part.text, offset };
        }
        case 'reasoning-delta': {
          const offset = reasoningLength;
          reasoningLength += part.text.length;
          return { type: 'ChatReasoningDelta', seq: seq++, text: part.text, offset };
        }
        case 'image':
          return { type: 'ChatImage', seq: seq++, image: part.image };
        case 'finish': {
          const { reason: finishReason, rawReason: rawFinishReason, usage } = part;
          const durationMs = elapsedMs();
          return {
            type: 'ChatFinished',
            seq: seq++,
            finishReason,
            rawFinishReason,
            length,
            usage,
            firstTokenMs,
            durationMs,
          };
        }
      }
    },
    failure: (failure) => ({ type: 'ChatFailed', seq: seq++, ...failure }),
  };
}
