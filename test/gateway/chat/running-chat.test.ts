import { expect, onTestFinished, test, vi } from 'vitest';
import type { ChatRequest } from '../../../src/gateway/chat/chat-request.ts';
import { createCaller, createTestGateway, scriptedProvider, text } from '../../helpers/scripted-provider.ts';

const chatLimits = { resumeGraceMs: 50, slowReaderTimeoutMs: 1000, maxContinuationBytes: 1000 };

const request: ChatRequest = { model: 'model', messages: [{ role: 'USER', content: 'hello' }] };

/** A gateway to a model that says one thing and then waits, and how often it was asked. */
function createWaitingGateway() {
  let starts = 0;
  const provider = scriptedProvider(async function* (_request, signal) {
    starts++;
    yield text('a');
    signal.throwIfAborted();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  return { gateway: createTestGateway([provider], { chatLimits }), starts: () => starts };
}

test('a chat that was cancelled can be joined for the grace, and is forgotten after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { gateway, starts } = createWaitingGateway();
  const open = () => gateway.streamChat({ ...request, id: 'one' }, createCaller());
  const reading = Array.fromAsync(await open());
  expect(gateway.cancelChat('one', '')).toBe(true);
  const cancelled = { type: 'ChatFinished', finishReason: 'CANCELLED' };
  expect((await reading).at(-1)).toMatchObject(cancelled);
  expect((await Array.fromAsync(await open())).at(-1)).toMatchObject(cancelled);
  expect(starts()).toBe(1);
  vi.advanceTimersByTime(chatLimits.resumeGraceMs);
  expect((await (await open()).next()).value).toMatchObject({ type: 'ChatStarted' });
  expect(starts()).toBe(2);
});

test('a chat that was given up is forgotten at once', async () => {
  const { gateway, starts } = createWaitingGateway();
  for (let round = 1; round <= 3; round++) {
    const reader = await gateway.streamChat(request, createCaller());
    const { value } = await reader.next();
    if (value?.type !== 'ChatStarted') throw new Error('expected a start');
    await reader.return?.();
    expect(gateway.cancelChat(value.id, '')).toBe(false);
    expect(starts()).toBe(round);
  }
});
