import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { CHAT, type Told } from './helpers/client-suite.ts';
import {
  overPost,
  overSse,
  overWebSocket,
  type Run,
  readSse,
  transports,
  withoutRequestIds,
} from './helpers/clients.ts';
import { startCuttingProxy } from './helpers/cutting-proxy.ts';
import { type Exchange, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const messages = [{ role: 'USER', content: 'hello' }];

const toldOf = (result: unknown) => (result as { data: { chat: Told } }).data.chat;

/** An upstream whose answer goes on when the test says so. */
async function startStory({ resumeGraceMs = 120_000, keys = [] as string[] } = {}) {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const server = await startServer({
    config: {
      providers: { aichats: { baseUrl: upstream.url } },
      limits: { resumeGraceMs, keepAliveMs: 120_000, idleTimeoutMs: 120_000 },
      auth: { keys },
    },
  });
  const say = async (exchange: Exchange, ...words: readonly string[]) =>
    exchange.send(...words.map((word) => `data: ${word}\n`));
  const variables = (id?: string) => ({ input: { provider: 'aichats', messages, ...(id ? { id } : {}) } });
  return { upstream, server, say, variables };
}

const proxied = async (server: TestServer) => {
  const proxy = await startCuttingProxy(Number(new URL(server.url).port));
  return {
    ...server,
    cut: proxy.cut,
    webSocketUrl: `ws://127.0.0.1:${proxy.port}/graphql`,
    url: `http://127.0.0.1:${proxy.port}/graphql`,
  };
};

test('SSE joins again after the last event that it knows', async () => {
  const { upstream, server, say, variables } = await startStory();
  const through = await proxied(server);
  const request = { query: CHAT, variables: variables('chat-1') };
  const first = readSse(through, request);
  const started = first.next();
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  expect(toldOf((await started).value)).toMatchObject({ __typename: 'ChatStarted', id: 'chat-1' });
  const known = toldOf((await first.next()).value);
  through.cut();
  await expect(first.next()).rejects.toThrow();
  await say(exchange, 'two, ', 'three.');
  const rest = readSse(through, { ...request, variables: { ...request.variables, after: known.seq } });
  const next = toldOf((await rest.next()).value);
  expect(next.offset).toBe(known.text?.length);
  exchange.end();
  let text = `${known.text}${next.text}`;
  for await (const result of rest) text += toldOf(result).text ?? '';
  expect(text).toBe('One, two, three.');
  expect(upstream.exchanges).toHaveLength(1);
});

test('a chat that has ended can be joined for a while', async () => {
  const { upstream, server, say, variables } = await startStory({ resumeGraceMs: 3000 });
  const request = { query: CHAT, variables: variables('chat-1') };
  const whole = overSse(server, request);
  const exchange = await upstream.exchange();
  await say(exchange, 'Done.');
  exchange.end();
  const told = (await whole).map(toldOf);
  expect((await overSse(server, request)).map(toldOf)).toEqual(told);
  const after = told.at(-1)?.seq;
  expect(await overSse(server, { ...request, variables: { ...request.variables, after } })).toEqual([]);
  const [complete] = await overPost(server, {
    query: 'mutation ($input: ChatInput!) { completeChat(input: $input) { ... on ChatAnswer { text } } }',
    variables: variables('chat-1'),
  });
  expect(complete).toEqual({ data: { completeChat: { text: 'Done.' } } });
  expect(upstream.exchanges).toHaveLength(1);
  const askAgain = () => {
    overSse(server, request).catch(() => {}); // Once it is forgotten, nobody answers.
    return upstream.exchanges.length;
  };
  await expect.poll(askAgain, { interval: 200 }).toBe(2);
});

describe('a client that is gone', () => {
  test('with an id, and by a lost connection, is waited for until the grace is over', async () => {
    const { upstream, server, say, variables } = await startStory({ resumeGraceMs: 200 });
    const through = await proxied(server);
    const events = readSse(through, { query: CHAT, variables: variables('chat-1') });
    const first = events.next();
    const exchange = await upstream.exchange();
    await say(exchange, 'One');
    await first;
    const cutAt = performance.now();
    through.cut();
    await expect(Array.fromAsync(events)).rejects.toThrow();
    const waited = (await exchange.closed) - cutAt;
    expect(waited).toBeGreaterThan(150);
  });

  test('with an id, and by unsubscribing, is not', async () => {
    const { upstream, server, say, variables } = await startStory();
    const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
    const events = client.iterate({ query: CHAT, variables: variables('chat-1') });
    const first = events.next();
    const exchange = await upstream.exchange();
    await say(exchange, 'One');
    await first;
    await events.return?.();
    await exchange.closed;
    await client.dispose();
  });

  test('leaves the others who read the same chat alone', async () => {
    const { upstream, server, say, variables } = await startStory();
    const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
    const request = { query: CHAT, variables: variables('chat-1') };
    const one = client.iterate(request);
    const firstOfOne = one.next();
    const exchange = await upstream.exchange();
    await say(exchange, 'One ');
    await firstOfOne;
    const other = overSse(server, request);
    await expect.poll(() => server.log.filter(({ msg }) => msg === 'operation').length).toBe(0);
    // A query over HTTP is answered after the other reader has joined.
    await overPost(server, { query: '{ __typename }' });
    await one.return?.();
    await say(exchange, 'two');
    exchange.end();
    const text = (await other).map((result) => toldOf(result).text ?? '').join('');
    expect(text).toBe('One two');
    await client.dispose();
  });
});

describe('cancelChat', () => {
  const cancel = async (server: TestServer, id: string, headers?: Record<string, string>) =>
    (await overPost(server, { query: 'mutation ($id: ID!) { cancelChat(id: $id) }', variables: { id } }, headers))[0];

  test('ends a chat for all its readers, from any connection, and lets go of the upstream', async () => {
    const { upstream, server, say, variables } = await startStory();
    const request = { query: CHAT, variables: variables('chat-1') };
    const readers = [overSse(server, request), overSse(server, request)];
    const exchange = await upstream.exchange();
    await say(exchange, 'One');
    expect(await cancel(server, 'chat-1')).toEqual({ data: { cancelChat: true } });
    await exchange.closed;
    for (const events of await Promise.all(readers)) {
      expect(toldOf(events.at(-1))).toMatchObject({ __typename: 'ChatFinished', finishReason: 'CANCELLED' });
    }
    expect(await cancel(server, 'chat-1')).toEqual({ data: { cancelChat: false } });
    expect(await cancel(server, 'chat-2')).toEqual({ data: { cancelChat: false } });
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('stops a chat without an id of its client by the id it was given', async () => {
    const { upstream, server, say, variables } = await startStory();
    const events = readSse(server, { query: CHAT, variables: variables() });
    const first = events.next();
    await say(await upstream.exchange(), 'One');
    const { id } = toldOf((await first).value) as unknown as { id: string };
    expect(await cancel(server, id)).toEqual({ data: { cancelChat: true } });
    expect(toldOf((await Array.fromAsync(events)).at(-1))).toMatchObject({ finishReason: 'CANCELLED' });
  });

  test('and joining see no chat of another key', async () => {
    const { upstream, server, say, variables } = await startStory({ keys: ['first-key', 'second-key'] });
    const mine = { authorization: 'Bearer first-key' };
    const theirs = { authorization: 'Bearer second-key' };
    const request = { query: CHAT, variables: variables('chat-1') };
    const events = readSse(server, request, { headers: mine });
    const first = events.next();
    await say(await upstream.exchange(), 'One');
    await first;
    expect(await cancel(server, 'chat-1', theirs)).toEqual({ data: { cancelChat: false } });
    overSse(server, request, theirs).catch(() => {}); // The same id is a chat of their own.
    await upstream.exchange(1);
    expect(await cancel(server, 'chat-1', mine)).toEqual({ data: { cancelChat: true } });
    expect(await cancel(server, 'chat-1', theirs)).toEqual({ data: { cancelChat: true } });
  });
});

test('the same id with another input is a mistake', async () => {
  const { upstream, server, variables } = await startStory();
  overSse(server, { query: CHAT, variables: variables('chat-1') }).catch(() => {});
  await upstream.exchange();
  const other = { input: { ...variables('chat-1').input, messages: [{ role: 'USER', content: 'another' }] } };
  const [result] = await overSse(server, { query: CHAT, variables: other });
  expect(result?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.id' });
  expect(upstream.exchanges).toHaveLength(1);
});

describe.each(transports)('`after`, over %s,', (_transport, run) => {
  /** What the error of the one result says. */
  const refusal = async (...asked: Parameters<Run>) => {
    const results = withoutRequestIds(await run(...asked));
    expect(results).toHaveLength(1);
    return results[0]?.errors?.[0]?.extensions;
  };
  const NOT_FOUND = { code: 'CHAT_NOT_FOUND' };
  const WRONG_PLACE = { code: 'BAD_USER_INPUT', path: 'after' };

  /** A chat that has ended, and how to ask for what came after an event of it. */
  async function startEnded(options?: Parameters<typeof startStory>[0]) {
    const story = await startStory(options);
    const whole = overSse(story.server, { query: CHAT, variables: story.variables('chat-1') });
    const exchange = await story.upstream.exchange();
    await story.say(exchange, 'One, ', 'two.');
    exchange.end();
    const told = (await whole).map(toldOf);
    const from = (after: number) => ({ query: CHAT, variables: { ...story.variables('chat-1'), after } });
    return { ...story, told, last: told.at(-1)?.seq ?? -1, from };
  }

  test('starts nothing where the chat was never there, as after a restart of the server', async () => {
    const { upstream, server, variables } = await startStory();
    expect(await refusal(server, { query: CHAT, variables: { ...variables('chat-1'), after: 3 } })).toEqual(NOT_FOUND);
    const unknown = { input: { id: 'chat-1', messages, model: 'near/not-listed-yet' }, after: 0 };
    expect(await refusal(server, { query: CHAT, variables: unknown })).toEqual(NOT_FOUND);
    expect(upstream.exchanges).toHaveLength(0);
    expect(server.errors()).toEqual([]);
  });

  test('starts nothing where the grace is over', async () => {
    const { upstream, server, from } = await startEnded({ resumeGraceMs: 100 });
    await expect
      .poll(async () => withoutRequestIds(await overSse(server, from(1)))[0]?.errors?.[0]?.extensions, {
        timeout: 10_000,
      })
      .toEqual(NOT_FOUND);
    expect(await refusal(server, from(1))).toEqual(NOT_FOUND);
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('starts nothing where the chat is that of another key', async () => {
    const { upstream, server, say, variables } = await startStory({ keys: ['first-key', 'second-key'] });
    const request = { query: CHAT, variables: variables('chat-1') };
    const events = readSse(server, request, { headers: { authorization: 'Bearer first-key' } });
    const first = events.next();
    await say(await upstream.exchange(), 'One');
    await first;
    const again = { query: CHAT, variables: { ...variables('chat-1'), after: 0 } };
    expect(await refusal(server, again, { authorization: 'Bearer second-key' })).toEqual(NOT_FOUND);
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('is a mistake without an `input.id`, and below 0', async () => {
    const { upstream, server, variables } = await startStory();
    for (const wrong of [
      { ...variables(), after: 0 },
      { ...variables('chat-1'), after: -1 },
    ]) {
      expect(await refusal(server, { query: CHAT, variables: wrong })).toEqual(WRONG_PLACE);
    }
    expect(upstream.exchanges).toHaveLength(0);
  });

  test('is a mistake beyond what was told, of a chat that has ended and of one that runs', async () => {
    const { upstream, server, say, variables, last, from } = await startEnded();
    expect(await refusal(server, from(last + 1))).toEqual(WRONG_PLACE);
    const events = readSse(server, { query: CHAT, variables: variables('chat-2') });
    const first = events.next();
    const beyond = { query: CHAT, variables: { ...variables('chat-2'), after: 1000 } };
    const exchange = await upstream.exchange(1);
    expect(await refusal(server, beyond)).toEqual(WRONG_PLACE); // Nothing was told of it yet.
    await say(exchange, 'One');
    await first;
    expect(await refusal(server, beyond)).toEqual(WRONG_PLACE);
    expect(upstream.exchanges).toHaveLength(2);
  });

  test('does not make the same id right for another input', async () => {
    const { upstream, server, from } = await startEnded();
    const { variables } = from(0);
    const other = { ...variables, input: { ...variables.input, messages: [{ role: 'USER', content: 'another' }] } };
    expect(await refusal(server, { query: CHAT, variables: other })).toEqual({
      code: 'BAD_USER_INPUT',
      path: 'input.id',
    });
    expect(upstream.exchanges).toHaveLength(1);
  });

  test.skipIf(run === overPost)('gets what is left from any place, and nothing from the last', async () => {
    const { server, told, last, from } = await startEnded();
    const answer = 'One, two.';
    for (let after = 0; after < last; after++) {
      const rest = (await run(server, from(after))).map(toldOf);
      expect(rest.at(-1)).toEqual(told.at(-1));
      const [delta] = rest;
      if (delta?.text !== undefined) expect(answer.slice(delta.offset)).toBe(rest.map(({ text }) => text).join(''));
    }
    expect(await run(server, from(last))).toEqual([]);
  });
});

test('a chat that its only reader has left is not there to come back to', async () => {
  const { upstream, server, say, variables } = await startStory();
  const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
  const events = client.iterate({ query: CHAT, variables: variables('chat-1') });
  const first = events.next();
  const exchange = await upstream.exchange();
  await say(exchange, 'One');
  await first;
  await events.return?.();
  await exchange.closed;
  const [result] = await overWebSocket(server, { query: CHAT, variables: { ...variables('chat-1'), after: 0 } });
  expect(result?.errors?.[0]?.extensions).toMatchObject({ code: 'CHAT_NOT_FOUND' });
  expect(upstream.exchanges).toHaveLength(1);
  await client.dispose();
});
