import { expect, onTestFinished, test } from 'vitest';
import type { Request } from './clients.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { type Exchange, startFakeUpstream } from './fake-upstream.ts';
import { startServer } from './server.ts';

/** A client as others publish it, connected to these addresses. */
export type CreateClient = (addresses: { readonly url: string; readonly webSocketUrl: string }) => StockClient;

export interface StockClient {
  subscribe(request: Required<Omit<Request, 'operationName'>>, sink: Sink): () => void;
  dispose(): unknown;
}

export interface Sink {
  next(result: { readonly data?: unknown }): void;
  error(error: unknown): void;
}

export interface Told {
  readonly __typename: string;
  readonly seq: number;
  readonly text?: string;
  readonly offset?: number;
  readonly length?: number;
  readonly finishReason?: string;
}

/** A chat whose client and upstream are in the test's hands. */
export interface Story {
  /** Asks for the chat with this id; `after` leaves out what is known already. */
  ask(id?: string, after?: number): EventSequencer;
  /** The call of the upstream, as soon as it is made. */
  readonly called: Promise<Exchange>;
  say(...words: readonly string[]): Promise<void>;
  /** How often the upstream was called. */
  calls(): number;
  /** Drops the client's connections. */
  cut(): void;
  /** Waits until the server knows that a subscription was left. */
  left(): Promise<void>;
}

/** What one subscription was told, and what its reader made of it. */
export interface EventSequencer {
  readonly events: readonly Told[];
  /** The deltas since the last `ChatStarted`, where the reader clears its text. */
  readonly deltas: readonly Told[];
  readonly text: string;
  count(typename: string): number;
  /** Waits for the event that makes it true. */
  until(isTrue: (telling: EventSequencer) => boolean): Promise<void>;
  unsubscribe(): void;
}

/** A chat as a client reads it that may come back. */
export const CHAT = `subscription Chat($input: ChatInput!, $after: Int) {
  chat(input: $input, after: $after) {
    __typename
    ... on ChatStarted { seq id }
    ... on ChatDelta { seq text offset }
    ... on ChatFinished { seq length finishReason }
    ... on ChatFailed { seq code }
  }
}`;

export async function startStory(create: CreateClient): Promise<Story> {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const limits = { resumeGraceMs: 120_000, keepAliveMs: 120_000, idleTimeoutMs: 120_000 }; // Longer than a test may take.
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } }, limits } });
  const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
  const client = create({
    url: `http://127.0.0.1:${port}/graphql`,
    webSocketUrl: `ws://127.0.0.1:${port}/graphql`,
  });
  onTestFinished(async () => {
    await client.dispose();
  });
  const called = upstream.exchange();
  return {
    ask(id, after) {
      const messages = [{ role: 'USER', content: 'hello' }];
      const input = { provider: 'aichats', messages, ...(id === undefined ? {} : { id }) };
      return listen(client, { query: CHAT, variables: { input, ...(after === undefined ? {} : { after }) } });
    },
    called,
    say: async (...words) => (await called).send(...words.map((word) => `data: ${word}\n`)),
    calls: () => upstream.exchanges.length,
    cut,
    left: () =>
      expect.poll(() => server.log).toContainEqual(expect.objectContaining({ msg: 'operation', code: 'LEFT' })),
  };
}

function listen(client: StockClient, request: Parameters<StockClient['subscribe']>[0]): EventSequencer {
  const events: Told[] = [];
  const waiting = new Set<() => void>();
  let failure: { readonly error: unknown } | undefined;
  const settle = () => {
    for (const check of waiting) check();
  };
  const unsubscribe = client.subscribe(request, {
    next(result) {
      events.push((result.data as { chat: Told }).chat);
      settle();
    },
    error(error) {
      failure = { error };
      settle();
    },
  });
  const telling: EventSequencer = {
    events,
    get deltas() {
      const start = events.findLastIndex(({ __typename }) => __typename === 'ChatStarted');
      return events.slice(start + 1).filter(({ __typename }) => __typename === 'ChatDelta');
    },
    get text() {
      return telling.deltas.map(({ text }) => text).join('');
    },
    count: (typename) => events.filter(({ __typename }) => __typename === typename).length,
    until: (isTrue) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (failure) reject(failure.error);
          else if (isTrue(telling)) resolve();
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    unsubscribe,
  };
  return telling;
}

/** What a client that reconnects by itself gets of a chat that it gave an id. */
export function testReconnect(create: CreateClient): void {
  test('gets the whole answer once, with one upstream call, when its connection is cut in the middle', async () => {
    const { ask, called, say, calls, cut } = await startStory(create);
    const telling = ask('chat-1');
    await say('One, ');
    await telling.until(({ text }) => text === 'One,');
    cut();
    await say('two, ', 'three, ');
    await telling.until(({ count }) => count('ChatStarted') === 2);
    await say('four.');
    (await called).end();
    await telling.until(({ count }) => count('ChatFinished') > 0);

    const answer = 'One, two, three, four.';
    expect(telling.text).toBe(answer);
    for (const { text, offset } of telling.deltas) expect(answer.startsWith(`${text}`, offset)).toBe(true);
    expect(telling.events.at(-1)).toMatchObject({ finishReason: 'STOP', length: answer.length });
    expect([telling.count('ChatStarted'), telling.count('ChatFinished')]).toEqual([2, 1]);
    expect(calls()).toBe(1);
  });
}

/** How a client unsubscribes from the chat with this id. */
export function testUnsubscribe(title: string, create: CreateClient, id?: string): void {
  test(title, async () => {
    const { ask, called, say, calls } = await startStory(create);
    const telling = ask(id);
    await say('One');
    await telling.until(({ text }) => text === 'One');
    telling.unsubscribe();
    await (await called).closed;
    expect(calls()).toBe(1);
  });
}
