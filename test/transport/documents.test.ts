import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { overPost, type Request, type Run, transports } from '../helpers/clients.ts';
import { heapInUse } from '../helpers/heap.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const repeat = (times: number, piece: (at: number) => string) =>
  Array.from({ length: times }, (_, at) => piece(at)).join(' ');

/** Models within their providers within models … */
const deep = (depth: number) =>
  `{${repeat(depth - 1, (at) => `${at % 2 ? 'provider' : 'models'} {`)} id ${'}'.repeat(depth)}`;

/** Fragments of which each holds this selection, where F is the next one. */
const fragments = (count: number, selection: string, last = 'id') =>
  `{ models { ...F0 } } ${repeat(count, (at) => `fragment F${at} on Model { ${selection.replaceAll('F', `F${at + 1}`)} }`)}
  fragment F${count} on Model { ${last} }`;

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

  test('variables that are 3,000 deep are a clean error', async () => {
    const server = await startServer();
    const input = JSON.parse(`{"messages":${'['.repeat(3000)}${']'.repeat(3000)}}`);
    expect(await codeOf(run, server, { query: COMPLETE, variables: { input } })).toBe('BAD_USER_INPUT');
    expect(server.errors()).toEqual([]);
  });
});

const refused: Readonly<Record<string, string>> = {
  'of fields 10,000 deep': '{a'.repeat(10_000) + '}'.repeat(10_000),
  'of lists 10,000 deep': `{ model(id: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { id } }`,
  'of objects 10,000 deep': `{ model(id: ${'{a:'.repeat(10_000)}1${'}'.repeat(10_000)}) { id } }`,
  'of types 10,000 deep': `query ($a: ${'['.repeat(10_000)}Int${']'.repeat(10_000)}) { __typename }`,
  'of inline fragments 10,000 deep': `{${'...{'.repeat(10_000)}__typename${'}'.repeat(10_000)}}`,
  'of brackets that are never closed': '{a(b:['.repeat(10_000),
  'of a million bytes': `{ ${'a '.repeat(500_000)} }`,
  'of 20,000 aliases': `{ ${repeat(20_000, (at) => `a${at}: __typename`)} }`,
  'of fragments that double 60 times': fragments(60, '...F ...F'),
  'of fragments that double under other names': fragments(60, 'provider { models { ...F } defaultModel { ...F } }'),
  'of introspection that doubles 60 times': `{ __schema { types { ...F0 } } } ${repeat(60, (at) => `fragment F${at} on __Type { ofType { ...F${at + 1} } enumValues { name } ...F${at + 1} }`)} fragment F60 on __Type { name }`,
  'of a chain of 1,000 fragments': fragments(1000, '...F'),
  'of a cycle of 1,000 fragments': fragments(1000, '...F', '...F0'),
  'of a cycle of 100 fragments': fragments(100, '...F', '...F0'),
  'of 990 fields that are not there': `{ ${repeat(990, (at) => `modl${at}`)} }`,
  'of 110 fields in conflict': `{ ${repeat(110, (at) => `model(id: "${at}") { id }`)} }`,
  'of introspection in introspection':
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
};

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

  test.for(Object.entries(refused))('%s costs less than 50 ms', async ([, query]) => {
    const { app } = await startServer();
    async function cost(comment: number): Promise<number> {
      const body = JSON.stringify({ query: `${query} #${comment}` });
      const headers = { 'content-type': 'application/json' };
      const before = process.cpuUsage();
      await (await app.fetch('http://localhost/graphql', { method: 'POST', headers, body })).text();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }
    const costs = [];
    for (let at = 0; at < 8; at++) costs.push(await cost(at));
    expect(Math.min(...costs)).toBeLessThan(50); // The least of them, as compilers and collectors count too.
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
});
