import { describe, expect } from 'vitest';
import { startDeafUpstream } from '../helpers/deaf-upstream.ts';
import { type FakeUpstream, type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { chat, completeChat, generateImage, leftOverWebSocket, overHttp, type Start } from '../helpers/leavers.ts';
import { DONE, event } from '../helpers/openai-server.ts';
import { openSocket } from '../helpers/raw-socket.ts';
import { startServer } from '../helpers/server.ts';
import { leave, startLeft } from './leave.ts';
import { expectWithin, inMs, row } from './row.ts';

const ways: readonly (readonly [string, Start, typeof chat])[] = [
  ['SSE that ends', overHttp('text/event-stream'), chat],
  ['WebSocket `complete`', leftOverWebSocket('complete'), chat],
  ['a WebSocket that closes', leftOverWebSocket('close'), chat],
  ['a POST that is dropped', overHttp('application/json'), completeChat],
  ['a POST for pictures that is dropped', overHttp('application/json'), generateImage],
  ['WebSocket `complete` of pictures', leftOverWebSocket('complete'), generateImage],
];

const helloAndNoMore: Play = async ({ begin, send }) => {
  await begin();
  await send('data: Hello\n');
};

/** Where an upstream stops, and of which provider it is. */
const places: readonly (readonly [string, Play, string?])[] = [
  ['is silent after a first part', helloAndNoMore],
  ['sends headers and no more', ({ begin }) => begin()],
  ['sends no headers', () => {}],
  ['asks to wait', ({ reply }) => reply({ status: 429, headers: { 'retry-after': '30' } }), 'websim'],
];

const connecting = () => process.getActiveResourcesInfo().filter((name) => name === 'ConnectWrap').length;

describe('Leaving', () => {
  const expected = 'the upstream is let go of, and the operation over, within 100 ms';

  for (const [way, begin, request] of ways) {
    for (const [place, play, provider = 'aichats'] of places) {
      row(`${way} lets go of an upstream that ${place}`, { done: 'one chat, left', expected }, async (measure) => {
        const asked = Promise.withResolvers<void>();
        const upstream = await startFakeUpstream(async (exchange) => {
          await play(exchange);
          asked.resolve();
        });
        const { server, operations } = await startLeft({ [provider]: { baseUrl: upstream.url } });
        const leaves = begin(server, request(provider));
        await asked.promise;
        // A 429 leaves a connection that may be used again.
        const ms = await leave(leaves, operations, () => provider === 'websim' || upstream.openSockets === 0);
        measure(inMs(ms));
        expectWithin(ms, 100);
        expect(server.errors()).toEqual([]);
      });
    }

    row(`${way} lets go of an upstream that never accepts`, { done: 'one chat, left', expected }, async (measure) => {
      const { server, operations } = await startLeft({
        aichats: { baseUrl: `http://127.0.0.1:${await startDeafUpstream()}` },
      });
      const before = connecting();
      const leaves = begin(server, request('aichats'));
      await expect.poll(connecting).toBeGreaterThan(before);
      const ms = await leave(leaves, operations, () => connecting() === before);
      measure(inMs(ms));
      expectWithin(ms, 100);
      expect(server.errors()).toEqual([]);
    });

    row(
      `${way} leaves the line at a busy provider`,
      { done: 'a chat, and one behind it (`maxConcurrent` 1) that is left', expected },
      async (measure) => {
        const upstream = await startFakeUpstream(helloAndNoMore);
        const { server, operations } = await startLeft(
          { aichats: { baseUrl: upstream.url, maxConcurrent: 1 } },
          { maxStreams: 2 },
        );
        const leaveFirst = begin(server, request('aichats'));
        await upstream.exchange();
        const leaves = begin(server, request('aichats'));
        // Of one that waits nothing can be seen but that there is no room for a third.
        await expect.poll(async () => (await fetch(`${server.url}?query={__typename}`)).status).toBe(503);
        const ms = await leave(leaves, operations, () => true);
        measure(`${inMs(ms)}, ${upstream.exchanges.length} call`);
        expectWithin(ms, 100);
        await leave(leaveFirst, operations, () => upstream.openSockets === 0);
        expect(upstream.exchanges).toHaveLength(1);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  row(
    'an id may be used again at once after `complete`',
    {
      done: '100 chats under one id on one socket: begun, told a word, completed, the next begun in the same write',
      expected: 'no event of a chat after the first of the next, and no error',
    },
    async (measure) => {
      const upstream = await startFakeUpstream(async ({ begin, send }) => {
        const round = upstream.exchanges.length - 1;
        await begin();
        await send(`data: ${round} \n`);
      });
      const { server } = await startLeft({ aichats: { baseUrl: upstream.url } });
      const { send, next } = await openSocket(server);
      const subscribe = { id: 'same', type: 'subscribe', payload: chat('aichats') };
      const told: unknown[] = [];
      send(subscribe);
      for (let round = 0; round < 100; round++) {
        let text: string | undefined;
        while (text === undefined) text = textOf(await next());
        told.push(Number(text));
        send({ id: 'same', type: 'complete' }, subscribe);
      }
      measure(`${told.length} chats, each with its own word; ${server.errors().length} errors`);
      expect(told).toEqual(Array.from({ length: 100 }, (_, round) => round));
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'one of two streams on a socket that is killed leaves no gap in the other',
    {
      done: 'two chats on one socket, 200 words each; the upstream of one is reset after 20',
      expected: 'one ends in `ChatFailed`, the other has all its words',
    },
    async (measure) => {
      const words = Array.from({ length: 200 }, (_, at) => `word${at} `);
      const begins = async ({ begin }: Parameters<Play>[0]) =>
        begin({ headers: { 'content-type': 'text/event-stream' } });
      const good = await startFakeUpstream(async (exchange) => {
        await begins(exchange);
        for (const word of words) await exchange.send(event({ content: word }));
        await exchange.send(event({}, 'stop'), DONE);
        exchange.end();
      });
      const bad = await startFakeUpstream(async (exchange) => {
        await begins(exchange);
        for (const word of words.slice(0, 20)) await exchange.send(event({ content: word }));
        exchange.reset();
      });
      const server = await startServer({ config: { providers: { good: acme(good), bad: acme(bad) } } });
      const { send, next } = await openSocket(server);
      for (const id of ['good', 'bad']) send({ id, type: 'subscribe', payload: chat(id) });
      const texts: Record<string, string> = { good: '', bad: '' };
      const ends: Record<string, unknown> = {};
      while (Object.keys(ends).length < 2) {
        const frame = await next();
        texts[frame.id ?? ''] += textOf(frame) ?? '';
        const type = chatOf(frame)?.__typename;
        if (type === 'ChatFinished' || type === 'ChatFailed') ends[frame.id ?? ''] = type;
      }
      const count = (id: string) => texts[id]?.split(' ').filter(Boolean).length;
      measure(`one: ${ends.bad} after ${count('bad')} words; the other: ${ends.good}, ${count('good')} words`);
      expect(ends).toEqual({ good: 'ChatFinished', bad: 'ChatFailed' });
      expect(texts.good).toBe(words.join(''));
    },
  );
});

const acme = ({ url }: FakeUpstream) => ({ type: 'openai-compatible', baseUrl: url, models: ['m'] });

const chatOf = ({ payload }: { readonly payload?: unknown }) =>
  (payload as { data?: { chat?: { __typename: string; text?: string } } } | undefined)?.data?.chat;

const textOf = (frame: Parameters<typeof chatOf>[0]) => chatOf(frame)?.text;
