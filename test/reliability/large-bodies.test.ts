import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { overPost, overWebSocket, type Result, readSse } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { chat } from '../helpers/leavers.ts';
import { askAbout, picture, sendMedia, toDataUri } from '../helpers/media.ts';
import { DONE, event } from '../helpers/openai-server.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { expectWithin, inMs, isWhole, row } from './row.ts';

const STREAMS = isWhole ? 100 : 10;
const ROUNDS = isWhole ? 10 : 1;
const BYTES = 11_700_000; // 15 MiB in base64, with what is around it.

/** A server with streams that go on until the test has finished, and a model that looks at pictures. */
async function start(): Promise<MeasuredServer> {
  const words = await startFakeUpstream(async ({ begin, send, closed }) => {
    let isGone = false;
    void closed.then(() => {
      isGone = true;
    });
    await begin();
    while (!isGone) {
      await send('data: word \n');
      await wait(20);
    }
  });
  const viewer = await startFakeUpstream(({ reply }) => reply({ body: event({ content: 'a cat' }, 'stop') + DONE }));
  const server = await runMeasured({
    defaults: { chat: 'viewer/eye' },
    providers: {
      aichats: { baseUrl: words.url },
      viewer: { type: 'openai-compatible', baseUrl: viewer.url, models: ['eye'] },
    },
  });
  await Promise.all(Array.from({ length: STREAMS }, () => follow(server)));
  return server;
}

/** Begins a stream that is read on and on. */
async function follow(server: MeasuredServer): Promise<void> {
  const results = readSse(server as never, chat('aichats')) as AsyncGenerator<Result>;
  await results.next();
  void (async () => {
    for await (const _result of results);
  })().catch(() => {}); // It ends with the server.
}

/** The longest delay of the server's loop while something is done, of several times the least: others use this machine too. */
async function delayOf(server: MeasuredServer, act: () => Promise<unknown>): Promise<number> {
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await wait(200);
    await server.longestDelayMs();
    await act();
    delays.push(await server.longestDelayMs());
  }
  return Math.min(...delays);
}

describe('Large bodies', () => {
  row(
    'a picture of 15 MiB does not stop the others where it is sent by POST /media',
    {
      done: `beside ${STREAMS} streams: a picture of 11.7 MB by POST /media, a chat that links to it, and the same picture as a data: URI in a GraphQL message over HTTP and over WebSocket`,
      expected: 'POST /media, and a chat that links to what was sent, delay the event loop by less than 50 ms',
      timeoutMs: 300_000,
    },
    async (measure) => {
      const server = await start();
      const bytes = picture(BYTES);
      const idle = await delayOf(server, () => wait(500));
      const sent = await delayOf(server, () => sendMedia(server, bytes));
      const { url } = await sendMedia(server, bytes);
      const answers: unknown[] = [];
      const ask =
        (url: string, run = overPost) =>
        async () =>
          void answers.push(...(await run(server as never, askAbout({ image: { url } }))));
      const linked = await delayOf(server, ask(url));
      const inMessage = await delayOf(server, ask(toDataUri(bytes)));
      const overSocket = await delayOf(server, ask(toDataUri(bytes), overWebSocket));
      measure(
        `the longest delay, the least of ${ROUNDS}: nothing ${inMs(idle)}; POST /media ${inMs(sent)}; a chat that links to it ${inMs(linked)}; a GraphQL message of 15.6 MB ${inMs(inMessage)} over HTTP, ${inMs(overSocket)} over WebSocket`,
      );
      for (const answer of answers) expect(answer).toEqual({ data: { completeChat: { __typename: 'ChatAnswer' } } });
      expectWithin(sent, 50);
      expectWithin(linked, 50);
      expect(server.errors()).toEqual([]);
    },
  );
});
