import type { FinishReason, Image, Source, ToolCall, Usage } from '../../providers/chat.ts';
import type { Attempt, Failure } from '../failure.ts';
import type { ListedModel } from '../model.ts';

/**
 * What a subscriber of a chat gets: `ChatStarted` with the first part of an answer, then deltas, calls, images and sources, and last
 * exactly one `ChatFinished` or `ChatFailed`. An answer that never began is one `ChatFailed`. `seq` rises from 0. All of
 * it is plain data, which could be JSON.
 */
export type ChatEvent =
  | ChatStarted
  | ChatDelta
  | ChatReasoningDelta
  | ChatToolCallDelta
  | ChatToolCall
  | ChatImage
  | ChatSource
  | ChatFinished
  | ChatFailed;

export interface ChatStarted {
  readonly type: 'ChatStarted';
  readonly seq: number;
  readonly id: string;
  readonly model: ListedModel;
  /** The tries before this model answered. */
  readonly attempts: readonly Attempt[];
}

export interface ChatDelta {
  readonly type: 'ChatDelta';
  readonly seq: number;
  readonly text: string;
  readonly offset: number;
}

export interface ChatReasoningDelta {
  readonly type: 'ChatReasoningDelta';
  readonly seq: number;
  readonly text: string;
  readonly offset: number;
}

/** A piece of the arguments of one call, which has `offset` of its own. */
export interface ChatToolCallDelta {
  readonly type: 'ChatToolCallDelta';
  readonly seq: number;
  readonly index: number;
  readonly callId: string;
  readonly name: string;
  readonly text: string;
  readonly offset: number;
}

export interface ChatToolCall extends AnsweredCall {
  readonly type: 'ChatToolCall';
  readonly seq: number;
}

/** A whole call, as an answer has it. */
export interface AnsweredCall extends ToolCall {
  readonly index: number;
  /** What its text says; null where that is not one JSON object. */
  readonly arguments: Readonly<Record<string, unknown>> | null;
}

export interface ChatSource extends Source {
  readonly type: 'ChatSource';
  readonly seq: number;
}

export interface ChatImage {
  readonly type: 'ChatImage';
  readonly seq: number;
  readonly image: Image;
}

export interface ChatFinished extends Structured {
  readonly type: 'ChatFinished';
  readonly seq: number;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly length: number;
  readonly usage: Usage | null;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
  /** For the next message of this conversation, as opaque text; null where there is nothing to be carried along. */
  readonly continuation: string | null;
}

/** The answer as the JSON that was asked for. */
export interface Structured {
  /** Null where none was asked for, or the answer is none. */
  readonly object: unknown;
  /** Where it breaks its schema. */
  readonly objectProblems: readonly string[];
}

export interface ChatFailed extends Failure {
  readonly type: 'ChatFailed';
  readonly seq: number;
}
