import type { ChatMessage, ResponseFormat } from '../chat.ts';
import { textOf } from '../kit/prompt.ts';
import type { ChatDialect } from './chat-dialect.ts';

type Formats = ChatDialect['responseFormats'];

/** `response_format`, as far as a server has what is asked for; undefined for text, and where it has nothing of it. */
export function toResponseFormat(format: ResponseFormat | undefined, formats: Formats): object | undefined {
  if (format?.type === 'JSON_SCHEMA' && formats.includes('json_schema')) {
    const { name = 'answer', description, schema, strict } = format;
    return { type: 'json_schema', json_schema: { name, schema, strict, description } };
  }
  return format && format.type !== 'TEXT' && formats.includes('json_object') ? { type: 'json_object' } : undefined;
}

/**
 * A history with what has to be told in words of the answer's format: a schema that the server does not take, and that
 * it is to be JSON, which servers demand, as a model that is not told so may write blanks without end.
 */
export function withFormatInstructions(
  messages: readonly ChatMessage[],
  format: ResponseFormat | undefined,
  formats: Formats,
): readonly ChatMessage[] {
  const text = toInstructions(messages, format, formats);
  if (text === undefined) return messages;
  const [first, ...others] = messages;
  if (first?.role !== 'SYSTEM') return [{ role: 'SYSTEM', parts: [{ type: 'text', text }] }, ...messages];
  return [{ role: 'SYSTEM', parts: [...first.parts, { type: 'text', text: `\n\n${text}` }] }, ...others];
}

function toInstructions(messages: readonly ChatMessage[], format: ResponseFormat | undefined, formats: Formats) {
  if (format?.type === 'JSON_SCHEMA' && !formats.includes('json_schema')) {
    const { description, schema } = format;
    const what = description === undefined ? '' : `\nWhat it is: ${description}`;
    return `Answer in JSON alone, without a code block, that holds to this JSON Schema:\n${JSON.stringify(schema)}${what}`;
  }
  const isTold = messages.some((message) => /json/i.test(textOf(message)));
  return format?.type === 'JSON' && !isTold ? 'Answer in JSON alone, without a code block.' : undefined;
}
