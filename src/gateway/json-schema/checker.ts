// A process of its own, started by checker-process.ts: no schema can stop the server here, nor take its memory.
import { createContext, Script } from 'node:vm';
import { LRUCache } from 'lru-cache';
import { type Check, TOO_SLOW } from './checker-process.ts';
import { compile } from './validator.ts';

/** By their text. Together they may be as long as sixteen of the longest. */
const compiled = new LRUCache<string, ReturnType<typeof compile>>({
  maxSize: 1_048_576,
  sizeCalculation: (_validate, text) => text.length,
});

function check({ schema, value }: Check): readonly string[] {
  try {
    const validate = compiled.get(schema) ?? compile(JSON.parse(schema));
    compiled.set(schema, validate);
    return value === undefined ? [] : validate(JSON.parse(value));
  } catch (error) {
    return [toProblem(error)];
  }
}

/** Nothing but a schema is to blame for what is thrown: one that refers to itself for ever, a pattern of no use. */
function toProblem(error: unknown): string {
  if (error instanceof RangeError) return 'it leads too deep to be checked';
  const { message } = error as Error;
  return message.length > 500 ? `${message.slice(0, 499)}…` : message;
}

const script = new Script('check()');

/** Only a script has a deadline. */
function checkInTime(message: Check): readonly string[] {
  try {
    return script.runInContext(createContext({ check: () => check(message) }), { timeout: message.deadlineMs });
  } catch {
    return [TOO_SLOW];
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // It ends with the server, not before.
process.on('message', (message: Check) => process.send?.(checkInTime(message)));
process.send?.('ready');
