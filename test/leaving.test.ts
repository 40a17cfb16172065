import { describe, expect, test } from 'vitest';
import type { Request } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { chat, completeChat, generateImage, leftOverWebSocket, overHttp, type Start } from './helpers/leavers.ts';
import { openSocket } from './helpers/raw-socket.ts';
import { startServer } from './helpers/server.ts';

const helloAndNoMore: Play = async ({ begin, send }) => {
  await begin();
  await send('data: Hello\n');
};

/** Nobody is found to be gone because of his silence: a test takes less. */
const limits = { keepAliveMs: 120_000, idleTimeoutMs: 120_000 };

/** Where an upstream stops to answer. */
const hangs: Readonly<Record<string, Play>> = {
  'before it sends headers': () => {},
  'before it sends a part': ({ begin }) => begin(),
  'between two parts': helloAndNoMore,
  'while it asks to wait': ({ reply }) => reply({ status: 429, headers: { 'retry-after': '30' } }),
};

const ways: readonly (readonly [string, Start, (provider: string) => Request])[] = [
  ['a chat over SSE that is left', overHttp('text/event-stream'), chat],
  ['a chat over WebSocket that is completed', leftOverWebSocket('complete'), chat],
  ['a chat over a WebSocket that closes', leftOverWebSocket('close'), chat],
  ['a whole answer over POST that is dropped', overHttp('application/json'), completeChat],
  ['a whole answer over WebSocket that is completed', leftOverWebSocket('complete'), completeChat],
  ['a whole answer over a WebSocket that closes', leftOverWebSocket('close'), completeChat],
  ['pictures over POST that are dropped', overHttp('application/json'), generateImage],
  ['pictures over WebSocket that are completed', leftOverWebSocket('complete'), generateImage],
];

describe.for(Object.entries(hangs))('while the upstream hangs %s', ([place, hang]) => {
  const provider = place === 'while it asks to wait' ? 'websim' : 'aichats';

  test.for(ways)('%s lets go of the upstream at once', async ([_title, start, request]) => {
    const asked = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream(async (exchange) => {
      await hang(exchange);
      asked.resolve();
    });
    const server = await startServer({ config: { providers: { [provider]: { baseUrl: upstream.url } }, limits } });
    const leave = start(server, request(provider));
    await asked.promise;

    leave();
    await expect
      .poll(() => server.log.filter(({ msg }) => msg === 'operation'), { interval: 1, timeout: 20_000 })
      .toHaveLength(1);
    if (place !== 'while it asks to wait') await upstream.allClosed(); // A 429 leaves a connection that may be used again.
    expect(server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'LEFT' });
    expect(server.errors()).toEqual([]);
  });
});

test('a thousand chats that are left at random moments leave nothing behind', async () => {
  const upstream = await startFakeUpstream(helloAndNoMore);
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const timersBefore = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

  /** A generator of the same numbers from 0 to 1 at every run. */
  let seed = 42;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const starts = [overHttp('text/event-stream'), leftOverWebSocket('complete'), leftOverWebSocket('close')];
  const cycle = async () => {
    const leave = starts[Math.floor(random() * starts.length)]?.(server, chat('aichats'));
    await new Promise((resolve) => setTimeout(resolve, random() * 100));
    leave?.();
  };
  for (let at = 0; at < 1000; at += 20) await Promise.all(Array.from({ length: 20 }, cycle));

  await expect.poll(() => upstream.openSockets).toBe(0);
  await server.app.stop();
  const operations = server.log.filter(({ msg }) => msg === 'operation');
  expect(operations.length).toBeGreaterThan(100); // The others left before their operation had arrived.
  expect(new Set(operations.map(({ code }) => code))).toEqual(new Set(['LEFT']));
  expect(server.errors()).toEqual([]);
  await expect
    .poll(() => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length)
    .toBeLessThanOrEqual(timersBefore);
}, 120_000);

test('of operations that follow each other under one id, those that were completed do not run', async () => {
  const upstream = await startFakeUpstream(helloAndNoMore);
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { received, send, socket } = await openSocket(server);
  const subscribe = (payload: object) => ({ id: 'same', type: 'subscribe', payload });
  const complete = { id: 'same', type: 'complete' };
  send(subscribe(chat('aichats')));
  await upstream.exchange();
  await expect.poll(() => received.length).toBe(2);
  received.length = 0;
  send(complete, subscribe({ query: '{ a: __typename }' }), complete, subscribe({ query: '{ b: __typename }' }));
  await expect
    .poll(() => received)
    .toEqual([{ id: 'same', type: 'next', payload: { data: { b: 'Query' } } }, complete]);
  socket.close();
});

test('an id that is in use closes the socket, and lets go of everything on it', async () => {
  const upstream = await startFakeUpstream(() => {});
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { send, closed } = await openSocket(server);
  send({ id: 'same', type: 'subscribe', payload: completeChat('aichats') });
  const exchange = await upstream.exchange();
  send({ id: 'same', type: 'subscribe', payload: { query: '{ __typename }' } });
  expect(await closed).toMatchObject({ code: 4409, reason: 'Subscriber for same already exists' });
  await exchange.closed;
  await expect.poll(() => server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'LEFT' });
});

test('an id may be used again as soon as its operation is completed', async () => {
  const upstream = await startFakeUpstream(helloAndNoMore);
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { socket, received, send } = await openSocket(server);

  for (let round = 0; round < 20; round++) {
    const asked = upstream.exchange(upstream.exchanges.length);
    send({ id: 'same', type: 'subscribe', payload: round % 2 === 0 ? chat('aichats') : completeChat('aichats') });
    await asked;
    if (round % 2 === 0) await expect.poll(() => received.length).toBe(2); // Started, and a delta: now it hangs.
    received.length = 0;
    send({ id: 'same', type: 'complete' });
    send({ id: 'same', type: 'subscribe', payload: { query: `{ round${round}: __typename }` } });
    await expect.poll(() => received.length).toBeGreaterThanOrEqual(2);
    expect(received).toEqual([
      { id: 'same', type: 'next', payload: { data: { [`round${round}`]: 'Query' } } },
      { id: 'same', type: 'complete' },
    ]);
    received.length = 0;
  }
  socket.close();
  expect(server.errors()).toEqual([]);
});
