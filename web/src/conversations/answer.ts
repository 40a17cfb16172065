import type {
  ChatInput,
  ChatSubscription,
  FailureCode,
  ModelNameFragment,
  PicturePartsFragment,
  TryPartsFragment,
} from '../gql/graphql.ts';
import { type Call, type CallResult, withCall, withCallPiece } from './calls.ts';

export type ChatEvent = ChatSubscription['chat'];
type Finished = Extract<ChatEvent, { __typename: 'ChatFinished' }>;
type Source = Pick<Extract<ChatEvent, { __typename: 'ChatSource' }>, 'url' | 'title'>;

type Piece = Pick<Extract<ChatEvent, { __typename: 'ChatDelta' }>, 'text' | 'offset'>;
type FailedEvent = Pick<
  Extract<ChatEvent, { __typename: 'ChatFailed' }>,
  'code' | 'message' | 'retryable' | 'retryAfterMs'
>;

export interface Failure {
  /** `LOST` where the server has not got the rest of a chat. Null for a mistake in the request, which no provider has seen. */
  readonly code: FailureCode | 'LOST' | null;
  readonly message: string;
  readonly retryable: boolean;
  /** Until when the upstream asks to wait, as the time of this browser. */
  readonly retryAt?: number | null;
}

/** One model's answer to one question. */
export interface Answer {
  /** The chat's `input.id`. */
  readonly id: string;
  /** What was asked for: a model's id, or an alias. Null: the server's default. */
  readonly asked: string | null;
  /** What is sent, but for attachments. Dropped when an answer that has ended is kept: the conversation holds it too. */
  readonly input: ChatInput | null;
  readonly askedAt: number;
  /** Of the last event that was heard, which all that is here comes from; null before the first. */
  readonly seq: number | null;
  readonly state: 'waiting' | 'streaming' | 'finished' | 'stopped' | 'failed';
  readonly text: string;
  readonly reasoning: string;
  readonly pictures: readonly PicturePartsFragment[];
  readonly calls: readonly Call[];
  /** What was entered as the results of its calls, by their `callId`. */
  readonly results: Readonly<Record<string, CallResult>>;
  readonly sources: readonly Source[];
  /** The model that answers; null before the first part. */
  readonly model: ModelNameFragment | null;
  readonly attempts: readonly TryPartsFragment[];
  readonly finished: Omit<Finished, '__typename' | 'seq'> | null;
  readonly failure: Failure | null;
  /** The answers to the same question before it, in order: each has called tools, and got all their results. */
  readonly earlier: readonly Answer[];
}

export function createAnswer(input: ChatInput & { readonly id: string }, earlier: readonly Answer[] = []): Answer {
  return {
    id: input.id,
    asked: input.model ?? null,
    input,
    askedAt: Date.now(),
    seq: null,
    state: 'waiting',
    ...NOTHING_SAID,
    attempts: [],
    finished: null,
    failure: null,
    earlier,
  };
}

const NOTHING_SAID = {
  text: '',
  reasoning: '',
  pictures: [],
  calls: [],
  results: {},
  sources: [],
  model: null,
} as const satisfies Partial<Answer>;

export const isRunning = ({ state }: Answer): boolean => state === 'waiting' || state === 'streaming';

/** Whether it goes on once its calls have their results. */
export const wantsResults = ({ state, calls }: Answer): boolean => state === 'finished' && calls.length > 0;

/** The answer after one more event of its chat. */
export function tell(answer: Answer, event: ChatEvent): Answer {
  return isRunning(answer) ? { ...withEvent(answer, event), seq: event.seq } : answer;
}

function withEvent(answer: Answer, event: ChatEvent): Answer {
  switch (event.__typename) {
    case 'ChatStarted': // Voids all before it: so restarts and rejoins come out right.
      return { ...answer, ...NOTHING_SAID, state: 'streaming', model: event.model, attempts: event.attempts };
    case 'ChatDelta':
      return withPiece(answer, 'text', event);
    case 'ChatReasoningDelta':
      return withPiece(answer, 'reasoning', event);
    case 'ChatToolCallDelta': {
      const calls = withCallPiece(answer.calls, event);
      return calls ? { ...answer, calls } : lose(answer);
    }
    case 'ChatToolCall': {
      const { __typename, seq, ...call } = event;
      return { ...answer, calls: withCall(answer.calls, call) };
    }
    case 'ChatImage':
      return { ...answer, pictures: [...answer.pictures, event.image] };
    case 'ChatSource':
      return { ...answer, sources: [...answer.sources, { url: event.url, title: event.title }] };
    case 'ChatFinished': {
      const { __typename, seq, ...finished } = event;
      return { ...answer, state: finished.finishReason === 'CANCELLED' ? 'stopped' : 'finished', finished };
    }
    case 'ChatFailed':
      return { ...answer, state: 'failed', attempts: event.attempts, failure: toFailure(event) };
    default: // Other servers may know more than this page.
      return answer;
  }
}

/** Each piece says where it belongs. */
function withPiece(answer: Answer, name: 'text' | 'reasoning', { text, offset }: Piece): Answer {
  const before = answer[name];
  return before.length < offset ? lose(answer) : { ...answer, [name]: before.slice(0, offset) + text };
}

/** What a provider's failure is, from here on. */
export function toFailure({ code, message, retryable, retryAfterMs }: FailedEvent): Failure {
  return { code, message, retryable, retryAt: retryAfterMs === null ? null : Date.now() + retryAfterMs };
}

/** The answer as far as it came, when the server has not got the rest. */
export function lose(answer: Answer): Answer {
  const message = 'The server has not got this chat any longer: it was away for too long, or was restarted.';
  return { ...answer, state: 'failed', failure: { code: 'LOST', message, retryable: true } };
}

/** The answer after its request turned out to be wrong, or its end never came. */
export function fail(answer: Answer, message: string): Answer {
  return { ...answer, state: 'failed', failure: { code: null, message, retryable: false } };
}
