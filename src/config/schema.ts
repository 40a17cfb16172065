import * as z from 'zod';
import { ProvidersConfig } from '../providers/index.ts';
import { MAX_TIMER_MS } from '../providers/options.ts';

const bytes = (standard: number) => z.int().min(1).default(standard);
const ms = (standard: number) => z.int().min(1).max(MAX_TIMER_MS).default(standard);

const Origin = z.url({ protocol: /^https?$/ }).refine((url) => !URL.canParse(url) || new URL(url).origin === url, {
  error: 'expected an origin, such as https://app.example.com',
});

const Server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen on.'),
  port: z.int().min(0).max(65_535).default(4000).describe('0 takes a free port.'),
  cors: z
    .strictObject({
      origins: z
        .array(Origin)
        .default([])
        .describe('The web origins, beside its own, whose pages may use this server.'),
    })
    .prefault({}),
});

const Auth = z.strictObject({
  keys: z
    .array(z.string().regex(/^[\x21-\x7e]+$/, 'expected a key of visible ASCII characters, without spaces'))
    .default([])
    .describe('Callers need one of these keys. None: everyone who reaches the server may use it.'),
  open: z.boolean().default(false).describe('True allows a host other than loopback without keys.'),
});

const Limits = z.strictObject({
  maxBodyBytes: bytes(1_048_576).describe('Of one request, or of one WebSocket message.'),
  maxMessages: z.int().min(1).default(1000).describe('Of one chat.'),
  maxImagesPerRequest: z.int().min(1).default(10).describe('Over all the generateImage fields of one operation.'),
  maxAnswerBytes: bytes(16_777_216).describe('Of one answer of an upstream.'),
  maxImageBytes: bytes(20_971_520).describe('Of one picture that an upstream linked to, fetched for `Image.dataUri`.'),
  connectTimeoutMs: ms(10_000).describe('To open a connection to an upstream.'),
  firstByteTimeoutMs: ms(120_000).describe('From a request to the first event of its answer.'),
  idleTimeoutMs: ms(60_000).describe('Between two events of an answer.'),
  slowReaderTimeoutMs: ms(60_000).describe(
    'How long events wait for a client that does not read, before it is let go.',
  ),
  resumeGraceMs: ms(30_000).describe(
    'How long a chat with an id of its client waits for it, and can be joined after its end.',
  ),
  keepAliveMs: ms(12_000).describe('Between two pings of a WebSocket; a client that misses one is let go.'),
  shutdownGraceMs: z
    .int()
    .min(0)
    .max(MAX_TIMER_MS)
    .default(10_000)
    .describe('How long streams may go on once a stop is asked for.'),
});

const Defaults = z.strictObject({
  chat: z
    .string()
    .min(1)
    .default('local/eliza')
    .describe('What a chat gets that names no model: a model id or an alias.'),
  image: z
    .string()
    .min(1)
    .default('local/pattern')
    .describe('What a picture gets that names no model: a model id or an alias.'),
});

/** The configuration file. Everything in it has a default. */
export const Config = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not read here.'),
    server: Server.prefault({}).describe('Where it listens, and for whom.'),
    auth: Auth.prefault({}).describe('Who may use it.'),
    limits: Limits.prefault({}).describe('Bounds in bytes, milliseconds and numbers.'),
    defaults: Defaults.prefault({}).describe('What is used where a request names no model.'),
    aliases: z
      .record(z.string().min(1), z.array(z.string().min(1)).min(1))
      .default({})
      .describe('Names of your own, each for one or more model ids, in the order in which they are tried.'),
    providers: ProvidersConfig.prefault({}).describe('The providers, by their ids.'),
  })
  .refine(({ server, auth }) => auth.keys.length > 0 || auth.open || isLoopback(server.host), {
    path: ['server', 'host'],
    error: 'without auth.keys only a loopback host is served, unless auth.open is true',
  });

export type Config = z.output<typeof Config>;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
