import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'graphql-ws';

/** Of a hundred chats, so many meet a fault of their upstream. */
const FAULTS = 5;
/** And so many are left early. */
const LEAVERS = 10;

const QUERY = `subscription ($input: ChatInput!) {
  chat(input: $input) { __typename ... on ChatDelta { text } ... on ChatFinished { length } ... on ChatFailed { code } }
}`;

type Event = { readonly __typename: string; readonly text?: string; readonly length?: number };

/** A generator of the same numbers from 0 to 1 at every run. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Answers in the manner of AiChats: 20 to 60 words at 20 ms, or a fault. Returns its port. */
export async function startUpstream(random: () => number): Promise<number> {
  const faults: readonly ((response: ServerResponse) => unknown)[] = [
    (response) => response.writeHead(500).end('sorry'),
    (response) => response.socket?.resetAndDestroy(),
    (response) => response.write('data: one \n', () => response.socket?.destroy()),
    (response) => response.end('<html>'),
  ];
  const server = createServer(async (request, response) => {
    request.resume();
    if (random() * 100 < FAULTS) return faults[Math.floor(random() * faults.length)]?.(response);
    const words = 20 + Math.floor(random() * 40);
    for (let word = 0; word < words && !response.destroyed; word++) {
      response.write(`data: word${word} \n`);
      await wait(20);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Runs one chat after another until it is told to stop, and counts how they ended. */
export async function keepChatting(
  url: string,
  { random, isOver, ends }: { random: () => number; isOver: () => boolean; ends: Map<string, number> },
): Promise<void> {
  const count = (end: string) => ends.set(end, (ends.get(end) ?? 0) + 1);
  while (!isOver()) {
    const events = random() < 0.5 ? overSse(url) : overWebSocket(url);
    const leaveAfter = random() * 100 < LEAVERS ? 1 + Math.floor(random() * 10) : Number.POSITIVE_INFINITY;
    let text = '';
    let last = 'nothing';
    let seen = 0;
    for await (const event of events) {
      text += event.text ?? '';
      last = event.__typename;
      if (event.length !== undefined && event.length !== text.length) last = 'wrong';
      if (++seen >= leaveAfter) break;
    }
    if (seen >= leaveAfter) count('left');
    else count(last === 'ChatFinished' || last === 'ChatFailed' || last === 'wrong' ? last : 'no end');
  }
}

const variables = { input: { provider: 'aichats', messages: [{ role: 'USER', content: 'hello' }] } };

async function* overSse(url: string): AsyncGenerator<Event> {
  const controller = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: QUERY, variables }),
    signal: controller.signal,
  });
  let rest = '';
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + chunk).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const [, data] = /^event: next\ndata: (.*)$/s.exec(event) ?? [];
        if (data !== undefined) yield JSON.parse(data).data.chat;
      }
    }
  } finally {
    controller.abort();
  }
}

async function* overWebSocket(url: string): AsyncGenerator<Event> {
  const client = createClient({ url: url.replace('http', 'ws'), retryAttempts: 0 });
  try {
    for await (const { data } of client.iterate<{ chat: Event }>({ query: QUERY, variables })) {
      if (data) yield data.chat;
    }
  } finally {
    await client.dispose();
  }
}
