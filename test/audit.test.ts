import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { startServer } from './helpers/server.ts';

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  // The audits are known before there is a server: each gets its own when it runs.
  let url = '';
  for (const audit of serverAudits({ url: () => url, fetchFn: fetch })) {
    test(audit.name, async () => {
      ({ url } = await startServer());
      expect(await audit.fn()).toMatchObject({ status: 'ok' });
    });
  }
});
