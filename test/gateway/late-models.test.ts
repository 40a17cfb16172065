import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { waitForModel } from '../../src/gateway/late-models.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { scriptedProvider } from '../helpers/scripted-provider.ts';

const silent = new Promise<void>(() => {});
const asked = (refreshModels: () => Promise<void>): Provider =>
  scriptedProvider(async function* () {}, { refreshModels });
const { signal } = new AbortController();

describe('a model that is not found is waited for', () => {
  test('until the first provider has it, though others have not answered', async () => {
    let found = false;
    const pulled = async () => {
      found = true;
    };
    const providers = [asked(() => silent), asked(pulled)];
    await waitForModel(() => (found ? [] : providers), signal);
    expect(found).toBe(true);
  });

  test('until all have answered, where none has it', async () => {
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const providers = [asked(() => first.promise), asked(() => second.promise)];
    let settled = false;
    const waiting = waitForModel(() => providers, signal).then(() => {
      settled = true;
    });
    first.resolve();
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    second.resolve();
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('not at all, where nobody is left to ask', async () => {
    await waitForModel(() => [], AbortSignal.abort());
  });

  test('until the signal aborts, or not at all where it has', async () => {
    const controller = new AbortController();
    const reason = new Error('left');
    const waiting = waitForModel(() => [asked(() => silent)], controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(waitForModel(() => [asked(() => silent)], controller.signal)).rejects.toBe(reason);
  });
});
