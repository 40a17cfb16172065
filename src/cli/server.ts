import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Config } from '../config/schema.ts';
import type { ModelKind, Provider } from '../providers/provider.ts';
import type { Address } from './api.ts';
import { Failed } from './failed.ts';

/** Of a server of its own. */
export interface OwnServerFlags {
  readonly config?: string;
  /** Whether that looks for keys and an Ollama where there is no configuration. */
  readonly detect?: boolean;
}

/** Which server is asked. */
export interface ServerFlags extends OwnServerFlags {
  readonly url?: string;
  readonly key?: string;
}

/** The server that the flags name, or one that lives as long as it is used. @throws Failed */
export async function openServer(
  flags: ServerFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Address & AsyncDisposable> {
  const { url, key } = flags;
  if (url) return { url, key, async [Symbol.asyncDispose]() {} };
  const config = await readConfig(flags, environment);
  const { app, ...server } = await startServer(config, environment);
  await app.modelsListed(AbortSignal.timeout(MODELS_MS));
  return server;
}

/** Serves until it is told to stop, as the server's own flags say. */
export async function serve(args: readonly string[]): Promise<void> {
  process.on('SIGHUP', () => {}); // Until it listens to that, which would end a process that is still loading.
  const { main } = await import('../server.ts');
  main(args);
}

/** How long models that an upstream lists are waited for. */
const MODELS_MS = 5_000;

/** The usual configuration. @throws Failed with all that is wrong with it */
async function readConfig(
  { config: flag, detect: mayDetect = true }: OwnServerFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Config> {
  const [{ detect }, { hasConfigFile, loadConfig }] = await Promise.all([
    import('../config/detect.ts'),
    import('../config/load.ts'),
  ]);
  const file = flag || undefined;
  const detected = mayDetect && !hasConfigFile(file) ? (await detect({ environment })).config : undefined;
  return orFailed(async () => loadConfig({ file, detected, host: '127.0.0.1', port: '0', environment }));
}

/** The whole server, in this process: on a free port, with a key that nobody else knows. @throws Failed */
async function startServer(config: Config, environment: NodeJS.ProcessEnv, providers?: readonly Provider[]) {
  const [{ createApp }, { readOtel }, { readProxies }] = await Promise.all([
    import('../app.ts'),
    import('../config/otel.ts'),
    import('../config/proxies.ts'),
  ]);
  const key = randomUUID();
  const app = await orFailed(() =>
    createApp({
      config: { ...config, auth: { keys: [{ name: 'terminal', key, metrics: false }], open: false } },
      log: pino({ level: environment.LOG_LEVEL || 'error', base: null }, pino.destination({ fd: 2, sync: true })),
      environmentProxies: readProxies(environment),
      otel: readOtel(environment),
      ...(providers && { providers }),
    }),
  );
  const { server } = app;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    app,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${config.server.path}/graphql`,
    key,
    async [Symbol.asyncDispose]() {
      server.close();
      await app.stop();
      server.closeAllConnections();
    },
  };
}

async function orFailed<T>(work: () => Promise<T>): Promise<T> {
  const { ConfigError } = await import('../config/load.ts');
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Failed(`cannot start a server of its own:\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** What is wrong with a provider: a `FailureCode`, `NO_MODELS`, or the code of an error of the API. */
export interface Problem {
  readonly code: string | null;
  readonly message: string;
}

/** What came of asking a provider for its models. */
export interface CheckedProvider {
  readonly id: string;
  /** The `type` of its entry, or `built in`. */
  readonly type: string;
  /** Of its address the host alone: the rest may hold a secret. */
  readonly host: string | null;
  readonly working: boolean;
  readonly models: { readonly chat: number; readonly image: number };
  /** The model that was chatted with. */
  readonly chatModel: string | null;
  /** How long it took to answer; null where it was not asked. */
  readonly ms: number | null;
  readonly problem: Problem | null;
}

/** A server of its own, with what its providers list, each within `timeoutMs`. @throws Failed */
export async function openCheckedServer(
  flags: OwnServerFlags,
  timeoutMs: number,
  environment: NodeJS.ProcessEnv,
): Promise<Address & AsyncDisposable & { readonly providers: readonly CheckedProvider[] }> {
  const config = await readConfig(flags, environment);
  const [{ createProvider, enabledEntries }, { readProxies }] = await Promise.all([
    import('../providers/index.ts'),
    import('../config/proxies.ts'),
    import('../app.ts'), // Loaded first: it takes its time, which is not that of a provider.
  ]);
  const settings = { limits: config.limits, environmentProxies: readProxies(environment) };
  const asked = await Promise.all(
    enabledEntries(config.providers).map(async ([id, entry]) => {
      const provider = await createProvider(id, entry, settings); // It asks for its models at once.
      return { provider, checked: checkModels(provider, entry, timeoutMs) };
    }),
  );
  const providers = asked.map(({ provider }) => provider);
  try {
    const { app: _app, ...server } = await startServer(unlimited(config), environment, providers);
    return { ...server, providers: await Promise.all(asked.map(({ checked }) => checked)) };
  } catch (error) {
    await Promise.all(providers.map((provider) => provider.close?.()));
    throw error;
  }
}

/** All providers are asked at once, whatever callers may do. */
function unlimited(config: Config): Config {
  const many = 10_000;
  const streams = { maxStreams: many, maxStreamsPerConnection: many, maxStreamsPerKey: 0, requestsPerMinute: 0 };
  return { ...config, limits: { ...config.limits, ...streams } };
}

async function checkModels(provider: Provider, options: object, timeoutMs: number): Promise<CheckedProvider> {
  const { id, working, refreshModels } = provider;
  const { type = 'built in', baseUrl } = options as { readonly type?: string; readonly baseUrl?: string };
  const begin = performance.now();
  const isInTime = await settlesWithin(timeoutMs, provider.modelsListed);
  const count = (wanted: ModelKind) => provider.models.filter(({ kind }) => kind === wanted).length;
  const late = { code: 'TIMEOUT', message: `${provider.name} did not list its models within ${timeoutMs / 1000} s` };
  return {
    id,
    type,
    host: URL.parse(baseUrl ?? '')?.host ?? null,
    working,
    models: { chat: count('CHAT'), image: count('IMAGE') },
    chatModel: null,
    ms: refreshModels ? Math.round(performance.now() - begin) : null,
    problem: isInTime ? problemOf(provider) : late,
  };
}

async function settlesWithin(ms: number, work: Promise<void> | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const done = Promise.resolve(work).then(() => true);
  return Promise.race([done, promise]).finally(() => clearTimeout(timer));
}

function problemOf({ name, models, modelsProblem, modelsFailure }: Provider): Problem | null {
  if (modelsProblem) return { code: modelsFailure ?? null, message: modelsProblem };
  return models.length > 0 ? null : { code: 'NO_MODELS', message: `${name} lists no model that chats or draws` };
}
