import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Replaces `${NAME}` by what the environment has, and `${file:PATH}` by what a file holds, without the line end that
 * editors put behind it. A path is below CREDENTIALS_DIRECTORY, where systemd puts credentials, if there is one.
 */
export function fillIn(text: string, environment: NodeJS.ProcessEnv, report: (problem: string) => void): string {
  return text.replace(/\$\{(?:(file):)?([^}]*)\}/g, (whole, file: string | undefined, name: string) => {
    const found = file ? read(name, environment) : (environment[name] ?? new Error(`the environment has no '${name}'`));
    if (typeof found === 'string') return found;
    report(found.message);
    return whole;
  });
}

/** No problem tells anything of what is in it. */
function read(path: string, { CREDENTIALS_DIRECTORY: folder = '' }: NodeJS.ProcessEnv): string | Error {
  if (path === '') return new Error("expected a path, as in '${file:/run/secrets/key}'");
  const file = resolve(folder, path);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || new Error(`the file '${file}' is empty`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return new Error(`the file '${file}' cannot be read${code ? ` (${code})` : ''}`);
  }
}
