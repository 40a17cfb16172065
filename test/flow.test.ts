import { describe, expect, test } from 'vitest';
import { overSse, overWebSocket, readSse } from './helpers/clients.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { flood, unreadOverSse, unreadOverWebSocket } from './helpers/flood.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';

const CHAT =
  'subscription ($input: ChatInput!) { chat(input: $input) { __typename ... on ChatDelta { text offset } ... on ChatFinished { length } } }';
const ask = (provider: string) => ({
  query: CHAT,
  variables: { input: { provider, messages: [{ role: 'USER', content: 'hello' }] } },
});

type Told = { readonly __typename: string; readonly text?: string; readonly length?: number };
const toldOf = (result: unknown) => (result as { data: { chat: Told } }).data.chat;

describe('a burst', () => {
  const parts = 20_000;
  const burst = scriptedProvider(async function* () {
    for (let part = 0; part < parts; part++) yield text('word ');
    yield finish();
  });

  test.for([
    ['SSE', overSse],
    ['WebSocket', overWebSocket],
  ] as const)('is a few large deltas over %s', async ([, run]) => {
    const server = await startServer({ providers: [burst] });
    const events = (await run(server, ask('scripted'))).map(toldOf);
    const joined = events.map((event) => event.text ?? '').join('');
    expect(joined).toBe('word '.repeat(parts));
    expect(events.at(-1)).toEqual({ __typename: 'ChatFinished', length: joined.length });
    expect(events.length).toBeLessThan(parts / 20);
  });

  test('of a hundred chats holds nobody up: a quiet one gets its words meanwhile', async () => {
    const quiet = scriptedProvider(
      async function* () {
        for (let word = 0; word < 20; word++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          yield text('word ');
        }
        yield finish();
      },
      { id: 'quiet' },
    );
    const server = await startServer({ providers: [burst, quiet] });
    let burstsEnded = 0;
    const bursts = Array.from({ length: 100 }, async () => {
      const events = await overWebSocket(server, ask('scripted'));
      burstsEnded++;
      return toldOf(events.at(-1)).length;
    });
    const words = readSse(server, ask('quiet'));
    for (let event = 0; event < 3; event++) await words.next();
    expect(burstsEnded).toBeLessThan(100);
    expect(new Set(await Promise.all(bursts))).toEqual(new Set([parts * 5]));
    for await (const result of words) {
      if (toldOf(result).length !== undefined) expect(toldOf(result).length).toBeGreaterThan(20);
    }
  }, 120_000);
});

describe('a client that does not read', () => {
  test.for([
    ['SSE', unreadOverSse],
    ['WebSocket', unreadOverWebSocket],
  ] as const)('slows its upstream down, and is let go, over %s', async ([, connect]) => {
    const upstream = flood();
    const { url: baseUrl, exchange } = await startFakeUpstream(upstream.play);
    const limits = { slowReaderTimeoutMs: 500, maxAnswerBytes: 1_000_000_000, keepAliveMs: 60_000 };
    const server = await startServer({ config: { providers: { aichats: { baseUrl } }, limits } });
    connect(server, ask('aichats'));
    await (await exchange()).closed;
    // What the kernel holds on four ends of two connections is most of it.
    expect(upstream.sent).toBeLessThan(40_000_000);
    await expect.poll(() => server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'LEFT' });
    expect(server.errors()).toEqual([]);
  });
});
