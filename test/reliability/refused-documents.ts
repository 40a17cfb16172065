import type { Request } from '../helpers/clients.ts';
import { refused } from '../helpers/refused-queries.ts';

export const many = (count: number, piece: (at: number) => string | number) =>
  Array.from({ length: count }, (_, at) => piece(at)).join(' ');

const COMPLETE = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';

/** Those that are read, as they are not too large. */
const READ = [
  'of a cycle of 100 fragments',
  'of 990 fields that are not there',
  'of 110 fields in conflict',
  'of introspection in introspection',
];

type Refused = readonly [request: Request | string, code: string];

const queries = Object.entries(refused).map(([name, query]): [string, Refused] => [
  name,
  [{ query }, READ.includes(name) ? 'GRAPHQL_VALIDATION_FAILED' : 'DOCUMENT_TOO_LARGE'],
]);

/** What is asked, as an object or as JSON, and the code with which it is refused. */
export const documents: Readonly<Record<string, Refused>> = {
  ...Object.fromEntries(queries),
  '10,000 fields deep': [
    { query: '{models{provider'.padEnd(16, ' ').repeat(5000) + '}'.repeat(10_000) },
    'DOCUMENT_TOO_LARGE',
  ],
  'of 1,000,000 tokens': [{ query: '!'.repeat(1_000_000) }, 'DOCUMENT_TOO_LARGE'],
  'of 100,000 aliases': [{ query: `{ ${many(100_000, (at) => `a${at.toString(36)}:b`)} }` }, 'DOCUMENT_TOO_LARGE'],
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
