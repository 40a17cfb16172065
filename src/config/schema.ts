import * as z from 'zod';
import { ProvidersConfig } from '../providers/index.ts';
import { Auth } from './auth.ts';
import { Cluster } from './cluster.ts';
import { Limits } from './limits.ts';
import { isLoopback } from './loopback.ts';
import { Log, Telemetry } from './telemetry.ts';

const Origin = z.string().refine(isOrigin, {
  error: 'expected an origin as browsers send it, such as https://app.example.com or app://obsidian.md',
});

/** Of the web, or of a page within an app, whose scheme is its own: of such a one URL knows no origin. */
function isOrigin(text: string): boolean {
  const { protocol = '', origin } = URL.parse(text) ?? {};
  if (/^https?:$/.test(protocol)) return origin === text;
  return origin === 'null' && /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@]+$/.test(text);
}

const PathPrefix = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*$/, 'expected a path such as /ai, without a slash at its end');

const HostName = z
  .string()
  .regex(/^([\w.-]+|\[[\da-f:.]+\])$/i, 'expected a name or an address without a port, such as models.example.com');

const Server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen on.'),
  path: PathPrefix.default('').describe(
    'The path under which everything is served, such as /ai, for a proxy that passes it on.',
  ),
  port: z.int().min(0).max(65_535).default(4000).describe('0 takes a free port.'),
  cors: z
    .strictObject({
      origins: z
        .array(Origin)
        .default([])
        .describe(
          'The origins, beside its own, whose pages may use this server: of the web, or of apps, such as app://obsidian.md.',
        ),
    })
    .prefault({}),
  hosts: z
    .array(HostName)
    .default([])
    .describe(
      'The names by which clients reach this server, without a port. A loopback host answers to loopback names and to these; any other host to every name, or to these alone where there are any.',
    ),
  trustProxy: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      'How many proxies of yours stand in front of the server: so many of the last addresses in X-Forwarded-For are believed, and limits count the clients behind them. 0: none, and the header is not read.',
    ),
  introspection: z.boolean().default(true).describe('Whether clients may ask for the schema.'),
  playground: z
    .boolean()
    .default(true)
    .describe('Whether browsers are shown the playground at /, where it has been built.'),
  graphiql: z
    .boolean()
    .default(true)
    .describe('Whether browsers are shown GraphiQL at /graphql, where it has been built.'),
});

const Defaults = z.strictObject({
  chat: z
    .string()
    .min(1)
    .default('local/eliza')
    .describe("What a chat gets that names no model: a model id, an alias, or a provider's id for its default model."),
  image: z
    .string()
    .min(1)
    .default('local/pattern')
    .describe(
      "What a picture gets that names no model: a model id, an alias, or a provider's id for its default image model.",
    ),
});

export const UNGUARDED = 'without auth.keys only a loopback host is served, unless auth.open is true';

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
    cluster: Cluster.optional().describe('Several nodes that are one server. Absent: this process is alone.'),
    telemetry: Telemetry.prefault({}).describe('Metrics and traces, for whoever runs the server.'),
    log: Log.prefault({}).describe('How and where the log is written.'),
    providers: ProvidersConfig.prefault({}).describe('The providers, by their ids.'),
  })
  .refine(isGuarded, { path: ['server', 'host'], error: UNGUARDED });

type Guards = { readonly server: { readonly host: string }; readonly auth: z.output<typeof Auth> };

/** Whether only those come in who are meant to. */
export function isGuarded({ server, auth }: Guards): boolean {
  return auth.keys.length > 0 || auth.open || isLoopback(server.host);
}

export type Config = z.output<typeof Config>;
/** As it stands in a file. */
export type ConfigInput = z.input<typeof Config>;
