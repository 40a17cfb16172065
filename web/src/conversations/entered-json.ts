// JSON that people write by hand: what it says, or what is wrong with it, and where.
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { ToolInput } from '../gql/graphql.ts';

import type { Parsed } from './settings.ts';

const found = <Value>(value: Value): Parsed<Value> => ({ value, problem: null });
const wrong = (problem: string): Parsed<never> => ({ value: null, problem });

/** A list of tools; nothing at all is none. */
export function parseTools(text: string): Parsed<readonly ToolInput[]> {
  if (text.trim() === '') return found([]);
  const { value, problem } = parseJson(text);
  if (problem !== null) return wrong(problem);
  if (!Array.isArray(value)) return wrong(`expected a list, [ … ], got ${sortOf(value)}`);
  const names = new Set<unknown>();
  for (const [at, tool] of value.entries()) {
    const wrongTool = problemOfTool(tool) ?? (names.has(tool.name) ? `name: '${tool.name}' is there twice` : null);
    if (wrongTool !== null) return wrong(`[${at}]${wrongTool.startsWith('expected') ? ': ' : '.'}${wrongTool}`);
    names.add(tool.name);
  }
  return found(value as ToolInput[]);
}

/** A JSON Schema, as far as can be told without compiling it, which the server does. */
export function parseSchema(text: string): Parsed<unknown> {
  if (text.trim() === '') return wrong('expected a JSON Schema, such as { "type": "object", "properties": { … } }');
  const parsed = parseJson(text);
  if (parsed.problem !== null) return parsed;
  return isObject(parsed.value) ? parsed : wrong(`expected a JSON Schema, { … }, got ${sortOf(parsed.value)}`);
}

/** What each field of a tool is to be. */
const FIELDS: Readonly<Record<keyof ToolInput, { readonly expected: string; holds(value: unknown): boolean }>> = {
  name: {
    expected: '1 to 64 of the characters a-z, A-Z, 0-9, _ and -',
    holds: (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
  },
  description: { expected: 'a text', holds: (value) => typeof value === 'string' },
  parameters: {
    expected: 'a JSON Schema of an object, { "type": "object", … }',
    holds: (value) => isObject(value) && (value.type === undefined || value.type === 'object'),
  },
  strict: { expected: 'true or false', holds: (value) => typeof value === 'boolean' },
};
const NAMES = Object.keys(FIELDS) as readonly (keyof ToolInput)[];

function problemOfTool(tool: unknown): string | null {
  if (!isObject(tool)) return `expected a tool, { "name": … }, got ${sortOf(tool)}`;
  const unknown = Object.keys(tool).find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown !== undefined) return `${unknown}: there is no such field; a tool has ${NAMES.join(', ')}`;
  const broken = NAMES.find((name) => (name === 'name' || name in tool) && !FIELDS[name].holds(tool[name]));
  return broken === undefined ? null : `${broken}: expected ${FIELDS[broken].expected}`;
}

function parseJson(text: string): Parsed<unknown> {
  try {
    return found(JSON.parse(text) as unknown);
  } catch (error) {
    return wrong(firstMistake(text) ?? String((error as Error).message));
  }
}

/** With its place as editors show it, which browsers do not tell. */
function firstMistake(text: string): string | null {
  const mistakes: ParseError[] = [];
  parse(text, mistakes, { disallowComments: true });
  const [first] = mistakes;
  if (!first) return null;
  const before = text.slice(0, first.offset).split('\n');
  const words = printParseErrorCode(first.error).replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${words.toLowerCase()}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sortOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
