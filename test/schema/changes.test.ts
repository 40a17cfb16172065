import { readFileSync } from 'node:fs';
import { buildSchema, findSchemaChanges, SafeChangeType } from 'graphql';
import { expect, test } from 'vitest';

/** The schema of the last release, or, before the first one, the one that clients were written against. */
const released = readFileSync('test/schema/released.graphql', 'utf8');
const current = readFileSync('schema.graphql', 'utf8');

/** What is not safe for clients that were generated from the older one, a sentence each. */
function findUnsafeChanges(older: string, newer: string): string[] {
  const safe: readonly string[] = Object.values(SafeChangeType);
  return findSchemaChanges(buildSchema(older), buildSchema(newer))
    .filter(({ type }) => !safe.includes(type))
    .map(({ description }) => description);
}

test('has each change since the last release that may break a client in the changelog, word for word', () => {
  const [, unreleased = ''] =
    /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  expect(unreleased).not.toBe('');
  const said = unreleased.replaceAll('`', '');
  expect(findUnsafeChanges(released, current).filter((change) => !said.includes(change))).toEqual([]);
});

test.for([
  ['  rawFinishReason:', '  reason:', 'Field ChatFinished.rawFinishReason was removed.'],
  ['  kind: ModelKind!', '  kind: ModelKind', 'Field Model.kind changed type from ModelKind! to ModelKind.'],
  ['  count: Int = 1', '  count: Int!', 'Field GenerateImageInput.count changed type from Int to Int!.'],
  [' | ChatFailed\n', ' | ChatFailed | Model\n', 'Model was added to union type ChatEvent.'],
] as const)('tells that %j may not become %j without it', ([older, newer, change]) => {
  expect(findUnsafeChanges(current, current.replace(older, newer))).toEqual([change]);
});
