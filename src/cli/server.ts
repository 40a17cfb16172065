import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Address } from './api.ts';
import { Failed } from './failed.ts';

/** Which server is asked. */
export interface ServerFlags {
  readonly url?: string;
  readonly key?: string;
  /** Of a server of its own. */
  readonly config?: string;
  /** Whether that looks for keys and an Ollama where there is no configuration. */
  readonly detect?: boolean;
}

/** The server that the flags name, or one that lives as long as it is used. @throws Failed */
export async function openServer(
  flags: ServerFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Address & AsyncDisposable> {
  const { url, key } = flags;
  if (url) return { url, key, async [Symbol.asyncDispose]() {} };
  return startServer(flags, environment);
}

/** Serves until it is told to stop, as the server's own flags say. */
export async function serve(args: readonly string[]): Promise<void> {
  const { main } = await import('../server.ts');
  main(args);
}

/** How long models that an upstream lists are waited for. */
const MODELS_MS = 5_000;

/** The whole server, in this process: with the usual configuration, on a free port, with a key that nobody else knows. */
async function startServer({ config: flag, detect: mayDetect = true }: ServerFlags, environment: NodeJS.ProcessEnv) {
  const [{ createApp }, { detect }, { ConfigError, hasConfigFile, loadConfig }, { readOtel }, { readProxies }] =
    await Promise.all([
      import('../app.ts'),
      import('../config/detect.ts'),
      import('../config/load.ts'),
      import('../config/otel.ts'),
      import('../config/proxies.ts'),
    ]);
  const key = randomUUID();
  try {
    const file = flag || undefined;
    const detected = mayDetect && !hasConfigFile(file) ? (await detect({ environment })).config : undefined;
    const config = loadConfig({ file, detected, host: '127.0.0.1', port: '0', environment });
    const app = await createApp({
      config: { ...config, auth: { keys: [{ name: 'terminal', key, metrics: false }], open: false } },
      log: pino({ level: environment.LOG_LEVEL || 'error', base: null }, pino.destination({ fd: 2, sync: true })),
      environmentProxies: readProxies(environment),
      otel: readOtel(environment),
    });
    const { server } = app;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    await app.modelsListed(AbortSignal.timeout(MODELS_MS));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${config.server.path}/graphql`,
      key,
      async [Symbol.asyncDispose]() {
        server.close();
        await app.stop();
        server.closeAllConnections();
      },
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Failed(`cannot start a server of its own:\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
  }
}
