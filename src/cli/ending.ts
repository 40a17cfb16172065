import type { FailureCode } from './generated/graphql.ts';
import { note, remark, say } from './output.ts';
import type { ChatEvent } from './read-chat.ts';

export type ChatFinished = Extract<ChatEvent, { __typename: 'ChatFinished' }>;

/** What came beside the text of an answer. */
export interface Aside {
  /** The model that answered. */
  readonly model: string;
  readonly calls: readonly Extract<ChatEvent, { __typename: 'ChatToolCall' }>[];
  readonly sources: readonly Extract<ChatEvent, { __typename: 'ChatSource' }>[];
}

/** Whether an answer is what was asked for. */
export function isAnswered({ finishReason, object, objectProblems }: ChatFinished, wantsObject: boolean): boolean {
  if (finishReason === 'CANCELLED' || finishReason === 'TOOL_CALLS') return false;
  return !wantsObject || (object !== null && objectProblems.length === 0);
}

/** How the answer ended, below it. */
export function tellEnd({ finishReason, durationMs, usage }: ChatFinished, { model, calls, sources }: Aside): void {
  for (const { name, argumentsText } of calls) note(`modelql: the model wants to call ${name} ${argumentsText}`);
  if (finishReason === 'TOOL_CALLS') note('modelql: the terminal has no tools, so that the answer ends here');
  else if (finishReason !== 'STOP') note(`modelql: the answer ended early (${finishReason})`);
  for (const { url, title } of sources) remark(`(source: ${title === null ? url : `${title}, ${url}`})\n`);
  const tokens = usage?.completionTokens == null ? '' : `, ${usage.completionTokens} tokens`;
  remark(`(${model}, ${(durationMs / 1000).toFixed(1)} s${tokens})\n`);
}

/** The object of an answer: for a person to read, or on one line for a program. Where there is none, the text says why. */
export function tellObject({ object, objectProblems }: ChatFinished, text: string): void {
  if (object !== null) say(`${JSON.stringify(object, null, process.stdout.isTTY ? 2 : 0)}\n`);
  else if (text !== '') note(text);
  if (objectProblems.length > 0) note('modelql: the answer does not hold to the schema');
  for (const problem of objectProblems) note(`  ${problem}`);
}

/** A failure that is data, as `ChatFailed` and `ImageFailed` are. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly attempts: readonly { readonly model: { readonly id: string }; readonly message: string }[];
}

/** With the tries that led to it. */
export function tellFailure({ code, message, attempts }: Failure): void {
  note(`modelql: ${message} (${code})`);
  if (attempts.length > 1) for (const { model, message } of attempts) note(`  ${model.id}: ${message}`);
}
