import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { Config } from '../../src/config/schema.ts';
import type { EnvironmentProxies } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';

export interface TestServer {
  readonly app: App;
  /** The GraphQL endpoint. */
  readonly url: string;
  /** The same for WebSockets. */
  readonly webSocketUrl: string;
  /** What was logged, a parsed line each. */
  readonly log: readonly Record<string, unknown>[];
  /** Everything logged at the level of errors. */
  errors(): readonly Record<string, unknown>[];
}

export interface TestServerOptions {
  /** As in the configuration file. ELIZA does not pause between words unless it says so. */
  readonly config?: { readonly providers?: object; readonly [section: string]: unknown };
  /** Serves the built pages too. */
  readonly pages?: boolean;
  /** Instead of the configured providers. */
  readonly providers?: readonly Provider[];
  readonly environmentProxies?: EnvironmentProxies;
}

/** Starts the server on a free port, until the test has finished. */
export async function startServer({
  config = {},
  pages = false,
  providers,
  environmentProxies = {},
}: TestServerOptions = {}): Promise<TestServer> {
  const log: Record<string, unknown>[] = [];
  const parsed = Config.parse({ ...config, providers: { local: { wordDelayMs: 0 }, ...config.providers } });
  const app = await createApp({
    config: parsed,
    log: pino({ level: 'debug', base: null }, { write: (line: string) => log.push(JSON.parse(line)) }),
    environmentProxies,
    ...(pages ? { pages: join(import.meta.dirname, '../../web/dist') } : {}),
    ...(providers ? { providers } : {}),
  });
  const { server } = app;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await app.stop();
  });
  const { port } = server.address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}${parsed.server.path}/graphql`,
    webSocketUrl: `ws://127.0.0.1:${port}${parsed.server.path}/graphql`,
    log,
    errors: () => log.filter(({ level }) => Number(level) >= 50),
  };
}
