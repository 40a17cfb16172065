import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import * as anthropic from '../helpers/anthropic-server.ts';
import * as bedrock from '../helpers/bedrock-server.ts';
import type { Request } from '../helpers/clients.ts';
import { type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import * as google from '../helpers/google-server.ts';
import { chat, generateImage, leftOverWebSocket, overHttp } from '../helpers/leavers.ts';
import { event } from '../helpers/openai-server.ts';
import { startProxy } from '../helpers/proxy.ts';
import * as responses from '../helpers/responses-server.ts';
import { startSilence } from '../helpers/silence.ts';
import { leave, startLeft } from './leave.ts';
import { expectWithin, inMs, row } from './row.ts';

const expected = 'the upstream is let go of, and the operation over, within 100 ms';
const json = { headers: { 'content-type': 'application/json' } };

const silent: Play = () => {};

/** Where an upstream may stop within its answer. */
const stages = (begun: string | Uint8Array, headers: Record<string, string>): readonly Play[] => [
  silent,
  ({ begin }) => begin({ headers }),
  async ({ begin, send }) => {
    await begin({ headers });
    await send(begun);
  },
  async ({ begin, send }) => {
    await begin({ status: 500, ...json });
    await send('{"error":');
  },
];

interface Site {
  readonly entry?: object;
  /** How an answer begins. */
  readonly begun: string | Uint8Array;
  /** An event stream, unless it says otherwise. */
  readonly type?: string;
  readonly pictures?: boolean;
  /** What is asked before. */
  readonly before?: readonly Play[];
  /** Other ways to stop. */
  readonly more?: readonly (readonly Play[])[];
}

const html = readFileSync(new URL('../fixtures/chatgptfree/page.html', import.meta.url), 'utf8');
const page: Play = ({ reply }) => reply({ body: html });

const sites: Readonly<Record<string, Site>> = {
  websim: { begun: '{"content":"Hel', type: 'application/json', pictures: true },
  aichats: { begun: 'data: Hello\n', pictures: true },
  chatgptfree: {
    begun: 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n',
    before: [page],
    more: [[silent], [page, ({ reply }) => reply({ status: 403 }), silent]],
  },
  acme: {
    entry: { type: 'openai-compatible', models: ['m', { name: 'painter', kind: 'IMAGE' }] },
    begun: event({ content: 'Hello' }),
    pictures: true,
  },
  openai: {
    entry: { type: 'openai', apiKey: 'key-0123', models: [responses.MODEL] },
    begun: responses.START + responses.textDelta('Hello'),
  },
  anthropic: {
    entry: { type: 'anthropic', apiKey: 'key-0123', models: [anthropic.MODEL] },
    begun: anthropic.start() + anthropic.blockEvents(0, { type: 'text', text: 'Hello' }).join(''),
  },
  google: {
    entry: { type: 'google', apiKey: 'key-0123', models: [google.MODEL, { name: 'imagen-4', kind: 'IMAGE' }] },
    begun: google.chunk([{ text: 'Hello' }]),
    pictures: true,
  },
  bedrock: {
    entry: { type: 'bedrock', region: 'us-east-1', ...bedrock.KEYS, models: [bedrock.MODEL] },
    begun: Buffer.concat([bedrock.START, bedrock.delta(0, { text: 'Hello' })]),
    type: bedrock.STREAM['content-type'],
  },
};

/** A picture with its bytes, which have to be fetched. */
const draw = (provider: string): Request => {
  const { variables = {} } = generateImage(provider);
  const query = `mutation ($input: GenerateImageInput!) {
    generateImage(input: $input) { ... on GeneratedImages { images { dataUri } } }
  }`;
  return { query, variables: { input: { ...(variables.input as object), count: 1 } } };
};

const ways = [overHttp('text/event-stream'), leftOverWebSocket('complete'), leftOverWebSocket('close')];

/** The longest time until what the last of these plays holds is let go, over all ways to leave. */
async function leaveAt(plays: readonly Play[], id: string, entry: object, request: Request): Promise<number> {
  const times: number[] = [];
  for (const begin of ways) {
    const asked = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream(async (exchange) => {
      const at = upstream.exchanges.indexOf(exchange);
      await plays[at]?.(exchange);
      if (at === plays.length - 1) asked.resolve();
    });
    const { server, operations } = await startLeft({ [id]: { ...entry, baseUrl: upstream.url } });
    const leaves = begin(server, request);
    await asked.promise;
    times.push(await leave(leaves, operations, () => upstream.exchanges[plays.length - 1]?.gone === true));
    expect(server.errors()).toEqual([]);
  }
  return Math.max(...times);
}

describe('Leaving at every stage', () => {
  for (const [
    id,
    { entry = {}, begun, type = 'text/event-stream', pictures = false, before = [], more = [] },
  ] of Object.entries(sites)) {
    row(
      `${id} lets go of its upstream wherever that has stopped`,
      {
        done: `a chat${pictures ? ' and pictures' : ''}, left over SSE or POST, by \`complete\` and with its WebSocket, before the headers, before the body, in the middle of an answer, in the middle of an error${more.length > 0 ? ', while its page is read, and when that is read again' : ''}`,
        expected,
        isLong: true,
      },
      async (measure) => {
        const times: number[] = [];
        for (const request of pictures ? [chat(id), generateImage(id)] : [chat(id)]) {
          const scripts = [...stages(begun, { 'content-type': type }).map((stage) => [...before, stage]), ...more];
          for (const plays of scripts) times.push(await leaveAt(plays, id, entry, request));
        }
        measure(`at most ${inMs(Math.max(...times))}`);
        expectWithin(Math.max(...times), 100);
      },
    );
  }

  row(
    'a picture that is being fetched is let go of wherever its host has stopped',
    {
      done: 'pictures with their bytes, left before the headers, before the body, behind a redirect, in the middle',
      expected,
      isLong: true,
    },
    async (measure) => {
      const linked: Play = ({ headers, reply }) =>
        reply({ body: JSON.stringify({ url: `http://${headers.host}/1.png` }) });
      const redirect: Play = ({ reply }) => reply({ status: 302, headers: { location: '/2.png' } });
      const [before, headers, middle] = stages('\x89PNG', { 'content-type': 'image/png' });
      const scripts = [
        [linked, before],
        [linked, headers],
        [linked, middle],
        [linked, redirect, silent],
      ] as Play[][];
      const times: number[] = [];
      for (const plays of scripts) times.push(await leaveAt(plays, 'websim', {}, draw('websim')));
      measure(`at most ${inMs(Math.max(...times))}`);
      expectWithin(Math.max(...times), 100);
    },
  );

  for (const [who, entryOf] of [
    ['an https upstream', (url: string) => ({ baseUrl: url.replace('http', 'https') })],
    ['a proxy', (url: string) => ({ baseUrl: 'https://upstream.example', proxy: url })],
  ] as const) {
    row(
      `${who} that says nothing is let go of before there is a connection`,
      { done: 'one chat, left', expected, isLong: true },
      async (measure) => {
        const { url, connected, closed } = await startSilence();
        let isClosed = false;
        void closed.then(() => {
          isClosed = true;
        });
        const { server, operations } = await startLeft({ aichats: entryOf(url) });
        const leaves = overHttp('text/event-stream')(server, chat('aichats'));
        await connected;
        const ms = await leave(leaves, operations, () => isClosed);
        measure(inMs(ms));
        expectWithin(ms, 100);
      },
    );
  }

  row(
    'an upstream behind a proxy is let go of',
    { done: 'one chat through a proxy, left', expected, isLong: true },
    async (measure) => {
      const upstream = await startFakeUpstream(silent);
      const proxy = await startProxy();
      const { server, operations } = await startLeft({ aichats: { baseUrl: upstream.url, proxy: proxy.url } });
      const leaves = overHttp('text/event-stream')(server, chat('aichats'));
      await upstream.exchange();
      const ms = await leave(leaves, operations, () => upstream.openSockets === 0);
      measure(inMs(ms));
      expectWithin(ms, 100);
    },
  );
});
