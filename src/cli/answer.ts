import type { Api } from './api.ts';
import { fail } from './failed.ts';
import type { ChatInput } from './generated/graphql.ts';
import { say } from './output.ts';
import { RestLost, readChat } from './read-chat.ts';
import { type ChatEvent, createWriter } from './writer.ts';

/** How a question ended, and what was said until then. */
export interface Answer {
  readonly outcome: 'answered' | 'failed' | 'interrupted';
  readonly text: string;
}

export interface AnswerOptions {
  /** Writes the events as they are. */
  readonly json: boolean;
  /** Aborts when the person has heard enough. */
  readonly signal: AbortSignal;
}

/** Asks, and writes the answer as it comes. @throws Failed when nothing could be asked */
export async function answer(api: Api, input: ChatInput, { json, signal }: AnswerOptions): Promise<Answer> {
  const writer = createWriter();
  let last: ChatEvent | undefined;
  try {
    for await (const event of readChat(api, input, signal)) {
      if (json) say(`${JSON.stringify(event)}\n`);
      else await writer.write(event);
      last = event;
    }
  } catch (error) {
    if (!(error instanceof RestLost)) throw error;
    writer.endLine();
    fail(error);
    return { outcome: 'failed', text: writer.text };
  }
  writer.endLine();
  return { outcome: toOutcome(last), text: writer.text };
}

function toOutcome(last: ChatEvent | undefined): Answer['outcome'] {
  if (last?.__typename === 'ChatFinished') return last.finishReason === 'CANCELLED' ? 'failed' : 'answered';
  return last?.__typename === 'ChatFailed' ? 'failed' : 'interrupted';
}
