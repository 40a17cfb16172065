import { createClient } from 'graphql-ws';
import { describe, expect } from 'vitest';
import { overPost, readSse } from '../helpers/clients.ts';
import { startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { type Exchange, type FakeUpstream, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { chat } from '../helpers/leavers.ts';
import { answers, ask, openPlayground, say } from '../helpers/playground.ts';
import { startServer } from '../helpers/server.ts';
import { expectWithin, inMs, row } from './row.ts';

const GRACE_MS = 500;

const named = () => {
  const { query, variables = {} } = chat('aichats');
  return { query, variables: { input: { ...(variables.input as object), id: 'chat-1' } } };
};

async function start(resumeGraceMs = 30_000) {
  const upstream = await startFakeUpstream(async ({ begin, send }) => {
    await begin();
    await send('data: Hello\n');
  });
  const limits = { resumeGraceMs };
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } }, limits } });
  return { upstream, server };
}

/** Until the upstream is let go of. */
async function timeToClose(upstream: FakeUpstream, end: () => unknown): Promise<number> {
  const { closed }: Exchange = await upstream.exchange();
  const begun = performance.now();
  await end();
  return (await closed) - begun;
}

describe('Ending a chat', () => {
  row(
    'a chat with an id lets go of its upstream when its client unsubscribes',
    {
      done: 'one chat that could be resumed, completed over its WebSocket',
      expected: 'the upstream is let go of within 100 ms',
      isLong: true,
    },
    async (measure) => {
      const { upstream, server } = await start();
      const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
      const events = client.iterate(named());
      await events.next();
      const ms = await timeToClose(upstream, () => events.return?.());
      await client.dispose();
      measure(inMs(ms));
      expectWithin(ms, 100);
    },
  );

  row(
    '`cancelChat` lets go of the upstream',
    {
      done: 'one chat over SSE, cancelled by another request',
      expected: 'the upstream is let go of within 100 ms',
      isLong: true,
    },
    async (measure) => {
      const { upstream, server } = await start();
      const events = readSse(server, named());
      await events.next();
      await overPost(server, { query: '{ __typename }' }); // The first request of a process takes longer.
      const ms = await timeToClose(upstream, () =>
        overPost(server, { query: 'mutation { cancelChat(id: "chat-1") }' }),
      );
      measure(inMs(ms));
      expectWithin(ms, 100);
    },
  );

  row(
    'a chat with an id waits for a client that is lost, and no longer than it may',
    {
      done: `one chat whose connection is cut, \`resumeGraceMs\` ${GRACE_MS}`,
      expected: `the upstream is let go of within 200 ms after that`,
      isLong: true,
    },
    async (measure) => {
      const { upstream, server } = await start(GRACE_MS);
      const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
      const events = readSse({ ...server, url: `http://127.0.0.1:${port}/graphql` }, named());
      await events.next();
      const ms = await timeToClose(upstream, async () => {
        cut();
        await expect(Array.fromAsync(events)).rejects.toThrow();
      });
      measure(inMs(ms));
      expect(ms).toBeGreaterThan(GRACE_MS - 10);
      expectWithin(ms, GRACE_MS + 200);
    },
  );

  row(
    'the Stop of the playground lets go of the upstream',
    {
      done: 'one chat in Chromium, stopped with the keyboard in the middle',
      expected: 'the upstream is let go of within 1 s, the browser’s own part included',
      isLong: true,
    },
    async (measure) => {
      const { page, upstream } = await openPlayground();
      await ask(page, 'Count to three.');
      await say(await upstream.exchange(), 'One, ');
      await answers(page).getByText('One,').waitFor();
      const ms = await timeToClose(upstream, async () => {
        await page.getByRole('button', { name: 'Stop acme/acme-1' }).focus();
        await page.keyboard.press('Enter');
      });
      measure(inMs(ms));
      expectWithin(ms, 1000);
    },
  );
});
