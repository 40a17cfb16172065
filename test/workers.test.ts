import { describe, expect, test } from 'vitest';
import { askFor, isReady, readInPieces, startNarrator, textOf } from './helpers/cluster.ts';
import { HAS_REDIS, startRedis } from './helpers/redis.ts';
import { configFile, run } from './helpers/server-process.ts';

const WORDS = 20;
const PACE_MS = 20;

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly [field: string]: unknown;
}

/** One server of so many processes. */
async function start(count: number) {
  const [redis, upstream] = await Promise.all([startRedis(), startNarrator(WORDS, PACE_MS)]);
  const config = {
    cluster: { redis: redis.url },
    providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
  };
  const server = run(['--workers', String(count), '--port', '0', '--config', configFile(config)]);
  const first = await server.first;
  const url = `${first.url}/graphql`;
  await expect.poll(() => isReady({ url })).toBe(true);
  const lines = () => server.lines.map((line) => JSON.parse(line) as Line);
  return { ...server, url, upstream, pids: first.workers as number[], lines };
}

describe.skipIf(!HAS_REDIS)('several workers (where redis-server is not installed, this is not tested)', () => {
  test('are one server at one port: a chat is resumed at whichever takes the connection', async () => {
    const { url, upstream, pids, lines, child, exit } = await start(2);
    expect(new Set(pids).size).toBe(2);
    const chats = await Promise.all(
      [1, 2, 3].map((n) =>
        readInPieces(
          { url },
          (after) => askFor(n, after === undefined ? {} : { after }),
          () => 3,
        ),
      ),
    );
    for (const [at, { text, problems, end }] of chats.entries()) {
      expect({ text, problems, end: end?.__typename }).toEqual({
        text: textOf(at + 1, WORDS),
        problems: [],
        end: 'ChatFinished',
      });
    }
    expect(upstream.exchanges).toHaveLength(3);
    child.kill('SIGTERM');
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(lines().flatMap(({ msg, worker }) => (msg === 'operation' ? [worker] : [])))).toEqual(
      new Set([1, 2]),
    );
    expect(lines().at(-1)?.msg).toBe('all workers have stopped');
  });

  test('one that is killed is replaced, and SIGHUP reaches all', async () => {
    const { url, pids, lines, child, exit } = await start(2);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await expect
      .poll(() => lines().find(({ msg }) => msg.startsWith('a worker has ended')))
      .toMatchObject({ pid: pids[0], signal: 'SIGKILL' });
    const reloaded = () => lines().flatMap(({ msg, worker }) => (msg.endsWith('was reloaded') ? [worker] : []));
    // The third one, which is starting, hears of it once it serves; or it has not begun, and is asked again.
    await expect
      .poll(
        () => {
          child.kill('SIGHUP');
          return new Set(reloaded());
        },
        { interval: 500 },
      )
      .toEqual(new Set([2, 3]));
    expect(await isReady({ url })).toBe(true);
    child.kill('SIGINT');
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
  });
});

test('several workers that would not know of each other are refused, with what to do', async () => {
  const { code, stdout, stderr } = await run(['--workers', '2', '--port', '0']).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^modelql cannot start:\n {2}--workers: .*Redis.*"cluster": .*leave --workers out\n$/);
});

test('what keeps them from starting is told once', async () => {
  const config = configFile({ cluster: { redis: 'redis://127.0.0.1:9' }, defaults: { chat: 'local/elizza' } });
  const { code, stdout, stderr } = await run(['--workers', '2', '--port', '0', '--config', config]).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.match(/elizza/g)).toHaveLength(1);
});

test.for(['0', 'some'])('--workers %s is refused', async (count) => {
  const { code, stderr } = await run(['--workers', count]).exit;
  expect(code).toBe(1);
  expect(stderr).toContain(`expected a number from 1 to 256, or auto, got '${count}'`);
});
