import { LRUCache } from 'lru-cache';
import { type Check, createCheckerProcess, TOO_SLOW } from './json-schema/checker-process.ts';

/**
 * Compiles JSON Schemas, of draft 7 where `$schema` says so and of 2020-12 otherwise, and looks whether values hold to
 * them; bounded in time and memory, whatever a schema does, and in a process of its own. Nothing is ever fetched.
 */
export interface JsonSchemas {
  /** Why a schema cannot be compiled, in the validator's own words; undefined where it can. */
  problemOf(schema: unknown): Promise<string | undefined>;
  /**
   * Where a value breaks a schema: a JSON pointer and what was expected, for each of at most 20 problems; or why that
   * cannot be told.
   * @param value as JSON
   */
  problemsOf(value: string, schema: unknown): Promise<readonly string[]>;
  close(): void;
}

const MAX_SCHEMA_BYTES = 65_536;
/** Nearly all are checked in a few milliseconds. */
const QUICK_MS = 200;
const SLOW_MS = 2000;

export function createJsonSchemas(): JsonSchemas {
  const quick = createCheckerProcess();
  const slow = createCheckerProcess();
  /** Texts of schemas that can be compiled: who asks for one of them again does not wait. */
  const known = new LRUCache<string, true>({ maxSize: 4_194_304, sizeCalculation: (_value, text) => text.length });

  /** What takes its time is done once more elsewhere, where it holds up none but its like. */
  async function run(check: Omit<Check, 'deadlineMs'>): Promise<readonly string[]> {
    const problems = await quick.run({ ...check, deadlineMs: QUICK_MS });
    return problems[0] === TOO_SLOW ? slow.run({ ...check, deadlineMs: SLOW_MS }) : problems;
  }

  return {
    async problemOf(schema) {
      const text = toText(schema);
      if (text === undefined) return 'expected a schema that is not as deep';
      const bytes = Buffer.byteLength(text);
      if (bytes > MAX_SCHEMA_BYTES) return `expected a schema of at most ${MAX_SCHEMA_BYTES} bytes, got ${bytes}`;
      if (known.has(text)) return undefined;
      const [problem] = await run({ schema: text });
      if (problem === undefined) known.set(text, true);
      return problem;
    },
    problemsOf: async (value, schema) => run({ schema: JSON.stringify(schema), value }),
    close() {
      quick.close();
      slow.close();
    },
  };
}

/** Undefined for what is too deep for that. */
function toText(schema: unknown): string | undefined {
  try {
    return JSON.stringify(schema);
  } catch {
    return undefined;
  }
}
