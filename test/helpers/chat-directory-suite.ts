import { describe, expect, test } from 'vitest';
import { CLIENT_GONE } from '../../src/gateway/caller.ts';
import type { ChatKey, ChatStart, LocalChats } from '../../src/gateway/chat/chat-directory.ts';
import type { RunningChat } from '../../src/gateway/chat/running-chat.ts';
import { createCaller } from './scripted-provider.ts';

const key: ChatKey = { owner: 'ann', id: 'one', question: 'Why?' };

/** A chat that says one thing, waits until it is cancelled, and ends. */
const TALKING: ChatStart = {
  limits: { resumeGraceMs: 60_000, slowReaderTimeoutMs: 60_000 },
  isResumable: true,
  async run(signal, write) {
    write({ type: 'ChatDelta', seq: 0, text: 'Because', offset: 0 });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    write({
      type: 'ChatFinished',
      seq: 1,
      finishReason: 'CANCELLED',
      rawFinishReason: null,
      length: 7,
      usage: null,
      firstTokenMs: 0,
      durationMs: 0,
      continuation: null,
      object: null,
      objectProblems: [],
    });
  },
};

/** Opens a chat that is not there yet. */
function openNew(directory: LocalChats, key: ChatKey, start = TALKING): RunningChat {
  const opened = directory.open(key, start);
  if (opened.kind !== 'NEW') throw new Error(`expected a new chat: ${opened.kind}`);
  return opened.chat;
}

/** What every directory of chats keeps. */
export function describeChatDirectory(name: string, create: () => LocalChats): void {
  describe(`a directory of chats ${name}`, () => {
    test('starts a chat once, and has it for all who come then with the same question', () => {
      const directory = create();
      const chat = openNew(directory, key);
      expect(directory.open(key, TALKING)).toEqual({ kind: 'HERE', chat });
      expect(directory.open(key, undefined)).toEqual({ kind: 'HERE', chat });
    });

    test('starts nothing for who asks for none to be started', () => {
      const directory = create();
      expect(directory.open(key, undefined)).toEqual({ kind: 'ABSENT' });
      openNew(directory, key);
    });

    test('tells that a chat was asked something else, whatever is to be done then', () => {
      const directory = create();
      openNew(directory, key);
      for (const question of ['Who?', undefined]) {
        expect(directory.open({ ...key, question }, TALKING)).toEqual({ kind: 'OTHER_QUESTION' });
        expect(directory.open({ ...key, question }, undefined)).toEqual({ kind: 'OTHER_QUESTION' });
      }
    });

    test("does not see another owner's chats", () => {
      const directory = create();
      const bobs = { ...key, owner: 'bob', question: 'Who?' };
      openNew(directory, key);
      expect(directory.open(bobs, undefined)).toEqual({ kind: 'ABSENT' });
      expect(directory.cancel('bob', 'one')).toBe(false);
      openNew(directory, bobs);
    });

    test('cancels a chat that runs, for all who read it, and has it still when it has ended', async () => {
      const directory = create();
      const chat = openNew(directory, key);
      const reading = [Array.fromAsync(chat.join(createCaller())), Array.fromAsync(chat.join(createCaller()))];
      expect(directory.cancel('ann', 'one')).toBe(true);
      for (const events of await Promise.all(reading))
        expect(events.at(-1)).toMatchObject({ finishReason: 'CANCELLED' });
      expect(directory.cancel('ann', 'one')).toBe(false);
      expect(directory.cancel('ann', 'two')).toBe(false);
      expect(directory.open(key, undefined)).toEqual({ kind: 'HERE', chat });
    });

    test('forgets a chat once it is of no use, and only that one', async () => {
      const directory = create();
      const chat = openNew(directory, key);
      const reader = chat.join(createCaller());
      await reader.return?.(); // A connection that is lost: it waits for its client.
      expect(directory.open(key, undefined)).toEqual({ kind: 'HERE', chat });
      const gone = new AbortController();
      void chat.join(createCaller(gone.signal));
      gone.abort(CLIENT_GONE.UNSUBSCRIBED);
      expect(directory.open(key, undefined)).toEqual({ kind: 'ABSENT' });
    });
  });
}
