import { badInput } from '../mistakes.ts';
import { type ChatLimits, type RunningChat, type RunningChatOptions, startChat } from './running-chat.ts';

export interface ChatStart {
  /** Whose chat it is: another owner's chats are not seen. */
  readonly owner: string;
  readonly id: string;
  /** Whether the client chose the id, so that it can come back to the chat. */
  readonly isResumable: boolean;
  /** What was asked, to tell an id that is used for something else. */
  readonly input: unknown;
  tell: RunningChatOptions['tell'];
}

/** The chats that run, and those just over that can still be joined. */
export interface Chats {
  /**
   * The chat with this id, or a new one.
   * @throws GraphQLError `BAD_USER_INPUT` when the id belongs to a chat with another input
   */
  open(start: ChatStart): RunningChat;
  /** False if there is no chat with this id that runs. */
  cancel(owner: string, id: string): boolean;
}

export function createChats(limits: ChatLimits): Chats {
  const chats = new Map<string, { readonly chat: RunningChat; readonly input: string | undefined }>();
  const keyOf = (owner: string, id: string) => JSON.stringify([owner, id]);

  return {
    open({ owner, id, isResumable, input, tell }) {
      const key = keyOf(owner, id);
      const asked = isResumable ? JSON.stringify(input) : undefined;
      const known = chats.get(key);
      if (known && known.input !== asked) {
        throw badInput('input.id', `'${id}' belongs to a chat that was asked something else`);
      }
      if (known) return known.chat;
      const chat = startChat({
        limits,
        isResumable,
        tell,
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
