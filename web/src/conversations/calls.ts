import type { ChatSubscription } from '../gql/graphql.ts';

type Event = ChatSubscription['chat'];
type Told<Name extends Event['__typename']> = Omit<Extract<Event, { __typename: Name }>, '__typename' | 'seq'>;

/** What a model wants a tool to do. */
export interface Call extends Told<'ChatToolCall'> {
  /** False while its arguments are being written. */
  readonly isWhole: boolean;
}

/** What came back for a call, or, where the tool failed, how. */
export interface CallResult {
  readonly text: string;
  readonly isError: boolean;
}

/** The calls after one more piece of the arguments of one; null where a piece before it is missing. */
export function withCallPiece(
  calls: readonly Call[],
  { index, callId, name, text, offset }: Told<'ChatToolCallDelta'>,
): readonly Call[] | null {
  const before = calls.find((call) => call.index === index)?.argumentsText ?? '';
  if (before.length < offset) return null;
  const argumentsText = before.slice(0, offset) + text;
  return placed(calls, { index, callId, name, argumentsText, arguments: null, isWhole: false });
}

/** The calls after one was told whole. */
export const withCall = (calls: readonly Call[], call: Told<'ChatToolCall'>): readonly Call[] =>
  placed(calls, { ...call, isWhole: true });

function placed(calls: readonly Call[], call: Call): readonly Call[] {
  return [...calls.filter(({ index }) => index !== call.index), call].sort((one, other) => one.index - other.index);
}
