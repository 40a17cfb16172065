import { type RunningChat, type RunningChatOptions, startChat } from './running-chat.ts';

/** Which chat is meant. */
export interface ChatKey {
  /** Whose chat it is: another owner's chats are not seen. */
  readonly owner: string;
  readonly id: string;
  /** What is asked, in full, to tell a chat that was asked something else; undefined where nobody can come back to it. */
  readonly question: string | undefined;
}

/** How a chat is started where there is none. */
export type ChatStart = Pick<RunningChatOptions, 'limits' | 'isResumable' | 'run' | 'elsewhere' | 'stats'> &
  Partial<Pick<RunningChatOptions, 'onEnd'>>;

/** How one that is found in another process is read here. */
export interface ChatCopy extends Pick<RunningChatOptions, 'limits' | 'stats'> {
  /** Makes it run anew, should that process die. Absent: it fails then. */
  readonly revive?: ((signal: AbortSignal) => Promise<RunningChatOptions['run']>) | undefined;
}

/** What a key opens. */
export type Opened =
  /** It was there already. */
  | { readonly kind: 'HERE'; readonly chat: RunningChat }
  /** It was not, and has been started. */
  | { readonly kind: 'NEW'; readonly chat: RunningChat }
  /** It is not there, and was not to be started. */
  | { readonly kind: 'ABSENT' }
  /** Its id belongs to a chat with another question. */
  | { readonly kind: 'OTHER_QUESTION' };

/** The chats that run, and those just over that can still be joined. */
export interface ChatDirectory {
  /**
   * Of all who open a chat one starts it, the first, and the others find it.
   * @param start undefined where none is to be started
   */
  open(key: ChatKey, start: ChatStart | undefined, copy: ChatCopy): Opened | Promise<Opened>;
  /** Whether there is one, so that nobody has to start it. */
  has(owner: string, id: string): boolean | Promise<boolean>;
  /** Ends a chat for all who read it. False if there is none with this id that runs. */
  cancel(owner: string, id: string): boolean | Promise<boolean>;
}

/** A directory of the chats of this process. */
export interface LocalChats extends ChatDirectory {
  open(key: ChatKey, start: ChatStart | undefined): Opened;
  has(owner: string, id: string): boolean;
  cancel(owner: string, id: string): boolean;
}

export function createChatDirectory(): LocalChats {
  const entries = new Map<string, { readonly chat: RunningChat; readonly question: string | undefined }>();
  const nameOf = (owner: string, id: string) => JSON.stringify([owner, id]);

  return {
    open({ owner, id, question }, start) {
      const name = nameOf(owner, id);
      const found = entries.get(name);
      if (found) return found.question === question ? { kind: 'HERE', chat: found.chat } : { kind: 'OTHER_QUESTION' };
      if (!start) return { kind: 'ABSENT' };
      const onEnd = () => {
        start.onEnd?.();
        if (entries.get(name)?.chat === chat) entries.delete(name); // Another may have its place by now.
      };
      const chat = startChat({ ...start, onEnd });
      entries.set(name, { chat, question });
      return { kind: 'NEW', chat };
    },
    has: (owner, id) => entries.has(nameOf(owner, id)),
    cancel(owner, id) {
      const chat = entries.get(nameOf(owner, id))?.chat;
      if (!chat || chat.hasEnded) return false;
      chat.cancel();
      return true;
    },
  };
}
