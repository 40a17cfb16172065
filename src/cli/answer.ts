import type { Api } from './api.ts';
import { isAnswered } from './ending.ts';
import { fail } from './failed.ts';
import type { ChatInput } from './generated/graphql.ts';
import { say } from './output.ts';
import { type ChatEvent, RestLost, readChat } from './read-chat.ts';
import { createWriter } from './writer.ts';

/** How a question ended, and what was said until then. */
export interface Answer {
  readonly outcome: 'answered' | 'failed' | 'interrupted';
  readonly text: string;
  /** What the model wants to see again with it. */
  readonly continuation: string | null;
}

export interface AnswerOptions {
  /** Writes the events as they are. */
  readonly json: boolean;
  /** Writes the object of the answer alone. */
  readonly wantsObject: boolean;
  /** Aborts when the person has heard enough. */
  readonly signal: AbortSignal;
}

/** Asks, and writes the answer as it comes. @throws Failed when nothing could be asked */
export async function answer(api: Api, input: ChatInput, options: AnswerOptions): Promise<Answer> {
  const { json, wantsObject, signal } = options;
  const writer = createWriter({ wantsObject });
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
    return { outcome: 'failed', text: writer.text, continuation: null };
  }
  writer.endLine();
  const continuation = last?.__typename === 'ChatFinished' ? last.continuation : null;
  return { outcome: toOutcome(last, wantsObject), text: writer.text, continuation };
}

function toOutcome(last: ChatEvent | undefined, wantsObject: boolean): Answer['outcome'] {
  if (last?.__typename === 'ChatFinished') return isAnswered(last, wantsObject) ? 'answered' : 'failed';
  return last?.__typename === 'ChatFailed' ? 'failed' : 'interrupted';
}
