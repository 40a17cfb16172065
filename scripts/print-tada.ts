import { readFileSync } from 'node:fs';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

// schema.graphql as gql.tada reads it. Its own command for this needs the API of TypeScript 6.
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const introspection = minifyIntrospection(introspectionFromSchema(schema));
process.stdout.write(outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true }));
