import * as z from 'zod';

/** A key and the name that the log has for it. */
export interface Key {
  readonly name: string;
  readonly key: string;
  /** Whether the name is only the number of its place. */
  readonly isNumbered?: boolean;
  /** Whether its owner may read the metrics. */
  readonly metrics: boolean;
}

const KeyText = z.string().regex(/^[\x21-\x7e]+$/, 'expected a key of visible ASCII characters, without spaces');
const KeyName = z.string().regex(/^[\w.@-]{1,100}$/, 'expected a name of letters, digits and . _ - @');

const Keys = z
  .array(z.union([KeyText, z.strictObject({ name: KeyName, key: KeyText, metrics: z.boolean().default(false) })]))
  .default([])
  .describe(
    'Callers need one of these keys. With a name, that is what the log calls its owner; otherwise key-1, key-2, …, which stays as long as the process runs. With `metrics`, it reads /metrics too.',
  )
  .transform((entries): Key[] =>
    entries.map((entry, at) =>
      typeof entry === 'string' ? { name: `key-${at + 1}`, isNumbered: true, key: entry, metrics: false } : entry,
    ),
  )
  .refine((keys) => isUnique(keys.map(({ name }) => name)), 'two of the keys have the same name')
  .refine((keys) => isUnique(keys.map(({ key }) => key)), 'two of the keys are the same');

export const Auth = z.strictObject({
  keys: Keys,
  open: z.boolean().default(false).describe('True allows a host other than loopback without keys.'),
});

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
