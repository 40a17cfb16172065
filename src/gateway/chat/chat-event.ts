import type { FinishReason, Image, Usage } from '../../providers/provider.ts';
import type { Attempt, Failure } from '../failure.ts';
import type { ListedModel } from '../model.ts';

/**
 * What a subscriber of a chat gets: `ChatStarted` with the first part of an answer, then deltas and images, and last
 * exactly one `ChatFinished` or `ChatFailed`. An answer that never began is one `ChatFailed`. `seq` rises from 0. All of
 * it is plain data, which could be JSON.
 */
export type ChatEvent = ChatStarted | ChatDelta | ChatReasoningDelta | ChatImage | ChatFinished | ChatFailed;

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

export interface ChatImage {
  readonly type: 'ChatImage';
  readonly seq: number;
  readonly image: Image;
}

export interface ChatFinished {
  readonly type: 'ChatFinished';
  readonly seq: number;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly length: number;
  readonly usage: Usage | null;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
}

export interface ChatFailed extends Failure {
  readonly type: 'ChatFailed';
  readonly seq: number;
}
