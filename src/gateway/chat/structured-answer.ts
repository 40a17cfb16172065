import type { FinishReason, ResponseFormat } from '../../providers/chat.ts';
import type { JsonSchemas } from '../json-schemas.ts';
import type { Structured } from './chat-event.ts';
import { parseModelJson } from './model-json.ts';

/** An answer that is to be JSON. */
export interface StructuredAnswer {
  /** The answer begins, or begins anew. */
  start(): void;
  add(text: string): void;
  /** What the whole text says. */
  read(reason: FinishReason): Promise<Structured> | Structured;
}

const NONE: Structured = { object: null, objectProblems: [] };
/** What ends like this is not meant to be JSON: a refusal, calls, half of it. */
const NO_ANSWERS: ReadonlySet<FinishReason> = new Set(['CONTENT_FILTER', 'CANCELLED', 'TOOL_CALLS']);

export function createStructuredAnswer(
  format: ResponseFormat = { type: 'TEXT' },
  schemas: JsonSchemas,
): StructuredAnswer {
  if (format.type === 'TEXT') return { start() {}, add() {}, read: () => NONE };
  let text = '';
  return {
    start() {
      text = '';
    },
    add(piece) {
      text += piece;
    },
    async read(reason) {
      if (NO_ANSWERS.has(reason)) return NONE;
      const json = withoutFence(text);
      const object = parseModelJson(json);
      if (object === undefined) return { object: null, objectProblems: ['The answer is no JSON'] };
      const objectProblems = format.type === 'JSON' ? [] : await schemas.problemsOf(json, format.schema);
      return { object, objectProblems };
    },
  };
}

/** Some models put their JSON into a code block. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const [fence] = /^```(?:json)?[ \t]*\r?\n/i.exec(trimmed) ?? [];
  return fence && trimmed.endsWith('```') ? trimmed.slice(fence.length, -3) : trimmed;
}
