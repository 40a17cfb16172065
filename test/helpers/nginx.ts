import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setDefaultCACertificates } from 'node:tls';
import { onTestFinished } from 'vitest';
import { tls } from './tls.ts';

/** Debian puts it where only root looks. */
export const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find((file) => existsSync(file));
/** Why tests are skipped where it is not. */
export const NO_NGINX = 'there is no nginx here: apt-get install nginx-light';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../deploy/nginx', name), 'utf8');
const SITE = read('modelql.conf');
const CLUSTER_SITE = read('cluster.conf');

export interface Nginx {
  /** The GraphQL endpoint behind it. */
  readonly url: string;
  readonly webSocketUrl: string;
  /** Where it sends everyone to https. */
  readonly plainUrl: string;
  /** Has it read its configuration anew: until new workers serve, and the old ones take nothing new. */
  reload(): Promise<void>;
}

/**
 * Runs nginx with deploy/nginx/modelql.conf in front of a server, as the current user, until the test has finished.
 * Ports and certificates are put in, and nothing else. This process trusts those certificates from then on.
 */
export async function startNginx(server: { readonly url: string }): Promise<Nginx> {
  const { host, pathname } = new URL(server.url);
  setDefaultCACertificates([tls.authority]);
  const prefix = mkdtempSync(join(tmpdir(), 'nginx-'));
  onTestFinished(() => rmSync(prefix, { recursive: true }));
  for (const [name, content] of [
    ['issued.pem', tls.issued.cert],
    ['key.pem', tls.issued.key],
  ] as const) {
    writeFileSync(join(prefix, name), content);
  }
  const [port, plainPort] = await freePorts();
  writeFileSync(join(prefix, 'modelql.conf'), fill(SITE, { host, port, plainPort }));
  writeFileSync(join(prefix, 'nginx.conf'), MAIN);
  const { seen } = run(prefix);
  await seen(/start worker process \d/);
  return {
    url: `https://127.0.0.1:${port}${pathname}`,
    webSocketUrl: `wss://127.0.0.1:${port}${pathname}`,
    plainUrl: `http://127.0.0.1:${plainPort}${pathname}`,
    async reload() {
      const told = seen(/gracefully shutting down/);
      const { status, stderr } = spawnSync(NGINX ?? '', [...argumentsFor(prefix), '-s', 'reload'], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      await told;
    },
  };
}

/**
 * The same with deploy/nginx/cluster.conf in front of three nodes, over HTTP.
 * @returns the GraphQL endpoint behind it
 */
export async function startClusterNginx(nodes: readonly { readonly url: string }[]): Promise<string> {
  const prefix = mkdtempSync(join(tmpdir(), 'nginx-'));
  onTestFinished(() => rmSync(prefix, { recursive: true }));
  const [port] = await freePorts();
  const filled = nodes.reduce(
    (site, { url }, at) => site.replace(`modelql-${at + 1}:4000`, new URL(url).host),
    CLUSTER_SITE.replace('listen 80;', `listen 127.0.0.1:${port};`),
  );
  writeFileSync(join(prefix, 'modelql.conf'), filled);
  writeFileSync(join(prefix, 'nginx.conf'), MAIN);
  await run(prefix).seen(/start worker process \d/);
  return `http://127.0.0.1:${port}/graphql`;
}

/** As Debian's has it, in a folder of its own. */
const MAIN = `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join(' ')}
  access_log off;
  gzip on;
  include modelql.conf;
}
`;

function fill(site: string, { host, port, plainPort }: { host: string; port: number; plainPort: number }): string {
  const filled = site
    .replaceAll('127.0.0.1:4000', host)
    .replaceAll(/listen \[::\]:\d+.*;/g, '') // Not everywhere is there an IPv6.
    .replaceAll('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replaceAll('listen 443 ', `listen 127.0.0.1:${port} `)
    .replaceAll(/\/etc\/letsencrypt\/\S+fullchain\.pem/g, 'issued.pem')
    .replaceAll(/\/etc\/letsencrypt\/\S+privkey\.pem/g, 'key.pem');
  return filled;
}

const argumentsFor = (prefix: string) => ['-p', prefix, '-c', 'nginx.conf', '-e', 'stderr'];

function run(prefix: string) {
  const child = spawn(NGINX ?? '', argumentsFor(prefix), { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<{ pattern: RegExp; resolve(): void }>();
  const closed = new Promise<never>((_resolve, reject) => {
    child.once('close', () => reject(new Error(`nginx has ended:\n${lines.join('\n')}`)));
  });
  closed.catch(() => {}); // It ends with the test.
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    for (const one of waiting) if (one.pattern.test(line)) one.resolve();
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed.catch(() => {});
  });
  /** Waits for a line of its log that is to come. */
  const seen = (pattern: RegExp) =>
    Promise.race([closed, new Promise<void>((resolve) => waiting.add({ pattern, resolve }))]);
  return { seen };
}

/** Two that nobody listened at a moment ago: nginx takes no free port by itself. */
async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()] as const;
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port) as [number, number];
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [one, other];
}
