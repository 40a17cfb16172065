import { hash } from 'node:crypto';
import { badInput, chatNotFound } from '../input-errors.ts';
import type { ChatCopy, ChatDirectory, ChatStart } from './chat-directory.ts';
import type { RunningChat } from './running-chat.ts';

export interface ChatOpening {
  readonly owner: string;
  readonly id: string;
  /** Whether the client chose the id, so that it can come back to the chat. */
  readonly isResumable: boolean;
  /** What was asked, to run an id that is used for something else. */
  readonly input: unknown;
  /** The `seq` of the last event that the client has heard: it is back, and no chat is to be started. */
  readonly after?: number | undefined;
}

/**
 * The chat with this id, or, for a client that has heard nothing, a new one.
 * @throws GraphQLError `BAD_USER_INPUT` when the id belongs to a chat with another input, or nobody can have heard
 * `after`; `CHAT_NOT_FOUND` when the chat that it was heard of is not there
 * @param start undefined where none is to be started
 */
export async function openChat(
  directory: ChatDirectory,
  { owner, id, isResumable, input, after }: ChatOpening,
  start: ChatStart | undefined,
  copy: ChatCopy,
): Promise<RunningChat> {
  if (after !== undefined) checkPlace(after, isResumable);
  const question = isResumable ? toQuestion(input) : undefined;
  const opened = await directory.open({ owner, id, question }, start, copy);
  switch (opened.kind) {
    case 'OTHER_QUESTION':
      throw badInput('input.id', `'${id}' belongs to a chat that was asked something else`);
    case 'ABSENT':
      throw chatNotFound(id);
    case 'HERE':
      if (after !== undefined) checkHeard(after, opened.chat);
      return opened.chat;
    case 'NEW':
      return opened.chat;
  }
}

/** Long texts, such as pictures, stand for themselves by their hash: to write them out would hold all others up. */
function toQuestion(input: unknown): string {
  return JSON.stringify(input, (_name, value) =>
    typeof value === 'string' && value.length > LONG_CHARACTERS ? { sha256: hash('sha256', value) } : value,
  );
}

const LONG_CHARACTERS = 1000;

/** @throws GraphQLError `BAD_USER_INPUT` */
function checkPlace(after: number, isResumable: boolean): void {
  if (!isResumable) throw badInput('after', 'expected an input.id with it: only such a chat can be come back to');
  if (after < 0) throw badInput('after', 'expected the seq of an event, 0 or more');
}

/** @throws GraphQLError `BAD_USER_INPUT` */
function checkHeard(after: number, { last, isCopy }: RunningChat): void {
  if (after <= last || isCopy) return;
  const newest = last < 0 ? 'none was told yet' : `the newest is ${last}`;
  throw badInput('after', `expected the seq of an event that was told: ${newest}`);
}
