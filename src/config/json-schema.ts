import * as z from 'zod';
import { Config } from './schema.ts';

/** The JSON Schema of the configuration file, for editors. */
export function printConfigSchema(): string {
  const schema = z.toJSONSchema(Config, {
    io: 'input',
    unrepresentable: 'any',
    // A string may be `${NAME}`, which is no URL before it is read.
    override: ({ jsonSchema }) => {
      delete jsonSchema.format;
    },
  });
  return `${JSON.stringify({ title: 'modelql configuration', ...schema }, null, 2)}\n`;
}
