import type { Tool } from '../chat.ts';

/** What tools are called there: a name begins with a letter or `_`. */
export interface ToolNames {
  toTheirs(name: string): string;
  /** Of what the model calls. */
  toOurs(name: string): string;
}

/** Each name that does not fit gets a `_` before it, and another one as long as there is a tool of that name. */
export function createToolNames(tools: readonly Tool[]): ToolNames {
  const taken = new Set(tools.map(({ name }) => name));
  const toTheirs = (name: string) => {
    let fitted = name;
    while (!/^[A-Za-z_]/.test(fitted) || (fitted !== name && taken.has(fitted))) fitted = `_${fitted}`;
    return fitted;
  };
  const ours = new Map(tools.map(({ name }) => [toTheirs(name), name]));
  return { toTheirs, toOurs: (name) => ours.get(name) ?? name };
}
