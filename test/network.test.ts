import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { overSse, overWebSocket, type Result, withDeltasJoined } from './helpers/clients.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { answerWith, DONE, event } from './helpers/openai-server.ts';
import { startServer } from './helpers/server.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatDelta { text offset }
    ... on ChatFinished { finishReason length }
    ... on ChatFailed { code message retryable }
  }
}`;
const variables = { input: { provider: 'acme', messages: [{ role: 'USER', content: 'hi' }] } };

const EVENTS = [event({ content: 'Hello' }), event({}, 'stop'), DONE];
const HELLO = [
  { __typename: 'ChatStarted' },
  { __typename: 'ChatDelta', text: 'Hello', offset: 0 },
  { __typename: 'ChatFinished', finishReason: 'STOP', length: 5 },
];

/** What a client sees of a chat with the one provider that is configured so. */
async function ask(run: typeof overSse, entry: object): Promise<readonly unknown[]> {
  const acme = { type: 'openai-compatible', models: ['m'], ...entry };
  const server = await startServer({ config: { providers: { acme } } });
  return toEvents(await run(server, { query: CHAT, variables }));
}

function toEvents(results: readonly Result[]): readonly unknown[] {
  return withDeltasJoined(results).map(({ data }) => data?.chat);
}

describe.for([
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
] as const)('over %s', ([, run]) => {
  test('an answer that comes compressed, which was not asked for, is told like any other', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const upstream = await startFakeUpstream(({ reply }) => reply({ headers, body: gzipSync(EVENTS.join('')) }));
    expect(await ask(run, { baseUrl: upstream.url })).toEqual(HELLO);
    expect((await upstream.exchange()).headers['accept-encoding']).toBe('identity');
  });

  test('a query in the base URL stands behind every path, and its values are in no message', async () => {
    const list = JSON.stringify({ data: [{ id: 'm' }] });
    const upstream = await startFakeUpstream([
      ({ reply }) => reply({ body: list }),
      answerWith(...EVENTS),
      ({ url, reply }) => reply({ status: 400, body: JSON.stringify({ error: { message: `cannot take ${url}` } }) }),
    ]);
    const acme = { type: 'openai-compatible', baseUrl: `${upstream.url}/v1/?api-version=1&key=secret-0123` };
    const server = await startServer({ config: { providers: { acme } } });
    await server.app.modelsListed(new AbortController().signal);
    expect(toEvents(await run(server, { query: CHAT, variables }))).toEqual(HELLO);
    expect(toEvents(await run(server, { query: CHAT, variables }))).toEqual([
      {
        __typename: 'ChatFailed',
        code: 'REJECTED',
        message: expect.stringContaining('cannot take /v1/chat/completions?api-version=1&key=***'),
        retryable: false,
      },
    ]);
    const query = '?api-version=1&key=secret-0123';
    expect(upstream.exchanges.map(({ url }) => url)).toEqual([
      `/v1/models${query}`,
      `/v1/chat/completions${query}`,
      `/v1/chat/completions${query}`,
    ]);
    expect(JSON.stringify(server.log)).not.toContain('secret-0123');
  });
});
