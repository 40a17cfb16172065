import { createClient } from 'graphql-sse';
import { describe, expect, test } from 'vitest';
import { type CreateClient, startStory, testReconnect, testUnsubscribe } from '../helpers/client-suite.ts';

/** In distinct connections mode, its default. */
const graphqlSse: CreateClient = ({ url }) => {
  const client = createClient({ url });
  return {
    subscribe: (request, { next, error }) => client.subscribe(request, { next, error, complete() {} }),
    dispose: () => client.dispose(),
  };
};

describe('graphql-sse with a connection for each subscription', () => {
  testReconnect(graphqlSse);
  testUnsubscribe('lets go of the upstream at once when it unsubscribes from a chat without an id', graphqlSse);

  test('leaves a chat with an id running when it unsubscribes, and gets the rest of it by another subscription with `after`', async () => {
    const { ask, called, say, calls, left } = await startStory(graphqlSse);
    const first = ask('chat-1');
    await say('One, ');
    await first.until(({ text }) => text === 'One,');
    first.unsubscribe();
    await left();
    await say('two.');
    const second = ask('chat-1', first.events.at(-1)?.seq);
    (await called).end();
    await second.until(({ count }) => count('ChatFinished') > 0);

    expect(second.count('ChatStarted')).toBe(0);
    expect(first.text + second.text).toBe('One, two.');
    expect(second.events.at(-1)).toMatchObject({ finishReason: 'STOP', length: 'One, two.'.length });
    expect(calls()).toBe(1);
  });
});
