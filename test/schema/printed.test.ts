import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type GraphQLArgument,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { printConfigSchema } from '../../src/config/json-schema.ts';
import { schema } from '../../src/schema/index.ts';

test('is printed in schema.graphql as it is', () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(`${printSchema(schema)}\n`);
});

test('has the schema of its configuration in modelql.schema.json', () => {
  expect(readFileSync('modelql.schema.json', 'utf8')).toBe(printConfigSchema());
});

test('describes every type, field, argument and enum value', () => {
  const undescribed: string[] = [];
  const check = (name: string, { description }: { description?: string | null | undefined }) => {
    if (!description?.trim()) undescribed.push(name);
  };
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  for (const type of types) {
    check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
      for (const argument of args) check(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  expect(types.length).toBeGreaterThan(20);
  expect(undescribed).toEqual([]);
});

test('stands on one copy of graphql, of the newest major version', () => {
  const listed = execFileSync('npm', ['ls', 'graphql', '--all', '--parseable', '--long'], { encoding: 'utf8' });
  const copies = new Set(
    listed
      .split('\n')
      .filter((line) => line.includes('graphql@'))
      .map((line) => line.split(':')[1]),
  );
  expect([...copies].filter((copy) => copy?.startsWith('graphql@'))).toEqual([expect.stringMatching(/^graphql@17\./)]);
});
