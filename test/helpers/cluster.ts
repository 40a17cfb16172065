import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Balancer, startBalancer } from './balancer.ts';
import { CHAT, type Told } from './client-suite.ts';
import { type Request, readSse } from './clients.ts';
import { type Exchange, type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type Redis, startRedis } from './redis.ts';
import type { TestServer } from './server.ts';
import { type MeasuredServer, runMeasured } from './server-process.ts';

const stream = { headers: { 'content-type': 'text/event-stream' } };
const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;

/** What chat number n is told, a word a piece. */
export function wordsOf(n: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${n}.${at} `);
}

export const textOf = (n: number, count: number) => wordsOf(n, count).join('');

/** An upstream that says so many words to each chat, at its pace. */
export function startNarrator(count: number, paceMs: number): Promise<FakeUpstream> {
  return startFakeUpstream(async (exchange: Exchange) => {
    await exchange.begin(stream);
    for (const word of wordsOf(numberOf(exchange), count)) {
      await exchange.send(chunk({ delta: { content: word } }));
      if (exchange.gone) return;
      await sleep(paceMs);
    }
    await exchange.send(`${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`);
    exchange.end();
  });
}

/** Which chat it is called for. */
export function numberOf({ body }: Exchange): number {
  return Number((JSON.parse(body) as { messages: { content: string }[] }).messages[0]?.content);
}

export interface ClusterOptions {
  readonly upstream: FakeUpstream;
  readonly nodes?: number;
  readonly limits?: object;
  /** Where the nodes find the Redis; otherwise at its own port. */
  readonly through?: (redis: Redis, node: number) => string | Promise<string>;
}

export interface TestCluster {
  readonly redis: Redis;
  readonly nodes: readonly MeasuredServer[];
  readonly balancer: Balancer;
}

/** Server processes that are one server, behind a balancer. */
export async function startCluster({
  upstream,
  nodes: count = 3,
  limits = {},
  through,
}: ClusterOptions): Promise<TestCluster> {
  const redis = await startRedis();
  const starting = Array.from({ length: count }, async (_, node) =>
    runMeasured({
      cluster: { redis: (await through?.(redis, node)) ?? redis.url, nodeId: `node-${node}` },
      providers: { talker: { type: 'openai-compatible', baseUrl: upstream.url, models: ['talk'] } },
      limits,
    }),
  );
  const nodes = await Promise.all(starting);
  for (const node of nodes) await expect.poll(() => isReady(node)).toBe(true);
  return { redis, nodes, balancer: await startBalancer(nodes.map(({ port }) => port)) };
}

export async function isReady({ url }: { readonly url: string }): Promise<boolean> {
  return (await fetch(url.replace('/graphql', '/ready'))).ok;
}

export function askFor(
  n: number,
  { id = `chat-${n}`, after, ...more }: { id?: string; after?: number; onFailure?: string } = {},
) {
  const input = { model: 'talker/talk', id, messages: [{ role: 'USER', content: String(n) }], ...more };
  return { query: CHAT, variables: { input, ...(after === undefined ? {} : { after }) } } satisfies Request;
}

/** What a client has of a chat, and what is wrong with what it was told. */
export interface Heard {
  text: string;
  seq: number;
  /** How often it began. */
  starts: number;
  end: (Told & { readonly code?: string }) | undefined;
  readonly problems: string[];
}

/** Reads a chat over one connection after another, each for as many events as is said, until it has ended. */
export async function readInPieces(
  { url }: { readonly url: string },
  ask: (after?: number) => Request,
  eventsOf: () => number = () => Number.POSITIVE_INFINITY,
  heard: Heard = { text: '', seq: -1, starts: 0, end: undefined, problems: [] },
): Promise<Heard> {
  for (let failures = 0; !heard.end && failures < 200; ) {
    const leave = new AbortController();
    const isFirst = heard.seq < 0;
    let left = eventsOf();
    try {
      for await (const { data, errors } of readSse({ url } as TestServer, ask(isFirst ? undefined : heard.seq), {
        signal: leave.signal,
      })) {
        if (errors) {
          if (errors[0]?.extensions?.code === 'UNAVAILABLE') throw new Error('to be asked again');
          heard.problems.push(`${errors[0]?.message}`);
          return heard;
        }
        hear(heard, data?.chat as Told);
        if (heard.end || --left <= 0) break;
      }
      leave.abort();
      if (left > 0 && !heard.end) failures++; // It ended without an end.
    } catch {
      failures++;
      await sleep(20);
    }
  }
  if (!heard.end) heard.problems.push('it never ended');
  return heard;
}

function hear(heard: Heard, event: Told): void {
  if (event.seq <= heard.seq) heard.problems.push(`seq ${event.seq} after ${heard.seq}`);
  heard.seq = event.seq;
  if (event.__typename === 'ChatStarted') {
    heard.starts++;
    heard.text = '';
  } else if (event.__typename === 'ChatDelta') {
    if (event.offset !== heard.text.length) heard.problems.push(`offset ${event.offset} at ${heard.text.length}`);
    heard.text += event.text;
  } else {
    heard.end = event;
  }
}
