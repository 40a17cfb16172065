import { createClient } from '@redis/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHAT, type Told } from '../helpers/client-suite.ts';
import { overPost, overSse, readSse } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { HAS_REDIS, startRedis } from '../helpers/redis.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { startStallingProxy } from '../helpers/stalling-proxy.ts';

const word = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
const ready = async ({ url }: TestServer) => (await fetch(url.replace('/graphql', '/ready'))).status;

/** Two nodes, the first of which reaches the Redis by a way that can be lost. */
async function startCluster(limits: object = {}) {
  const redis = await startRedis();
  const way = await startStallingProxy(redis.port);
  const upstream = await startFakeUpstream((exchange) =>
    exchange.begin({ headers: { 'content-type': 'text/event-stream' } }),
  );
  const startNode = (port: number) =>
    startServer({
      config: {
        cluster: { redis: `redis://127.0.0.1:${port}` },
        providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
        limits,
      },
    });
  const [one, two] = [await startNode(way.port), await startNode(redis.port)];
  for (const node of [one, two]) await expect.poll(() => ready(node)).toBe(200);
  const client = await createClient({ url: redis.url }).connect();
  onTestFinished(() => client.destroy());
  return { redis, client, way, upstream, one, two };
}

const ask = (id: string) => ({
  query: CHAT,
  variables: { input: { model: 'talker/talk', messages: [{ role: 'USER', content: 'hello' }], id } },
});

/** A reader of a chat that has heard its first event. */
async function join(node: TestServer, id: string) {
  const leaving = new AbortController();
  const reading = readSse(node, ask(id), { signal: leaving.signal });
  let text = '';
  const take = async () => {
    const { value, done } = await reading.next();
    const { text: piece = '' } = (value as { data: { chat: Told } } | undefined)?.data.chat ?? {};
    text += piece;
    return !done;
  };
  await take();
  return {
    leave: () => leaving.abort(),
    async all() {
      while (await take());
      return text;
    },
  };
}

describe.skipIf(!HAS_REDIS)(
  'what a node does not hear (where redis-server is not installed, this is not tested)',
  () => {
    test('a chat that was cancelled meanwhile ends when its node hears again', async () => {
      const { way, upstream, one, two } = await startCluster();
      const reader = await Promise.all([
        join(one, 'a'),
        upstream.exchange().then((exchange) => exchange.send(word('One'))),
      ]);
      way.stall();
      expect(await overPost(two, { query: 'mutation { cancelChat(id: "a") }' })).toEqual([
        { data: { cancelChat: true } },
      ]);
      way.lose();
      way.heal();
      await (await upstream.exchange()).closed;
      expect(await reader[0].all()).toBe('One');
    });

    test('a reader elsewhere who left meanwhile counts as lost', async () => {
      const { client, way, upstream, one, two } = await startCluster({ resumeGraceMs: 100 });
      const first = join(one, 'b');
      const exchange = await upstream.exchange();
      await exchange.send(word('One'));
      const elsewhere = await join(two, 'b');
      (await first).leave();
      await expect.poll(() => client.keys('*:r')).toHaveLength(1);
      way.stall();
      elsewhere.leave();
      await expect.poll(() => client.keys('*:r')).toHaveLength(0);
      way.lose();
      way.heal();
      await exchange.closed;
    });

    test('a reader who was heard of, and never got the answer, is not waited for', async () => {
      const { client, way, upstream, one, two } = await startCluster({ resumeGraceMs: 100 });
      const first = join(two, 'e');
      const exchange = await upstream.exchange();
      await exchange.send(word('One'));
      const reader = await first;
      way.deafen();
      const refused = overSse(one, { ...ask('e'), variables: { ...ask('e').variables, after: 0 } });
      await expect.poll(() => client.keys('*:r')).toHaveLength(1);
      expect(await refused).toMatchObject([{ errors: [{ extensions: { code: 'UNAVAILABLE' } }] }]);
      await expect.poll(() => client.keys('*:r'), { timeout: 10_000 }).toHaveLength(0);
      reader.leave();
      await exchange.closed;
    });

    test('a node that hears nothing, though it can speak, connects anew', async () => {
      const { way, upstream, one, two } = await startCluster();
      way.lose((sent) => /SUBSCRIBE/i.test(sent));
      const isTold = () => one.log.some(({ msg }) => msg === 'the store of the cluster is gone');
      await expect.poll(isTold, { timeout: 20_000 }).toBe(true);
      await expect.poll(() => ready(one)).toBe(200);
      const first = join(one, 'c');
      const exchange = await upstream.exchange();
      await exchange.send(word('One, '));
      const elsewhere = await join(two, 'c');
      (await first).leave();
      await exchange.send(word('two.'), END);
      exchange.end();
      expect(await elsewhere.all()).toBe('One, two.');
    });

    test('a connection that nobody answers is not waited for', async () => {
      const { way, one } = await startCluster();
      way.stall();
      way.lose();
      await expect.poll(() => way.open, { timeout: 20_000 }).toBeGreaterThan(0);
      way.lose();
      way.heal();
      await expect.poll(() => ready(one), { timeout: 20_000 }).toBe(200);
    });

    test('a Redis that is emptied has all again, of chats that say nothing too, and no node is taken for dead', async () => {
      const { client, upstream, one, two } = await startCluster();
      const first = join(one, 'd');
      const exchange = await upstream.exchange();
      await exchange.send(word('One, '));
      await expect.poll(() => client.keys('*:s1')).toHaveLength(1);
      const elsewhere = await join(two, 'd');
      await client.flushAll();
      await expect.poll(() => client.keys('*:s1'), { timeout: 10_000 }).toHaveLength(1);
      const late = await join(two, 'd');
      await exchange.send(word('two.'), END);
      exchange.end();
      for (const reader of [await first, elsewhere, late]) expect(await reader.all()).toBe('One, two.');
      expect(upstream.exchanges).toHaveLength(1);
    });
  },
);
