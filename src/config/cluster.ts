import * as z from 'zod';

const RedisUrl = z
  .url({ protocol: /^rediss?$/, error: 'expected a URL such as redis://127.0.0.1:6379, or rediss:// for TLS' })
  .refine((url) => URL.canParse(url), 'expected a URL such as redis://127.0.0.1:6379');

/** Several processes that are one server. */
export const Cluster = z.strictObject({
  redis: z
    .union([RedisUrl, z.array(RedisUrl).min(1)])
    .describe(
      'The Redis (6.2 or newer) or Valkey (7.2 or newer) through which all nodes know each other. A list: some nodes of a Redis Cluster.',
    ),
  prefix: z
    .string()
    .regex(/^[\w.:-]{1,50}$/, 'expected letters, digits and . _ : -')
    .default('modelql')
    .describe('Before the names of all keys and channels. Nodes with the same one are one server.'),
  nodeId: z
    .string()
    .regex(/^[\w.-]{1,50}$/, 'expected letters, digits and . _ -')
    .optional()
    .describe('What the log calls this node. Without it: the name of the machine.'),
});

export type Cluster = z.output<typeof Cluster>;
