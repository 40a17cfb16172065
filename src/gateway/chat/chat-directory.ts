import { badInput, chatNotFound } from '../input-errors.ts';
import { type ChatLimits, type RunningChat, type RunningChatOptions, startChat } from './running-chat.ts';

export interface ChatStart {
  /** Whose chat it is: another owner's chats are not seen. */
  readonly owner: string;
  readonly id: string;
  /** Whether the client chose the id, so that it can come back to the chat. */
  readonly isResumable: boolean;
  /** What was asked, to run an id that is used for something else. */
  readonly input: unknown;
  /** The `seq` of the last event that the client has heard: it is back, and no chat is to be started. */
  readonly after?: number | undefined;
  /** Called where a chat is started: how it is told. @throws GraphQLError */
  prepare(): RunningChatOptions['run'];
}

/** The chats that run, and those just over that can still be joined. */
export interface ChatDirectory {
  /**
   * The chat with this id, or, for a client that has heard nothing, a new one.
   * @throws GraphQLError `BAD_USER_INPUT` when the id belongs to a chat with another input, or nobody can have heard
   * `after`; `CHAT_NOT_FOUND` when the chat that it was heard of is not there
   */
  open(start: ChatStart): RunningChat;
  /** False if there is no chat with this id that runs. */
  cancel(owner: string, id: string): boolean;
}

export function createChatDirectory(limits: ChatLimits): ChatDirectory {
  const chats = new Map<string, { readonly chat: RunningChat; readonly input: string | undefined }>();
  const keyOf = (owner: string, id: string) => JSON.stringify([owner, id]);

  return {
    open({ owner, id, isResumable, input, after, prepare }) {
      if (after !== undefined) checkPlace(after, isResumable);
      const key = keyOf(owner, id);
      const asked = isResumable ? JSON.stringify(input) : undefined;
      const known = chats.get(key);
      if (known && known.input !== asked) {
        throw badInput('input.id', `'${id}' belongs to a chat that was asked something else`);
      }
      if (known) {
        if (after !== undefined) checkHeard(after, known.chat);
        return known.chat;
      }
      if (after !== undefined) throw chatNotFound(id);
      const chat = startChat({
        limits,
        isResumable,
        run: prepare(),
        onEnd() {
          if (chats.get(key)?.chat === chat) chats.delete(key); // Another may have its place by now.
        },
      });
      chats.set(key, { chat, input: asked });
      return chat;
    },
    cancel(owner, id) {
      const chat = chats.get(keyOf(owner, id))?.chat;
      if (!chat || chat.hasEnded) return false;
      chat.cancel();
      return true;
    },
  };
}

/** @throws GraphQLError `BAD_USER_INPUT` */
function checkPlace(after: number, isResumable: boolean): void {
  if (!isResumable) throw badInput('after', 'expected an input.id with it: only such a chat can be come back to');
  if (after < 0) throw badInput('after', 'expected the seq of an event, 0 or more');
}

/** @throws GraphQLError `BAD_USER_INPUT` */
function checkHeard(after: number, { last }: RunningChat): void {
  if (after <= last) return;
  const newest = last < 0 ? 'none was told yet' : `the newest is ${last}`;
  throw badInput('after', `expected the seq of an event that was told: ${newest}`);
}
