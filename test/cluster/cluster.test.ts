import { describe, expect, test } from 'vitest';
import { CHAT, type Told } from '../helpers/client-suite.ts';
import { overPost, overWebSocket, type Result, readSse } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { HAS_REDIS, startRedis } from '../helpers/redis.ts';
import { startServer } from '../helpers/server.ts';

const messages = [{ role: 'USER', content: 'hello' }];
const toldOf = (result: Result | undefined) => (result as { data: { chat: Told } }).data.chat;
const textOf = (results: readonly Result[]) => results.map((result) => toldOf(result).text ?? '').join('');
const word = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;

async function startCluster(count = 2, limits: object = {}) {
  const redis = await startRedis();
  const upstream = await startFakeUpstream((exchange) =>
    exchange.begin({ headers: { 'content-type': 'text/event-stream' } }),
  );
  const config = {
    cluster: { redis: redis.url },
    providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
    limits,
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
    expect(await overPost(two, { query: 'mutation { cancelChat(id: "b") }' })).toEqual([
      { data: { cancelChat: false } },
    ]);
  });
});
