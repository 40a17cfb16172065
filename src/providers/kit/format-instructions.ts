import type { ChatMessage, ResponseFormat } from '../chat.ts';
import { textOf } from './prompt.ts';

/** The formats of an answer that a server can be asked for. */
export type Formats = readonly ('json_object' | 'json_schema')[];

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
