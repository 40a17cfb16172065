import { serverAudits } from 'graphql-http';
import { describe, expect } from 'vitest';
import { overPost } from '../helpers/clients.ts';
import { openSocket as openTcp, openWith, readAll, readStatus } from '../helpers/raw-http.ts';
import { openSocket } from '../helpers/raw-socket.ts';
import { startServer } from '../helpers/server.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { documents, many } from './refused-documents.ts';
import { expectWithin, inMb, inMs, isWhole, row } from './row.ts';

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
        let most = 0;
        for (const [name, [request, code]] of Object.entries(documents)) {
          const times: number[] = [];
          for (let time = 0; time < REPEATS; time++) {
            const before = await server.cpuMs();
            const errors = await run(server, typeof request === 'string' ? request : JSON.stringify(request));
            times.push((await server.cpuMs()) - before);
            const told = errors?.[0]?.extensions?.code;
            if (told !== code) wrong.push(`${name}: ${told}`);
          }
          costs.push([Math.min(...times), name]); // More is the garbage of others, or the first compilation.
          most = Math.max(most, ...times);
        }
        costs.sort(([one], [other]) => other - one);
        measure(
          `${costs
            .slice(0, 3)
            .map(([cost, name]) => `${inMs(cost)} ${name}`)
            .join(', ')}; at most ${inMs(most)} in any one try`,
        );
        expect(wrong).toEqual([]);
        expect(server.errors()).toEqual([]);
        expectWithin(costs[0]?.[0] ?? Number.NaN, 50);
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
});
