import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { overPost, type Request, type Run, transports } from '../helpers/clients.ts';
import { heapInUse } from '../helpers/heap.ts';
import { refused, repeat } from '../helpers/refused-queries.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

/** Models within their providers within models … */
const deep = (depth: number) =>
  `{${repeat(depth - 1, (at) => `${at % 2 ? 'provider' : 'models'} {`)} id ${'}'.repeat(depth)}`;

const codeOf = async (run: Run, server: TestServer, request: Request) =>
  (await run(server, request))[0]?.errors?.[0]?.extensions?.code;

const COMPLETE = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';

interface Limited {
  readonly document: (size: number) => string;
  readonly most: number;
  readonly step?: number;
  readonly limits?: object;
}

const limited: Readonly<Record<string, Limited>> = {
  bytes: { document: (size) => '{ __typename }'.padEnd(size, '#'), most: 100, limits: { maxQueryBytes: 100 } },
  'bytes of more than one each': {
    document: (size) => `{ __typename } #${'é'.repeat((size - 16) / 2)}`,
    most: 100,
    step: 2,
    limits: { maxQueryBytes: 100 },
  },
  tokens: {
    document: (size) => `{ ${repeat(size - 2, () => '__typename')} }`,
    most: 20,
    limits: { maxQueryTokens: 20 },
  },
  'fields, fragments written out,': {
    document: (size) =>
      `{ ${repeat(size / 4, () => '...F')} } fragment F on Query { a: __typename b: __typename c: __typename d: __typename }`,
    most: 40,
    step: 4,
    limits: { maxQueryTokens: 40, maxAliases: 1000 },
  },
  levels: { document: deep, most: 10 },
  'levels through fragments': {
    document: (depth) => `{ models { ...M } } fragment M on Model { provider ${deep(depth - 2)} }`,
    most: 10,
  },
  'levels through inline fragments': { document: (depth) => `{ ... { ... on Query ${deep(depth)} } }`, most: 10 },
  aliases: { document: (count) => `{ ${repeat(count, (at) => `a${at}: __typename`)} }`, most: 30 },
  'aliases in fragments': {
    document: (count) =>
      `{ ${repeat(count / 2, (at) => `m${at}: model(id: "x") { ...F }`)} } fragment F on Model { a: id }`,
    most: 30,
    step: 2,
  },
};

describe.for(transports)('over %s', ([, run]) => {
  test.for(Object.entries(limited))('as many %s as allowed are answered, and no more', async ([, one]) => {
    const { document, most, step = 1, limits = {} } = one;
    const server = await startServer({ config: { limits } });
    expect(await codeOf(run, server, { query: document(most) })).toBeUndefined();
    for (const _time of ['the first', 'the second']) {
      expect(await codeOf(run, server, { query: document(most + step) })).toBe('DOCUMENT_TOO_LARGE');
    }
    expect(server.errors()).toEqual([]);
  });

  test('the introspection of GraphiQL and other tools passes', async () => {
    const server = await startServer();
    const options = {
      inputValueDeprecation: true,
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
    };
    const [result] = await run(server, { query: getIntrospectionQuery({ ...options, oneOf: true }) });
    expect(buildClientSchema(result?.data as unknown as IntrospectionQuery).getType('ChatEvent')).toBeDefined();
  });

  test('introspection can be switched off', async () => {
    const server = await startServer({ config: { server: { introspection: false } } });
    for (const query of [
      '{ __schema { queryType { name } } }',
      '{ ...Q } fragment Q on Query { __type(name: "Model") { name } }',
    ]) {
      expect(await codeOf(run, server, { query })).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect(await run(server, { query: '{ __typename }' })).toEqual([{ data: { __typename: 'Query' } }]);
  });

  test('variables that are wrong in thousands of ways are refused in few words', async () => {
    const server = await startServer();
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`messag${at}`, 1]));
    const messages = [{ role: 'USER', content: 'x'.repeat(500_000), ...fields(90) }];
    for (const input of [fields(20_000), { messages }, { messages: [fields(101)] }]) {
      const [result] = await run(server, { query: COMPLETE, variables: { input } });
      expect(result?.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        path: expect.stringMatching(/^input/),
      });
      expect(JSON.stringify(result).length).toBeLessThan(5000);
    }
    expect(server.errors()).toEqual([]);
  });

  describe('JSON in variables', () => {
    const properties = (count: number, more: object = { type: 'string' }) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`property${at}`, more]));
    const ask = (more: object) => ({
      query: COMPLETE,
      variables: { input: { messages: [{ role: 'USER', content: 'hi' }], ...more } },
    });
    const tool = (parameters: unknown) => ask({ tools: [{ name: 'weather', parameters }] });
    const format = (schema: unknown) => ask({ responseFormat: { jsonSchema: { schema } } });
    const deep = (levels: number) => JSON.parse(`${'{"not":'.repeat(levels)}{}${'}'.repeat(levels)}`);

    test('may have many fields', async () => {
      const server = await startServer({ config: { defaults: { chat: 'local/pattern' } } });
      for (const request of [
        tool({ type: 'object', properties: properties(120) }),
        format({ type: 'object', properties: properties(900) }),
        ask({ providerOptions: { elsewhere: properties(5000) } }),
      ]) {
        const [result] = await run(server, request);
        const { path } = result?.errors?.[0]?.extensions ?? {};
        expect(path === undefined || /^input\.(tools|responseFormat)$/.test(String(path))).toBe(true); // What it is known not to do.
      }
    });

    test.for([
      ['a tool of 64 KiB and one byte', tool({ description: 'x'.repeat(65_536 - 17) }), 'input.tools.0.parameters'],
      ['a schema that is longer still', format(properties(10_000)), 'input.responseFormat.jsonSchema.schema'],
      ['options of more than a mebibyte', ask({ providerOptions: { a: properties(90_000) } }), 'input.providerOptions'],
      ['a tool that is 200 deep', tool(deep(200)), 'input.tools.0.parameters'],
      ['a schema that is 100,000 deep', format(deep(4000)), 'input.responseFormat.jsonSchema.schema'],
      ['a list that is a schema', format([]), 'input.responseFormat.jsonSchema.schema'],
    ] as const)('is refused as %s, with its path', async ([, request, path]) => {
      const server = await startServer();
      const [result] = await run(server, request);
      expect(result?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path });
      expect(JSON.stringify(result).length).toBeLessThan(1000);
      expect(server.errors()).toEqual([]);
    });
  });

  test('variables of more values than a chat can have are refused in few words', async () => {
    const server = await startServer();
    const messages = Array(40_000).fill({ role: 'USER', content: 'hi' });
    const stop = Array(200_000).fill('x');
    for (const input of [{ messages }, { messages: messages.slice(1), stop }]) {
      const [result] = await run(server, { query: COMPLETE, variables: { input } });
      const path = expect.stringMatching(/^input\.(messages|stop)\.\d+/);
      expect(result?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path });
    }
  });

  test('variables that are 3,000 deep are a clean error', async () => {
    const server = await startServer();
    const input = JSON.parse(`{"messages":${'['.repeat(3000)}${']'.repeat(3000)}}`);
    expect(await codeOf(run, server, { query: COMPLETE, variables: { input } })).toBe('BAD_USER_INPUT');
    expect(server.errors()).toEqual([]);
  });
});

describe('a refused document', () => {
  test.for([
    ['the default limits', {}],
    ['the widest limits', { maxQueryBytes: 1_000_000, maxQueryTokens: 20_000, maxDepth: 100, maxAliases: 100_000 }],
  ] as const)('is a clean error under %s', async ([, limits]) => {
    const server = await startServer({ config: { limits } });
    for (const query of Object.values(refused)) {
      const [result] = await overPost(server, { query });
      const [error] = result?.errors ?? [];
      expect(error?.extensions?.code).toMatch(/^(DOCUMENT_TOO_LARGE|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/);
      expect(result?.data).toBeUndefined();
    }
    expect(server.errors()).toEqual([]);
  });
});

test('2,000 distinct documents leave the heap bounded', async () => {
  const { app } = await startServer();
  async function ask(query: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query, operationName: 'Q0' });
    const response = await app.fetch('http://localhost/graphql', { method: 'POST', headers, body });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  }
  const before = heapInUse();
  for (let at = 0; at < 1000; at++) {
    await ask(`${repeat(190, (operation) => `query Q${operation} { __typename }`)} #${at}`);
    await ask(`query Q0 { __typename } #${at}${'\n#'.repeat(8000)}`);
  }
  expect(heapInUse() - before).toBeLessThan(60_000_000);
}, 120_000);
