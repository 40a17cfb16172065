import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { overSse, type Result, readSse } from '../helpers/clients.ts';
import { type Exchange, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { unreadOverSse, unreadOverWebSocket } from '../helpers/flood.ts';
import { chat } from '../helpers/leavers.ts';
import { openSocket as openTcp } from '../helpers/raw-http.ts';
import { openSilently, openSocket } from '../helpers/raw-socket.ts';
import { CLIENT, PROXY, runScript, UPSTREAM } from '../helpers/script-process.ts';
import { startServer } from '../helpers/server.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { expectWithin, inMs, isWhole, row } from './row.ts';

/** The short form is for machines on which it takes long until all has been asked. */
const GRACE_MS = isWhole ? 1500 : 8000;
const EACH = 100;

const typesOf = (results: readonly Result[]) =>
  results.map(({ data }) => {
    const { __typename: type, code } = (data?.chat ?? {}) as { __typename?: string; code?: string };
    return code ? `${type} (${code})` : type;
  });

async function readWebSocket(server: MeasuredServer) {
  const { send, next, closed } = await openSocket(server);
  send({ id: '1', type: 'subscribe', payload: chat('aichats') });
  const results: Result[] = [];
  for (let frame = await next(); frame.type === 'next'; frame = await next()) results.push(frame.payload as Result);
  return { results, code: (await closed).code };
}

/** A server with so many chats on each transport, whose upstream has said a word to all. */
async function startBusy(extra: object = {}) {
  const upstream = await startFakeUpstream(async ({ begin, send }) => {
    await begin();
    await send('data: Hello\n');
  });
  const server = await runMeasured({
    providers: { aichats: { baseUrl: upstream.url } },
    limits: { shutdownGraceMs: GRACE_MS, ...extra },
  });
  const sse = Array.from({ length: EACH }, () => overSse(server as never, chat('aichats')));
  const sockets = Array.from({ length: EACH }, () => readWebSocket(server));
  await upstream.exchange(2 * EACH - 1);
  return { upstream, server, sse, sockets };
}

const tally = (values: readonly unknown[]) =>
  [...Map.groupBy(values, String)].map(([value, all]) => `${all.length} ${value}`).join(', ');

describe('Stop', () => {
  row(
    'a stop lets go of everything in time, and says so to everyone',
    {
      done: `SIGTERM with ${EACH} chats over SSE and ${EACH} WebSockets with one each, half of them answered within the grace (${GRACE_MS} ms); 20 idle TCP connections, 20 idle WebSockets, 20 clients that read nothing`,
      expected:
        'new work gets 503 and 1013; half end in ChatFinished, half in SHUTTING_DOWN; WebSockets 1001; exit code 0 within the grace and 2 s; no error in the log',
    },
    async (measure) => {
      const { upstream, server, sse, sockets } = await startBusy();
      const idle = await Promise.all(Array.from({ length: 20 }, () => openSocket(server)));
      for (let client = 0; client < 20; client++) await openTcp(server.url);
      for (let client = 0; client < 10; client++) {
        unreadOverSse(server, chat('aichats'));
        unreadOverWebSocket(server, chat('aichats'));
      }
      await upstream.exchange(2 * EACH + 19);

      const asked = performance.now();
      server.child.kill('SIGTERM');
      const ready = async () => (await fetch(new URL('/ready', server.url))).status;
      await expect.poll(ready).toBe(503);
      const body = JSON.stringify(chat('aichats'));
      const refused = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const refusedSocket = await (await openSilently(server)).closed;
      for (const exchange of upstream.exchanges.filter((_exchange, at) => at % 2 === 0)) (exchange as Exchange).end();
      const told = [...(await Promise.all(sse)), ...(await Promise.all(sockets)).map(({ results }) => results)];
      const codes = [
        ...(await Promise.all(sockets)).map(({ code }) => code),
        ...(await Promise.all(idle.map(({ closed }) => closed))).map(({ code }) => code),
      ];
      const { code, stderr } = await server.exit;
      const ms = performance.now() - asked;
      const lasts = told.map((results) => typesOf(results).at(-1));
      measure(
        `${refused.status}, ${refusedSocket.code}; ${tally(lasts)}; close codes ${tally(codes)}; exit ${code} after ${inMs(ms)}`,
      );
      expect([refused.status, refusedSocket.code]).toEqual([503, 1013]);
      expect(new Set(lasts)).toEqual(new Set(['ChatFinished', 'ChatFailed (SHUTTING_DOWN)']));
      expect(new Set(codes)).toEqual(new Set([1001]));
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expectWithin(ms, GRACE_MS + 2000);
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'a second signal ends at once',
    {
      done: `SIGTERM with ${2 * EACH} chats under way and a grace of 60 s, and 600 ms later another`,
      expected: 'the process ends within 500 ms, with code 1',
    },
    async (measure) => {
      const { server, sse, sockets } = await startBusy({ shutdownGraceMs: 60_000 });
      for (const chat of [...sse, ...sockets]) chat.catch(() => {}); // They break off.
      server.child.kill('SIGTERM');
      await expect.poll(() => server.lines.some((line) => line.includes('"stopping"'))).toBe(true);
      await wait(600);
      const asked = performance.now();
      server.child.kill('SIGTERM');
      const { code } = await server.exit;
      const ms = performance.now() - asked;
      measure(`exit ${code} after ${inMs(ms)}`);
      expect(code).toBe(1);
      expectWithin(ms, 500);
    },
  );

  for (const [who, script] of [
    ['an upstream', UPSTREAM],
    ['a proxy', PROXY],
  ] as const) {
    row(
      `${who} that is killed ends its chats, and nothing else`,
      {
        done: `\`kill -9\` of ${who} with 20 chats on it`,
        expected: 'each ends in ChatFailed within 1 s; another provider answers; no error in the log',
      },
      async (measure) => {
        const { child, first: port } = await runScript<number>(script);
        const upstream = await startFakeUpstream(async ({ begin, send }) => {
          await begin();
          await send('data: Hello\n');
        });
        const aichats =
          who === 'a proxy'
            ? { baseUrl: upstream.url, proxy: `http://127.0.0.1:${port}` }
            : { baseUrl: `http://127.0.0.1:${port}` };
        const server = await startServer({ config: { providers: { aichats } } });
        let begun = 0;
        const chats = Array.from({ length: 20 }, async () => {
          const results: Result[] = [];
          for await (const result of readSse(server, chat('aichats'))) if (results.push(result) === 1) begun++;
          return results;
        });
        await expect.poll(() => begun).toBe(20);
        const killed = performance.now();
        child.kill('SIGKILL');
        const lasts = (await Promise.all(chats)).map((results) => typesOf(results).at(-1));
        const ms = performance.now() - killed;
        const alive = typesOf(await overSse(server, chat('local'))).at(-1);
        measure(`${tally(lasts)} after ${inMs(ms)}; then ${alive}`);
        expect(new Set(lasts)).toEqual(new Set(['ChatFailed (UNREACHABLE)']));
        expect(alive).toBe('ChatFinished');
        expectWithin(ms, 1000);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  row(
    'a client that is killed lets go of its upstream',
    {
      done: '`kill -9` of a process with a chat over SSE',
      expected: 'the upstream is let go of within 100 ms, no error in the log',
    },
    async (measure) => {
      const upstream = await startFakeUpstream(async ({ begin, send }) => {
        await begin();
        await send('data: Hello\n');
      });
      const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
      const { child } = await runScript<string>(CLIENT, server.url, JSON.stringify(chat('aichats')));
      const killed = performance.now();
      child.kill('SIGKILL');
      const closed = await (await upstream.exchange()).closed;
      measure(inMs(closed - killed));
      expectWithin(closed - killed, 100);
      expect(server.errors()).toEqual([]);
    },
  );
});
