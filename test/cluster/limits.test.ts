import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/client-suite.ts';
import { overPost, overWebSocket, transports } from '../helpers/clients.ts';
import { isReady } from '../helpers/cluster.ts';
import { type Exchange, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { HAS_REDIS, type Redis, startRedis } from '../helpers/redis.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { runMeasured } from '../helpers/server-process.ts';

const QUERY = { query: '{ __typename }' };
const ASK = {
  query: CHAT,
  variables: { input: { model: 'talker/talk', messages: [{ role: 'USER', content: 'hello' }] } },
};
const HEALTH = { query: '{ provider(id: "talker") { health { status retryAt } } }' };
const KEY = 'key-0123456789';
const OF_KEY = { authorization: `Bearer ${KEY}` };
const stream = { headers: { 'content-type': 'text/event-stream' } };
const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;
const TEN = Array.from({ length: 10 }, (_, n) => n);

async function speak(exchange: Exchange): Promise<void> {
  await exchange.begin(stream);
  await exchange.send(chunk({ delta: { content: 'Hello' } }));
}

async function finish(exchange: Exchange): Promise<void> {
  await exchange.send(`${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`);
  exchange.end();
}

interface ClusterOptions {
  readonly limits?: object;
  readonly auth?: object;
  /** Of the provider. */
  readonly talker?: object;
  readonly play?: (exchange: Exchange) => unknown;
}

async function startNodes({ limits = {}, auth = {}, talker = {}, play = speak }: ClusterOptions) {
  const redis = await startRedis();
  const upstream = await startFakeUpstream(play);
  const config = configOf(redis, { talker: { baseUrl: upstream.url, ...talker }, limits, auth });
  const nodes = await Promise.all([0, 1, 2].map(() => startServer({ config })));
  for (const node of nodes) await expect.poll(() => isReady(node)).toBe(true);
  const nodeOf = (n: number) => nodes[n % nodes.length] as TestServer;
  return { redis, upstream, config, nodeOf };
}

function configOf({ url }: Redis, { talker, ...more }: { talker: object; limits: object; auth: object }) {
  const providers = { talker: { type: 'openai-compatible', models: ['talk'], ...talker } };
  return { cluster: { redis: url }, providers, ...more };
}

/** Starts a chat over a WebSocket of its own: `told` is the first that it says, or the code of the error. */
function startChat({ webSocketUrl }: { readonly webSocketUrl: string }, connectionParams = {}) {
  const client = createClient({ url: webSocketUrl, retryAttempts: 0, connectionParams });
  onTestFinished(() => client.terminate());
  const told = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const leave = client.subscribe<{ chat: { __typename: string } }>(ASK, {
    next: ({ data }) => told.resolve(data?.chat.__typename ?? ''),
    error: (errors) => told.resolve((errors as { extensions: { code: string } }[])[0]?.extensions.code ?? ''),
    complete: ended.resolve,
  });
  return { told: told.promise, ended: ended.promise, leave };
}

/** What a chat is told, until it is let in. */
async function enter(node: TestServer, connectionParams = {}) {
  for (;;) {
    const chat = startChat(node, connectionParams);
    if ((await chat.told) === 'ChatStarted') return chat;
  }
}

describe.skipIf(!HAS_REDIS)('limits of several nodes (where redis-server is missing, they are not tested)', () => {
  test('operations in a minute are counted over all nodes, whatever they come over', async () => {
    const { nodeOf } = await startNodes({ limits: { requestsPerMinute: 20 } });
    const results = await Promise.all(
      TEN.flatMap((client) =>
        TEN.slice(0, 4).map(
          async (n) => (await (n % 2 ? overPost : overWebSocket)(nodeOf(client + n), QUERY)).at(-1) ?? {},
        ),
      ),
    );
    expect(results.filter(({ data }) => data)).toHaveLength(20);
    for (const { errors: [error] = [] } of results.filter(({ data }) => !data)) {
      expect(error?.extensions).toMatchObject({ code: 'RATE_LIMITED' });
      expect(error?.extensions?.retryAfter).toBeGreaterThan(0);
      expect(error?.extensions?.retryAfter).toBeLessThanOrEqual(60);
    }
  });

  test('streams of a key are counted over all nodes, and a place that is left on one is taken on another', async () => {
    const limits = { maxStreamsPerKey: 3 };
    const { nodeOf } = await startNodes({ limits, auth: { keys: [{ name: 'a', key: KEY }] } });
    const chats = TEN.map((n) => startChat(nodeOf(n), OF_KEY));
    const told = await Promise.all(chats.map((chat) => chat.told));
    expect(told.toSorted()).toEqual([...Array(3).fill('ChatStarted'), ...Array(7).fill('RATE_LIMITED')]);
    const first = told.indexOf('ChatStarted');
    chats[first]?.leave();
    await enter(nodeOf(first + 1), OF_KEY);
    expect(await startChat(nodeOf(first), OF_KEY).told).toBe('RATE_LIMITED');
    for (const [, run] of transports) {
      const result = (await run(nodeOf(first + 2), QUERY, OF_KEY)).at(-1);
      expect(result).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }] });
    }
    for (const { leave } of chats) leave();
    for (const n of TEN.slice(0, 2)) await enter(nodeOf(n), OF_KEY);
  });

  test('calls of a provider are counted over all nodes, and those who wait are let in on each', async () => {
    const { nodeOf, upstream } = await startNodes({
      talker: { maxConcurrent: 3, shared: true },
      play: () => {}, // The test does.
    });
    const chats = TEN.map((n) => startChat(nodeOf(n)));
    for (const n of TEN) {
      const exchange = await upstream.exchange(n);
      expect(upstream.exchanges.length - n).toBeLessThanOrEqual(3);
      await speak(exchange);
      await finish(exchange);
    }
    await Promise.all(chats.map(({ ended }) => ended));
    expect(await Promise.all(chats.map(({ told }) => told))).toEqual(Array(10).fill('ChatStarted'));
  });

  test('no line for calls of a provider: one too many is told so', async () => {
    const { nodeOf, upstream } = await startNodes({ talker: { maxConcurrent: 1, maxQueued: 0, shared: true } });
    expect(await startChat(nodeOf(0)).told).toBe('ChatStarted');
    for (const n of [0, 1, 2]) expect(await startChat(nodeOf(n)).told).toBe('ChatFailed');
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('a node that is killed has its places taken by others', async () => {
    const talker = { maxConcurrent: 1, shared: true, queueTimeoutMs: 60_000 };
    const { redis, upstream, nodeOf } = await startNodes({ talker });
    const config = configOf(redis, { talker: { baseUrl: upstream.url, ...talker }, limits: {}, auth: {} });
    const doomed = await runMeasured(config);
    await expect.poll(() => isReady(doomed)).toBe(true);
    expect(await startChat(doomed).told).toBe('ChatStarted');
    const waiting = startChat(nodeOf(0));
    doomed.child.kill('SIGKILL');
    expect(await waiting.told).toBe('ChatStarted');
  });

  test('without the store each node has its own limits, and when it is back they are those of all', async () => {
    const limits = { maxStreamsPerKey: 1, requestsPerMinute: 1000 };
    const auth = { keys: [{ name: 'a', key: KEY }] };
    const talker = { maxConcurrent: 1, shared: true, queueTimeoutMs: 1000 };
    const { redis, nodeOf, config } = await startNodes({ limits, auth, talker });
    const first = startChat(nodeOf(0), OF_KEY);
    expect(await first.told).toBe('ChatStarted');
    expect(await startChat(nodeOf(1), OF_KEY).told).toBe('RATE_LIMITED');
    await redis.kill();
    const second = await enter(nodeOf(1), OF_KEY);
    expect(await startChat(nodeOf(1), OF_KEY).told).toBe('RATE_LIMITED');
    await redis.start();
    for (const n of [0, 1, 2]) await expect.poll(() => isReady(nodeOf(n))).toBe(true);
    await expect.poll(() => startChat(nodeOf(2), OF_KEY).told).toBe('RATE_LIMITED');
    first.leave();
    expect(await startChat(nodeOf(2), OF_KEY).told).toBe('RATE_LIMITED'); // One still runs.
    second.leave();
    await enter(nodeOf(2), OF_KEY);
    const late = await startServer({ config });
    await expect.poll(() => isReady(late)).toBe(true);
    expect(await startChat(late, OF_KEY).told).toBe('RATE_LIMITED');
  });

  test('what fails on one node stands aside on all, also on one that starts later, until it answers', async () => {
    let isUp = false;
    const play = async (exchange: Exchange) => {
      if (!isUp) return exchange.reply({ status: 503 });
      await speak(exchange);
      await finish(exchange);
    };
    const { nodeOf, config } = await startNodes({ play });
    const healthOf = async (node: TestServer) => (await overPost(node, HEALTH))[0]?.data;
    const DOWN = { provider: { health: { status: 'DOWN', retryAt: expect.any(String) } } };
    for (let call = 0; call < 3; call++) expect(await startChat(nodeOf(0)).told).toBe('ChatFailed');
    expect(await healthOf(nodeOf(0))).toEqual(DOWN);
    await expect.poll(() => healthOf(nodeOf(1))).toEqual(DOWN);
    const late = await startServer({ config });
    await expect.poll(() => healthOf(late)).toEqual(DOWN);
    isUp = true;
    expect(await startChat(nodeOf(1)).told).toBe('ChatStarted'); // There is no other that could be asked.
    for (const node of [nodeOf(0), nodeOf(2), late]) {
      await expect.poll(() => healthOf(node)).toMatchObject({ provider: { health: { retryAt: null } } });
    }
  });
});
