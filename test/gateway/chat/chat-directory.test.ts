import { expect, onTestFinished, test, vi } from 'vitest';
import { type ChatStart, createChatDirectory } from '../../../src/gateway/chat/chat-directory.ts';
import { runChat } from '../../../src/gateway/chat/run-chat.ts';
import { createProviderAccess } from '../../../src/gateway/provider-access.ts';
import { createRegistry } from '../../../src/gateway/registry.ts';
import { ProviderOptions } from '../../../src/providers/options.ts';
import { createCaller, scriptedProvider, text } from '../../helpers/scripted-provider.ts';

const limits = { resumeGraceMs: 50, slowReaderTimeoutMs: 1000 };

/** How to start a chat that says one thing and then waits, and how often that was done. */
function startingWith(chats = createChatDirectory(limits)) {
  let starts = 0;
  const provider = scriptedProvider(async function* (_request, signal) {
    starts++;
    yield text('a');
    signal.throwIfAborted();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const candidates = createRegistry({ providers: [provider], defaults: { chat: '', image: '' }, aliases: {} }).choose(
    { model: 'model' },
    'CHAT',
  );
  const gate = createProviderAccess(provider, ProviderOptions.parse({}), () => {});
  const start: ChatStart = {
    owner: '',
    id: 'one',
    isResumable: true,
    input: {},
    prepare: () => (signal, write) =>
      runChat({ id: 'one', candidates, messages: [] }, { signal, reportBug: () => 'bug', accessOf: () => gate }, write),
  };
  return { chats, start, starts: () => starts };
}

test('a chat that was cancelled can be joined for the grace, and is forgotten after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { chats, start, starts } = startingWith();
  const reading = Array.fromAsync(chats.open(start).join(createCaller()));
  expect(chats.cancel('', 'one')).toBe(true);
  expect((await reading).at(-1)).toMatchObject({ type: 'ChatFinished', finishReason: 'CANCELLED' });
  expect((await Array.fromAsync(chats.open(start).join(createCaller()))).at(-1)).toMatchObject({
    finishReason: 'CANCELLED',
  });
  expect(starts()).toBe(1);
  vi.advanceTimersByTime(limits.resumeGraceMs);
  const again = chats.open(start).join(createCaller());
  expect((await again.next()).value).toMatchObject({ type: 'ChatStarted' });
  expect(starts()).toBe(2);
});

test('a chat that was given up is forgotten at once', async () => {
  const { chats, start, starts } = startingWith();
  for (let round = 1; round <= 3; round++) {
    const reader = chats.open({ ...start, isResumable: false }).join(createCaller());
    await reader.next();
    await reader.return?.();
    expect(chats.cancel('', 'one')).toBe(false);
    expect(starts()).toBe(round);
  }
});
