import type { ChatPart } from '../../providers/chat.ts';
import { isObject } from '../../providers/http/json.ts';
import type { Failure } from '../failure.ts';
import type { AnsweredCall, ChatEvent, ChatFailed, ChatStarted, Structured } from './chat-event.ts';
import { encodeContinuation } from './continuation.ts';
import { parseModelJson } from './model-json.ts';

/** Gives what happens in a chat its place: `seq`, offsets, times. */
export interface EventSequencer {
  start(started: Omit<ChatStarted, 'type' | 'seq'>): ChatStarted;
  part(part: Exclude<ChatPart, Finish>): ChatEvent;
  finish(part: Finish, structured: Structured): ChatEvent;
  failure(failure: Failure): ChatFailed;
}

type Finish = Extract<ChatPart, { type: 'finish' }>;

/**
 * @param maxContinuationBytes a longer one is left out
 * @param from the `seq` of the first event
 */
export function createSequencer(maxContinuationBytes: number, from = 0): EventSequencer {
  const begin = performance.now();
  const elapsedMs = () => Math.round(performance.now() - begin);
  let seq = from;
  let length = 0;
  let reasoningLength = 0;
  /** How long the arguments of each call are, by its index. */
  let callLengths: number[] = [];
  let firstTokenMs: number | null = null;

  return {
    start(started) {
      firstTokenMs ??= elapsedMs();
      length = 0;
      reasoningLength = 0;
      callLengths = [];
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
        case 'tool-call-delta': {
          const { index, callId, name, text } = part;
          const offset = callLengths[index] ?? 0;
          callLengths[index] = offset + text.length;
          return { type: 'ChatToolCallDelta', seq: seq++, index, callId, name, text, offset };
        }
        case 'tool-call': {
          const { index, callId, name, argumentsText } = part;
          const parsed = toArguments(argumentsText);
          return { type: 'ChatToolCall', seq: seq++, index, callId, name, arguments: parsed, argumentsText };
        }
        case 'image':
          return { type: 'ChatImage', seq: seq++, image: part.image };
        case 'source':
          return { type: 'ChatSource', seq: seq++, url: part.url, title: part.title };
      }
    },
    finish({ reason: finishReason, rawReason: rawFinishReason, usage, continuation }, structured) {
      return {
        type: 'ChatFinished',
        seq: seq++,
        finishReason,
        rawFinishReason,
        length,
        usage,
        firstTokenMs,
        durationMs: elapsedMs(),
        continuation: continuation ? encodeContinuation(continuation, maxContinuationBytes) : null,
        ...structured,
      };
    },
    failure: (failure) => ({ type: 'ChatFailed', seq: seq++, ...failure }),
  };
}

/** Some leave the text out where there are no arguments. */
function toArguments(text: string): AnsweredCall['arguments'] {
  if (text.trim() === '') return {};
  const value = parseModelJson(text);
  return isObject(value) && !Array.isArray(value) ? value : null;
}
