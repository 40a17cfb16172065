export const repeat = (times: number, piece: (at: number) => string) =>
  Array.from({ length: times }, (_, at) => piece(at)).join(' ');

/** Fragments of which each holds this selection, where F is the next one. */
const fragments = (count: number, selection: string, last = 'id') =>
  `{ models { ...F0 } } ${repeat(count, (at) => `fragment F${at} on Model { ${selection.replaceAll('F', `F${at + 1}`)} }`)}
  fragment F${count} on Model { ${last} }`;

/** Documents that have to be refused, and cheaply. */
export const refused: Readonly<Record<string, string>> = {
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
