import { readFileSync } from 'node:fs';
import { createClient } from '@redis/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHAT, type Told } from '../helpers/client-suite.ts';
import { overPost, overWebSocket, type Result, readSse } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { HAS_REDIS, startRedis, startRedisCluster } from '../helpers/redis.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const messages = [{ role: 'USER', content: 'hello' }];
const toldOf = (result: Result | undefined) => (result as { data: { chat: Told } }).data.chat;
const textOf = (results: readonly Result[]) => results.map((result) => toldOf(result).text ?? '').join('');
const word = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;

async function startCluster(count = 2, limits: object = {}, more: object = {}) {
  const redis = await startRedis();
  const upstream = await startFakeUpstream((exchange) =>
    exchange.begin({ headers: { 'content-type': 'text/event-stream' } }),
  );
  const config = {
    cluster: { redis: redis.url },
    providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
    limits,
    ...more,
  };
  const nodes = await Promise.all(Array.from({ length: count }, () => startServer({ config })));
  const ready = async (url: string) => (await fetch(url.replace('/graphql', '/ready'))).status;
  for (const { url } of nodes) await expect.poll(() => ready(url)).toBe(200);
  return { redis, upstream, nodes, ready };
}

const ask = (id: string, more: object = {}) => ({
  query: CHAT,
  variables: { input: { model: 'talker/talk', messages, id, ...more } },
});

describe.skipIf(!HAS_REDIS)('several nodes (where redis-server is not installed, this is not tested)', () => {
  test('a chat is joined on another node, from its beginning and from a place in it, and paid for once', async () => {
    const { upstream, nodes } = await startCluster();
    const [one, two] = nodes;
    if (!one || !two) throw new Error('expected two nodes');
    const first = overWebSocket(one, ask('a'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One, '), word('two, '));
    const elsewhere = readSse(two, ask('a'));
    const known: Result[] = [];
    while (textOf(known) !== 'One, two, ') known.push((await elsewhere.next()).value);
    const { seq } = toldOf(known.at(-1));
    const second = overWebSocket(two, { ...ask('a'), variables: { ...ask('a').variables, after: seq } });
    await exchange.send(word('three.'), END);
    exchange.end();
    for await (const result of elsewhere) known.push(result);
    expect(textOf(known)).toBe('One, two, three.');
    expect(textOf(await first)).toBe('One, two, three.');
    expect(textOf(await second)).toBe('three.');
    expect(toldOf(known.at(-1)).__typename).toBe('ChatFinished');
    expect(textOf(await overWebSocket(two, ask('a')))).toBe('One, two, three.');
    expect(upstream.exchanges).toHaveLength(1);
    const beyond = { ...ask('a'), variables: { ...ask('a').variables, after: 1000 } };
    expect((await overWebSocket(two, beyond)).map((result) => toldOf(result).__typename)).toEqual(['ChatFinished']);
    const other = { ...ask('a'), variables: { input: { ...ask('a').variables.input, temperature: 1 } } };
    expect(await overWebSocket(two, other)).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  });

  test('the last who leaves ends it from another node, and so does cancelChat', async () => {
    const { upstream, nodes } = await startCluster();
    const [one, two] = nodes;
    if (!one || !two) throw new Error('expected two nodes');
    const told = overWebSocket(one, ask('b'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One'));
    expect(await overPost(two, { query: 'mutation { cancelChat(id: "b") }' })).toEqual([
      { data: { cancelChat: true } },
    ]);
    await exchange.closed;
    expect(toldOf((await told).at(-1))).toMatchObject({ finishReason: 'CANCELLED' });
    const again = () => overPost(two, { query: 'mutation { cancelChat(id: "b") }' });
    await expect.poll(again).toEqual([{ data: { cancelChat: false } }]);
  });

  test('a chat of a node that stops is read to its end elsewhere, or to SHUTTING_DOWN', async () => {
    const { upstream, nodes } = await startCluster(2, { shutdownGraceMs: 3000 });
    const [one, two] = nodes as [TestServer, TestServer];
    for (const id of ['ends', 'does not']) void overWebSocket(one, ask(id)).catch(() => {});
    const [ends, goesOn] = [await upstream.exchange(0), await upstream.exchange(1)];
    for (const exchange of [ends, goesOn]) await exchange.send(word('One, '));
    const told = [await listen(two, 'ends'), await listen(two, 'does not')];
    const stopped = one.app.stop();
    await ends.send(word('two.'), END);
    ends.end();
    const all = await Promise.all(told.map(({ all }) => all));
    const types = all.map((results) => toldOf(results.at(-1)) as Told & { readonly code?: string });
    expect(types.map(({ __typename, code }) => code ?? __typename).sort()).toEqual(['ChatFinished', 'SHUTTING_DOWN']);
    await stopped;
    expect(two.errors()).toEqual([]);
  });

  test('a node starts without its Redis, says so, and is ready when that is there', async () => {
    const { redis, upstream, nodes, ready } = await startCluster(2);
    const [one, two] = nodes as [TestServer, TestServer];
    const first = overWebSocket(one, ask('before'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One, '));
    await redis.kill();
    await expect.poll(() => ready(two.url)).toBe(503);
    const problem = await (await fetch(two.url.replace('/graphql', '/ready'))).text();
    expect(problem).toContain('the store of the cluster cannot be reached');
    const late = await startServer({
      config: { cluster: { redis: redis.url }, providers: { local: { wordDelayMs: 0 } } },
    });
    expect(await ready(late.url)).toBe(503);
    const alone = { query: CHAT, variables: { input: { messages, id: 'alone' } } };
    expect(toldOf((await overWebSocket(late, alone)).at(-1)).__typename).toBe('ChatFinished');
    const resumed = await overWebSocket(two, { ...ask('before'), variables: { ...ask('before').variables, after: 1 } });
    expect(resumed).toMatchObject([{ errors: [{ extensions: { code: 'UNAVAILABLE' } }] }]);
    expect(await overPost(two, { query: 'mutation { cancelChat(id: "before") }' })).toMatchObject([
      { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
    ]);
    await redis.start();
    for (const { url } of [one, two, late]) await expect.poll(() => ready(url)).toBe(200);
    const joined = await listen(two, 'before');
    await exchange.send(word('two.'), END);
    exchange.end();
    expect(textOf(await first)).toBe('One, two.');
    expect(textOf(await joined.all)).toBe('One, two.');
    expect(toldOf((await overWebSocket(two, alone)).at(-1)).__typename).toBe('ChatFinished');
  });

  test('a chat of a provider that this node does not have is read all the same', async () => {
    const { redis, upstream, nodes } = await startCluster(1);
    const [one] = nodes as [TestServer];
    const other = await startServer({ config: { cluster: { redis: redis.url } } });
    const first = overWebSocket(one, ask('theirs'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One.'), END);
    exchange.end();
    await first;
    const query = `subscription ($input: ChatInput!) { chat(input: $input) { ... on ChatStarted {
      model { id provider { id name models { id } health { status } } } } ... on ChatDelta { text } } }`;
    const results = await overWebSocket(other, { ...ask('theirs'), query });
    expect(results[0]).toEqual({
      data: {
        chat: {
          model: {
            id: 'talker/talk',
            provider: { id: 'talker', name: 'talker', models: [], health: { status: 'UNKNOWN' } },
          },
        },
      },
    });
    expect(textOf(results)).toBe('One.');
  });

  test('a Redis Cluster will do', async () => {
    const redis = await startRedisCluster();
    const { upstream, nodes } = await startCluster(2, {}, { cluster: { redis } });
    const [one, two] = nodes as [TestServer, TestServer];
    const ids = Array.from({ length: 12 }, (_, n) => `spread-${n}`); // Over all of its nodes.
    const own = ids.map((id) => overWebSocket(one, ask(id)));
    await expect.poll(() => upstream.exchanges.length).toBe(ids.length);
    for (const exchange of upstream.exchanges) await exchange.send(word('One, '));
    const elsewhere = await Promise.all(ids.map((id) => listen(two, id)));
    expect(await overPost(two, { query: 'mutation { cancelChat(id: "spread-0") }' })).toEqual([
      { data: { cancelChat: true } },
    ]);
    for (const exchange of upstream.exchanges) {
      await exchange.send(word('two.'), END);
      exchange.end();
    }
    const texts = await Promise.all([...own, ...elsewhere.map(({ all }) => all)].map(async (all) => textOf(await all)));
    expect(texts.filter((text) => text === 'One, two.').length).toBeGreaterThanOrEqual(2 * (ids.length - 1));
    expect(upstream.exchanges).toHaveLength(ids.length);
    for (const node of nodes) expect(node.errors()).toEqual([]);
  });

  test('metrics tell of the store, of nodes, and of who writes what', async () => {
    const { upstream, nodes } = await startCluster(2, {}, { telemetry: { metrics: true } });
    const [one, two] = nodes as [TestServer, TestServer];
    void overWebSocket(one, ask('counted'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One, '));
    const { all } = await listen(two, 'counted');
    const scrape = async ({ url }: TestServer) => (await fetch(url.replace('/graphql', '/metrics'))).text();
    await expect.poll(() => scrape(two)).toMatch(/^modelql_cluster_nodes 2$/m);
    expect(await scrape(two)).toMatch(/^modelql_cluster_chats\{role="follower"\} 1$/m);
    const text = await scrape(one);
    expect(text).toMatch(/^modelql_cluster_chats\{role="writer"\} 1$/m);
    expect(text).toMatch(/^modelql_cluster_entries_total [1-9]/m);
    const told = new Set(text.match(/(?<=^# TYPE )modelql_cluster_\w+/gm));
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    expect(new Set(page.match(/(?<=^\| `)modelql_cluster_\w+/gm))).toEqual(told);
    await exchange.send(END);
    exchange.end();
    await all;
  });

  test('whose chat it is, and what it was asked, counts on every node', async () => {
    const { redis, upstream, ready } = await startCluster(1);
    const auth = {
      keys: [
        { name: 'ann', key: 'anns' },
        { name: 'bob', key: 'bobs' },
      ],
    };
    const config = {
      auth,
      cluster: { redis: redis.url },
      providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
    };
    const [one, two] = [await startServer({ config }), await startServer({ config })];
    for (const { url } of [one, two]) await expect.poll(() => ready(url)).toBe(200);
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    const first = overWebSocket(one, ask('same'), as('anns'));
    const anns = await upstream.exchange(0);
    const second = overWebSocket(two, ask('same'), as('bobs'));
    const bobs = await upstream.exchange(1);
    for (const [exchange, name] of [
      [anns, 'Ann'],
      [bobs, 'Bob'],
    ] as const) {
      await exchange.send(word(name), END);
      exchange.end();
    }
    expect([textOf(await first), textOf(await second)]).toEqual(['Ann', 'Bob']);
    expect(textOf(await overWebSocket(two, ask('same'), as('anns')))).toBe('Ann');
  });

  test('a Redis that is full, or forgets a part, has all of a chat once there is room', async () => {
    const { redis, upstream, nodes } = await startCluster();
    const [one, two] = nodes;
    if (!one || !two) throw new Error('expected two nodes');
    const client = await createClient({ url: redis.url }).connect();
    onTestFinished(() => client.destroy());
    const refused = async () => {
      const [, count = '0'] = /cmdstat_xadd:.*rejected_calls=(\d+)/.exec(await client.info('commandstats')) ?? [];
      return Number(count);
    };
    const first = overWebSocket(one, ask('full'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One, '));
    await expect.poll(() => client.keys('*:s1')).toHaveLength(1);
    await client.configSet('maxmemory', '1');
    await exchange.send(word('two, '));
    await expect.poll(refused).toBeGreaterThan(1);
    expect(await refused()).toBeLessThan(20); // It is asked now and then, and not again and again.
    await client.del(await client.keys('*:s1'));
    await client.configSet('maxmemory', '0');
    await exchange.send(word('three.'), END);
    exchange.end();
    expect(textOf(await first)).toBe('One, two, three.');
    expect(textOf(await overWebSocket(two, ask('full')))).toBe('One, two, three.');
    expect(upstream.exchanges).toHaveLength(1);
  });
});

/** A subscription to a chat that has something to tell. */
async function listen(node: TestServer, id: string): Promise<{ readonly all: Promise<Result[]> }> {
  const reading = readSse(node, ask(id));
  const { value } = await reading.next();
  return { all: Array.fromAsync(reading).then((rest) => [value as Result, ...rest]) };
}
