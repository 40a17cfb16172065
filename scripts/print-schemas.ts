import { writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { printConfigSchema } from '../src/config/json-schema.ts';
import { schema } from '../src/schema/index.ts';

// Both files are committed, and a test compares them with what the code says.
writeFileSync('schema.graphql', `${printSchema(schema)}\n`);
writeFileSync('modelql.schema.json', printConfigSchema());
