import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHostCheck } from './host.ts';
import type { Exposition } from './metrics.ts';
import { badRequest, endResponse } from './refusal.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly exposition: Exposition;
  readonly stats: TransportStats;
  reportBug(error: unknown): void;
}

/** `/metrics` on a port of its own, for everyone who reaches that. */
export interface MetricsServer {
  /** Resolves with the URL. @throws Error where it cannot listen there */
  listen(): Promise<string>;
  close(): void;
}

const PATH = '/metrics';
/** Nobody who asks for metrics has anything to send. */
const REQUEST_MS = 10_000;
const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);
const NOTHING = badRequest(`Expected a GET of ${PATH}`, 404);

export function createMetricsServer(options: MetricsServerOptions): MetricsServer {
  const { host, port, exposition, stats, reportBug } = options;
  // The names of the other port are not those of this one: a collector calls it by whatever reaches it.
  const checkHost = createHostCheck({ host, hosts: [] });
  const server = createServer({ headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    const misplaced = checkHost(request);
    if (misplaced) countRefusal(stats, 'host', misplaced.code);
    const isAsked = METHODS.has(request.method) && request.url?.split('?', 1)[0] === PATH;
    const refusal = misplaced ?? (isAsked ? undefined : NOTHING);
    if (refusal) return endResponse(response, refusal);
    answer(response, exposition).catch((error: unknown) => {
      reportBug(error);
      response.writeHead(500).end();
    });
  });

  return {
    async listen() {
      server.listen(port, host);
      await once(server, 'listening').catch((error: Error) => {
        throw new Error(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
      });
      return `${urlOf(server)}${PATH}`;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(response: ServerResponse, { contentType, read }: Exposition): Promise<void> {
  const text = await read();
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
