import type {
  ChatInput,
  ChatSubscription,
  FailureCode,
  ModelNameFragment,
  PicturePartsFragment,
  TryPartsFragment,
} from '../gql/graphql.ts';

export type ChatEvent = ChatSubscription['chat'];
type Finished = Extract<ChatEvent, { __typename: 'ChatFinished' }>;

export interface Failure {
  /** Null for a mistake in the request, which no provider has seen. */
  readonly code: FailureCode | null;
  readonly message: string;
  readonly retryable: boolean;
}

/** One model's answer to one question. */
export interface Answer {
  /** The chat's `input.id`. */
  readonly id: string;
  /** What was asked for: a model's id, or an alias. Null: the server's default. */
  readonly asked: string | null;
  /** What was sent. Dropped when an answer that has ended is kept: the conversation holds it too. */
  readonly input: ChatInput | null;
  readonly askedAt: number;
  readonly state: 'waiting' | 'streaming' | 'finished' | 'stopped' | 'failed';
  readonly text: string;
  readonly reasoning: string;
  readonly pictures: readonly PicturePartsFragment[];
  /** The model that answers; null before the first part. */
  readonly model: ModelNameFragment | null;
  readonly attempts: readonly TryPartsFragment[];
  readonly finished: Omit<Finished, '__typename'> | null;
  readonly failure: Failure | null;
}

export function createAnswer(input: ChatInput & { readonly id: string }): Answer {
  return {
    id: input.id,
    asked: input.model ?? null,
    input,
    askedAt: Date.now(),
    state: 'waiting',
    ...NOTHING_SAID,
    attempts: [],
    finished: null,
    failure: null,
  };
}

const NOTHING_SAID = { text: '', reasoning: '', pictures: [], model: null } as const;

export const isRunning = ({ state }: Answer): boolean => state === 'waiting' || state === 'streaming';

/** The answer after one more event of its chat. */
export function tell(answer: Answer, event: ChatEvent): Answer {
  switch (event.__typename) {
    case 'ChatStarted': // Voids all before it: so restarts and rejoins come out right.
      return { ...answer, ...NOTHING_SAID, state: 'streaming', model: event.model, attempts: event.attempts };
    case 'ChatDelta':
      return { ...answer, text: answer.text + event.text };
    case 'ChatReasoningDelta':
      return { ...answer, reasoning: answer.reasoning + event.text };
    case 'ChatImage':
      return { ...answer, pictures: [...answer.pictures, event.image] };
    case 'ChatFinished': {
      const { __typename, ...finished } = event;
      return { ...answer, state: finished.finishReason === 'CANCELLED' ? 'stopped' : 'finished', finished };
    }
    case 'ChatFailed': {
      const { code, message, retryable, attempts } = event;
      return { ...answer, state: 'failed', attempts, failure: { code, message, retryable } };
    }
  }
}

/** The answer after its request turned out to be wrong, or its end never came. */
export function fail(answer: Answer, message: string): Answer {
  return { ...answer, state: 'failed', failure: { code: null, message, retryable: false } };
}
