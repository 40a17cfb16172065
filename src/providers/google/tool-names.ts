import type { Tool } from '../chat.ts';
import { toFit } from '../kit/call-ids.ts';

/** What tools are called there: a name begins with a letter or `_`. */
export interface ToolNames {
  toTheirs(name: string): string;
  /** Of what the model calls. */
  toOurs(name: string): string;
}

const MAX_NAME = 64;

/** Each name that does not fit gets a `_` before it, and another one as long as there is a tool of that name. */
export function createToolNames(tools: readonly Tool[]): ToolNames {
  const taken = new Set(tools.map(({ name }) => name));
  const ours = new Map<string, string>();
  const theirs = new Map<string, string>();

  function toFitting(name: string): string {
    let fitted = toFit(name);
    while (!/^[A-Za-z_]/.test(fitted) || (fitted !== name && taken.has(fitted)))
      fitted = `_${fitted}`.slice(0, MAX_NAME);
    return fitted;
  }

  for (const { name } of tools) {
    const fitted = toFitting(name);
    taken.add(fitted);
    ours.set(fitted, name);
    theirs.set(name, fitted);
  }
  return { toTheirs: (name) => theirs.get(name) ?? toFitting(name), toOurs: (name) => ours.get(name) ?? name };
}
