import type { ResponseFormat } from '../chat.ts';
import type { Formats } from '../kit/format-instructions.ts';

/** `response_format`, as far as a server has what is asked for; undefined for text, and where it has nothing of it. */
export function toResponseFormat(format: ResponseFormat | undefined, formats: Formats): object | undefined {
  if (format?.type === 'JSON_SCHEMA' && formats.includes('json_schema')) {
    const { name = 'answer', description, schema, strict } = format;
    return { type: 'json_schema', json_schema: { name, schema, strict, description } };
  }
  return format && format.type !== 'TEXT' && formats.includes('json_object') ? { type: 'json_object' } : undefined;
}
