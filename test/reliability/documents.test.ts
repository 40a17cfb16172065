import * as fc from 'fast-check';
import { serverAudits } from 'graphql-http';
import { describe, expect } from 'vitest';
import { overPost, type Request } from '../helpers/clients.ts';
import { openSocket as openTcp, openWith, readAll, readStatus } from '../helpers/raw-http.ts';
import { openSocket } from '../helpers/raw-socket.ts';
import { startServer } from '../helpers/server.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { body, frame } from './random-requests.ts';
import { inMb, inMs, isWhole, row } from './row.ts';

const many = (count: number, piece: (at: number) => string | number) =>
  Array.from({ length: count }, (_, at) => piece(at)).join(' ');

const COMPLETE = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';

/** What is asked, and the code with which it is refused. */
const documents: Readonly<Record<string, readonly [request: Request | string, code: string]>> = {
  '10,000 fields deep': [
    { query: '{models{provider'.padEnd(16, ' ').repeat(5000) + '}'.repeat(10_000) },
    'DOCUMENT_TOO_LARGE',
  ],
  'of 1,000,000 tokens': [{ query: '!'.repeat(1_000_000) }, 'DOCUMENT_TOO_LARGE'],
  'of 100,000 aliases': [{ query: `{ ${many(100_000, (at) => `a${at.toString(36)}:b`)} }` }, 'DOCUMENT_TOO_LARGE'],
  'with a list 10,000 deep': [
    { query: `{ model(id: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { id } }` },
    'DOCUMENT_TOO_LARGE',
  ],
  'with 10,000 open brackets': [{ query: '{a(b:['.repeat(10_000) }, 'DOCUMENT_TOO_LARGE'],
  'of fragments in a circle of two': [
    { query: '{ models { ...A } } fragment A on Model { ...B } fragment B on Model { ...A }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'of fragments in a circle of 100': [
    { query: `{ models { ...F0 } } ${many(100, (at) => `fragment F${at} on Model { ...F${(at + 1) % 100} }`)}` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'of fragments that double 40 times': [
    {
      query: `{ models { ...F0 } } ${many(40, (at) => `fragment F${at} on Model { ...F${at + 1} ...F${at + 1} }`)} fragment F40 on Model { id }`,
    },
    'DOCUMENT_TOO_LARGE',
  ],
  'of 900 misspelt fields': [{ query: `{ ${many(900, (at) => `modles${at}`)} }` }, 'GRAPHQL_VALIDATION_FAILED'],
  'of 110 fields that cannot be merged': [
    { query: `{ ${many(110, (at) => `model(id: "${at}") { id }`)} }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'of 240 unknown directives': [
    { query: `{ __typename ${many(240, (at) => `@never${at}`)} }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'of 190 unused variables': [
    { query: `query (${many(190, (at) => `$v${at}: ID`)}) { __typename }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'of 190 misspelt arguments': [
    { query: `{ model(id: "a", ${many(190, (at) => `ids${at}: 1`)}) { id } }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'with a string of 1 MB': [{ query: `{ model(id: "${'x'.repeat(1_000_000)}") { id } }` }, 'DOCUMENT_TOO_LARGE'],
  'with a string that does not end': [{ query: `{ model(id: """${'x'.repeat(10_000)}` }, 'GRAPHQL_PARSE_FAILED'],
  'with a comment of 1 MB': [{ query: `{ __typename } #${'x'.repeat(1_000_000)}` }, 'DOCUMENT_TOO_LARGE'],
  'with a variable 10,000 deep': [
    `{"query":"${COMPLETE}","variables":{"input":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    'BAD_USER_INPUT',
  ],
  'with a variable of 60,000 unknown fields': [
    {
      query: COMPLETE,
      variables: { input: Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`f${at}`, 1])) },
    },
    'BAD_USER_INPUT',
  ],
  'with 50,000 wrong messages': [
    { query: COMPLETE, variables: { input: { messages: Array(50_000).fill({ role: 'NOBODY' }) } } },
    'BAD_USER_INPUT',
  ],
  'with a name of 900 KB': [
    {
      query: COMPLETE,
      variables: { input: { model: 'q'.repeat(900_000), messages: [{ role: 'USER', content: 'a' }] } },
    },
    'BAD_USER_INPUT',
  ],
};

type Errors = readonly { readonly extensions?: { readonly code?: string } }[];

async function postText({ url }: MeasuredServer, body: string): Promise<Errors> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return ((await response.json()) as { errors: Errors }).errors;
}

async function sendText(server: MeasuredServer, request: string): Promise<Errors> {
  const { socket, next } = await openSocket(server);
  socket.send(`{"id":"1","type":"subscribe","payload":${request}}`);
  const { payload } = await next();
  socket.terminate();
  return Array.isArray(payload) ? payload : (payload as { errors: Errors }).errors;
}

const REPEATS = isWhole ? 8 : 3;
const CASES = isWhole ? 50_000 : 1000;
const SEED = 20_261_102;
const NO_PAUSES = { providers: { local: { wordDelayMs: 0 } } };

describe('Documents and bodies', () => {
  row(
    'the audits of GraphQL over HTTP pass',
    { done: 'all audits of `graphql-http`', expected: 'all of them' },
    async (measure) => {
      const { url } = await startServer();
      const results = await Promise.all(serverAudits({ url, fetchFn: fetch }).map((audit) => audit.fn()));
      const passed = results.filter(({ status }) => status === 'ok').length;
      measure(`${passed} of ${results.length}`);
      expect(passed).toBe(results.length);
    },
  );

  for (const [way, run] of [
    ['POST', postText],
    ['WebSocket', sendText],
  ] as const) {
    row(
      `no document that is refused over ${way} costs more than 50 ms of CPU`,
      {
        done: `${Object.keys(documents).length} documents, each ${REPEATS} times, with documents of 1 MB allowed, so that the other limits are tried too: ${Object.keys(documents).join('; ')}`,
        expected: 'each refused with its code; the least of each at most 50 ms; no error in the log',
        timeoutMs: 120_000,
      },
      async (measure) => {
        const server = await runMeasured({ limits: { maxQueryBytes: 1_000_000 } });
        const costs: (readonly [number, string])[] = [];
        const wrong: string[] = [];
        for (const [name, [request, code]] of Object.entries(documents)) {
          const times: number[] = [];
          for (let time = 0; time < REPEATS; time++) {
            const before = await server.cpuMs();
            const errors = await run(server, typeof request === 'string' ? request : JSON.stringify(request));
            times.push((await server.cpuMs()) - before);
            const told = errors?.[0]?.extensions?.code;
            if (told !== code) wrong.push(`${name}: ${told}`);
          }
          costs.push([Math.min(...times), name]); // More is the garbage of others.
        }
        costs.sort(([one], [other]) => other - one);
        measure(
          costs
            .slice(0, 3)
            .map(([cost, name]) => `${inMs(cost)} ${name}`)
            .join(', '),
        );
        expect(wrong).toEqual([]);
        expect(server.errors()).toEqual([]);
        expect(costs[0]?.[0]).toBeLessThan(50);
      },
    );
  }

  for (const [what, hosts, expected] of [
    ['none', [], 400],
    ['two', ['host: localhost', 'host: localhost'], 400],
    ['one that cannot be', ['host: a b'], 400],
    ['a URL', ['host: http://localhost'], 400],
    ['a foreign name', ['host: rebound.example.com'], 421],
    ['an address that is not loopback', ['host: 10.0.0.1'], 421],
  ] as const) {
    row(
      `a request whose \`Host\` is ${what} is refused`,
      { done: hosts.join(', ') || 'no `Host`', expected: String(expected) },
      async (measure) => {
        const { url, errors } = await startServer();
        const status = await readStatus(await openWith(url, ['GET /graphql?query={__typename} HTTP/1.1', ...hosts]));
        measure(String(status));
        expect(status).toBe(expected);
        expect(errors()).toEqual([]);
      },
    );
  }

  const BODY = '{"query":"{ __typename }"}';
  const JSON_TYPE = 'content-type: application/json';
  for (const [what, lines, expected] of [
    [
      'content-length and chunks',
      [
        'POST /graphql HTTP/1.1',
        'host: localhost',
        JSON_TYPE,
        'content-length: 5',
        'transfer-encoding: chunked',
        '',
        '5',
        'hello',
        '0',
        '',
      ],
      400,
    ],
    [
      'two lengths',
      ['POST /graphql HTTP/1.1', 'host: localhost', JSON_TYPE, 'content-length: 5', 'content-length: 6', '', 'hello'],
      400,
    ],
    [
      'a broken chunk',
      ['POST /graphql HTTP/1.1', 'host: localhost', JSON_TYPE, 'transfer-encoding: chunked', '', 'xyz', BODY],
      400,
    ],
    [
      '64 KB of headers',
      ['GET /graphql?query={__typename} HTTP/1.1', 'host: localhost', `x-large: ${'x'.repeat(65_536)}`],
      431,
    ],
    [
      'variables that are no JSON',
      ['GET /graphql?query={__typename}&variables={nope HTTP/1.1', 'host: localhost'],
      400,
    ],
    ['a whole URL as its target', ['GET http://elsewhere.example/graphql HTTP/1.1', 'host: localhost'], 400],
  ] as const) {
    row(
      `a request with ${what} is refused`,
      { done: what, expected: `${expected}, and no error in the log` },
      async (measure) => {
        const { url, errors } = await startServer();
        const status = await readStatus(await openWith(url, lines));
        measure(String(status));
        expect(status).toBe(expected);
        expect(errors()).toEqual([]);
      },
    );
  }

  for (const chunked of [false, true]) {
    row(
      `a body may have as many bytes as the limit, and no more, ${chunked ? 'in chunks' : 'with its length'}`,
      {
        done: '`maxBodyBytes` − 1, ± 0 and + 1, and a request after it on the same connection',
        expected: '200 200 413; the next is answered, or its connection is closed with the refusal',
      },
      async (measure) => {
        const { url, errors } = await startServer({ config: { limits: { maxBodyBytes: 1000 } } });
        const seen: string[] = [];
        for (const size of [999, 1000, 1001]) {
          const socket = await openTcp(url);
          const body = BODY.padEnd(size, ' ');
          const head = ['POST /graphql HTTP/1.1', 'host: localhost', JSON_TYPE];
          const last = [...head, 'connection: close', `content-length: ${BODY.length}`, '', BODY];
          const first = chunked
            ? [...head, 'transfer-encoding: chunked', '', body.length.toString(16), body, '0', '', '']
            : [...head, `content-length: ${size}`, '', body];
          const all = readAll(socket);
          socket.write(first.join('\r\n') + last.join('\r\n'));
          const statuses = [...(await all).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
          seen.push(`${size}: ${statuses.join(', ')}`);
        }
        measure(seen.join('; '));
        expect(seen[0]).toBe('999: 200, 200');
        expect(seen[1]).toBe('1000: 200, 200');
        expect(['1001: 413', '1001: 413, 200']).toContain(seen[2]);
        expect(errors()).toEqual([]);
      },
    );
  }

  row(
    'documents that are all different do not fill the memory',
    {
      done: '2,000 different documents of about 12 KB, then 2,000 others',
      expected: 'heap at most 60 MB larger, and not 5 MB larger after the second 2,000',
      isLong: true,
      timeoutMs: 120_000,
    },
    async (measure) => {
      const server = await runMeasured({});
      const send = async (from: number) => {
        for (let at = from; at < from + 2000; at += 20) {
          const queries = Array.from(
            { length: 20 },
            (_, next) => `{ ${many(400, () => '__typename')} } # ${at + next}`,
          );
          const results = await Promise.all(queries.map((query) => overPost(server as never, { query })));
          for (const [result] of results) expect(result?.data).toBeDefined();
        }
        return (await server.measure()).heapBytes;
      };
      const { heapBytes: before } = await server.measure();
      const first = await send(0);
      const second = await send(2000);
      measure(`${inMb(before)}, then ${inMb(first)}, then ${inMb(second)}`);
      expect(first - before).toBeLessThan(60_000_000);
      expect(second - first).toBeLessThan(5_000_000);
    },
  );

  row(
    'no JSON makes a 500, over POST',
    {
      done: `${CASES} random bodies (seed ${SEED}): any JSON, and requests and inputs that are right or nearly right`,
      expected: 'an answer with a status below 500 to each, and no error in the log',
      timeoutMs: 175_000,
    },
    async (measure) => {
      const server = await runMeasured(NO_PAUSES);
      const statuses: Record<number, number> = {};
      const headers = { 'content-type': 'application/json' };
      await inTens(fc.sample(body, { numRuns: CASES, seed: SEED }), async (body) => {
        const response = await fetch(server.url, { method: 'POST', headers, body });
        const text = await response.text();
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        if (response.status >= 500 || text.includes('INTERNAL_SERVER_ERROR')) throw new Error(`${text} for ${body}`);
      });
      measure(told(statuses));
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'no JSON makes an internal error, over WebSocket',
    {
      done: `${CASES} random messages (seed ${SEED}), on a new socket whenever one was closed for a mistake`,
      expected: 'close codes of the protocol for mistakes, an answer to a query after the others, no error in the log',
      timeoutMs: 175_000,
    },
    async (measure) => {
      const server = await runMeasured(NO_PAUSES);
      const ends: Record<string, number> = {};
      const frames = fc.sample(frame, { numRuns: CASES, seed: SEED });
      const groups = Array.from({ length: CASES / 20 }, (_, at) => frames.slice(at * 20, at * 20 + 20));
      await inTens(groups, async (group) => {
        const { socket, send, next, closed } = await openSocket(server);
        for (const text of group) socket.send(text);
        send({ id: 'last', type: 'subscribe', payload: { query: '{ __typename }' } });
        const answered = async () => {
          for (;;) if ((await next()).id === 'last') return 'answered';
        };
        const end = await Promise.race([closed.then(({ code }) => code), answered()]);
        ends[end] = (ends[end] ?? 0) + 1;
        socket.terminate();
        if (![4400, 4409, 'answered'].includes(end)) throw new Error(`closed with ${end} after ${group.join('\n')}`);
      });
      measure(told(ends));
      expect(server.errors()).toEqual([]);
    },
  );
});

/** Ten at a time. */
async function inTens<T>(cases: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const left = cases.values();
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (const one of left) await run(one);
    }),
  );
}

const told = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ');
