import { connect } from 'node:http2';
import { beforeEach, describe, expect } from 'vitest';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { chat, completeChat, leftOverWebSocket, overHttp, type Start } from '../helpers/leavers.ts';
import { NGINX, NO_NGINX, startNginx } from '../helpers/nginx.ts';
import { leave, startLeft } from './leave.ts';
import { expectWithin, inMs, row } from './row.ts';

beforeEach(({ skip }) => {
  if (!NGINX) skip(NO_NGINX);
});

/** A page has all its streams on one connection, which stays when it leaves one. */
const overHttp2: Start = ({ url }, request) => {
  const session = connect(url);
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const stream = session.request({ ':method': 'POST', ':path': '/graphql', ...headers });
  stream.on('error', () => {}).on('close', () => session.close()); // It is the client that leaves.
  stream.end(JSON.stringify(request));
  return () => stream.close();
};

const ways: readonly (readonly [string, Start, typeof chat])[] = [
  ['SSE that ends', overHttp('text/event-stream'), chat],
  ['SSE that ends within HTTP/2', overHttp2, chat],
  ['WebSocket `complete`', leftOverWebSocket('complete'), chat],
  ['a WebSocket that closes', leftOverWebSocket('close'), chat],
  ['a POST that is dropped', overHttp('application/json'), completeChat],
];

describe('Behind nginx', () => {
  for (const [way, begin, request] of ways) {
    const done = 'one chat through nginx with `deploy/nginx/modelql.conf`, left after a first part';
    const expected = 'the upstream is let go of, and the operation over, within 200 ms';
    row(`${way} lets go of the upstream`, { done, expected }, async (measure) => {
      const asked = Promise.withResolvers<void>();
      const upstream = await startFakeUpstream(async ({ begin, send }) => {
        await begin();
        await send('data: Hello\n');
        asked.resolve();
      });
      const { server, operations } = await startLeft({ aichats: { baseUrl: upstream.url } });
      const leaves = begin(await startNginx(server), request('aichats'));
      await asked.promise;
      const ms = await leave(leaves, operations, () => upstream.openSockets === 0);
      measure(inMs(ms));
      expectWithin(ms, 200);
      expect(server.errors()).toEqual([]);
    });
  }
});
