import { readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import jsonc from 'jsonc-parser';

// The files that are named on the command line.

/** One that goes along with a question, behind those that were named before it. @throws InvalidArgumentError */
export function addAttachment(file: string, before: readonly string[] = []): readonly string[] {
  if (attempt(() => statSync(file).isFile() && statSync(file).size > 0)) return [...before, file];
  throw new InvalidArgumentError('Expected a file that is not empty.');
}

/** A JSON Schema; whether it is one, the server says. @throws InvalidArgumentError */
export function readSchema(file: string): unknown {
  const text = attempt(() => readFileSync(file, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON, at ${file}:${placeOfError(text)}: ${(error as Error).message}`);
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read: ${(error as Error).message}`);
  }
}

/** The line and the column, which V8 does not tell of every error. */
function placeOfError(text: string): string {
  const errors: jsonc.ParseError[] = [];
  jsonc.parse(text, errors, { disallowComments: true });
  const before = text.slice(0, errors[0]?.offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
