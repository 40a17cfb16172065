import { InvalidArgumentError } from 'commander';
import jsonc from 'jsonc-parser';
import { readBytes } from './attachment.ts';

/** A JSON Schema. Whether it is one, the server says. @throws InvalidArgumentError */
export function readSchema(file: string): unknown {
  const text = Buffer.from(readBytes(file))
    .toString()
    .replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column } = placeOfError(text);
    throw new InvalidArgumentError(`It is no JSON, at ${file}:${line}:${column}: ${(error as Error).message}`);
  }
}

/** V8 does not tell it of every error. */
function placeOfError(text: string): { readonly line: number; readonly column: number } {
  const errors: jsonc.ParseError[] = [];
  jsonc.parse(text, errors, { disallowComments: true });
  const before = text.slice(0, errors[0]?.offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
