import type { ChatSubscription, FailureCode } from './generated/graphql.ts';
import { note, remark, say } from './output.ts';
import { savePicture } from './picture.ts';

export type ChatEvent = ChatSubscription['chat'];

/** Writes the events of one chat for a person. */
export interface Writer {
  /** The answer so far. */
  readonly text: string;
  write(event: ChatEvent): Promise<void>;
  /** Leaves the cursor at the beginning of a line. */
  endLine(): void;
}

export function createWriter(): Writer {
  let model = '';
  let text = '';
  let isThinking = false;
  let isLineOpen = false;

  function endLine() {
    if (isLineOpen) say('\n');
    isLineOpen = false;
  }

  return {
    get text() {
      return text;
    },
    endLine,
    async write(event) {
      switch (event.__typename) {
        case 'ChatStarted':
          endLine();
          if (text !== '') remark('(the answer begins anew)\n');
          model = event.model.id;
          text = '';
          return;
        case 'ChatReasoningDelta':
          isThinking = true;
          return remark(event.text);
        case 'ChatDelta':
          if (isThinking) remark('\n');
          isThinking = false;
          if (event.text !== '') isLineOpen = !event.text.endsWith('\n');
          text += event.text;
          return say(event.text);
        case 'ChatImage':
          endLine();
          return say(`${await savePicture(event.image)}\n`);
        case 'ChatFinished':
          endLine();
          return tellEnd(event, model);
        case 'ChatFailed':
          endLine();
          return tellFailure(event);
      }
    },
  };
}

function tellEnd(
  { finishReason, durationMs, usage }: Extract<ChatEvent, { __typename: 'ChatFinished' }>,
  model: string,
): void {
  if (finishReason !== 'STOP') note(`modelql: the answer ended early (${finishReason})`);
  const tokens = usage?.completionTokens == null ? '' : `, ${usage.completionTokens} tokens`;
  remark(`(${model}, ${(durationMs / 1000).toFixed(1)} s${tokens})\n`);
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
