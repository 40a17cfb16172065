import * as z from 'zod';
import { Config } from './schema.ts';

/** The JSON Schema of the configuration file, for editors. */
export function printConfigSchema(): string {
  const schema = z.toJSONSchema(Config, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'modelql configuration', ...schema }, null, 2)}\n`;
}
