import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Config } from '../../src/config/schema.ts';
import { load } from '../helpers/config.ts';

const read = (file: string) => readFileSync(file, 'utf8');

const manifests = parseAllDocuments(read('deploy/kubernetes/modelql.yaml'), { strict: true }).map((one) => {
  expect(one.errors).toEqual([]);
  return one.toJS();
});
const manifest = (kind: string) => manifests.find((one) => one.kind === kind);
const { services } = parse(read('compose.yaml'), { strict: true });
const unit = read('deploy/systemd/modelql.service');

/** The configurations in the files that we offer, by where they stand. */
const configurations: readonly (readonly [string, string])[] = [
  ...globSync('deploy/**/config.json').map((file) => [file, read(file)] as const),
  ['deploy/kubernetes/modelql.yaml', manifest('ConfigMap').data['config.json']],
  ...[...read('docs/deploy.md').matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = '']) => ['docs/deploy.md', text] as const,
  ),
];

/** Loads a configuration whose variables and files are all there. */
function loadFilled(text: string): Config {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const environment: Record<string, string> = {};
  const filled = text.replaceAll(/\$\{(file:)?([^}]+)\}/g, (whole, file, name) => {
    if (!file) {
      environment[name] = `value-of-${name}`;
      return whole;
    }
    writeFileSync(join(folder, basename(name)), `content-of-${basename(name)}\n`);
    return `\${file:${join(folder, basename(name))}}`;
  });
  return load(filled, { environment });
}

test('there are such configurations', () => {
  expect(new Set(configurations.map(([file]) => file)).size).toBeGreaterThanOrEqual(4);
});

test.for(configurations)('the configuration in %s is valid', ([, text]) => {
  expect(loadFilled(text).auth.keys.length).toBeGreaterThan(0);
});

describe('the unit of systemd', () => {
  const valuesOf = (name: string) =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const config = read('deploy/systemd/config.json');

  test('loads the credentials that its configuration reads', () => {
    const loaded = valuesOf('LoadCredential').map((value) => value.split(':')[0]);
    expect([...config.matchAll(/\$\{file:([^}]+)\}/g)].map(([, name]) => name)).toEqual(loaded);
    const [, steps] = read('docs/deploy.md').split('## systemd\n')[1]?.split('```') ?? [];
    expect(loaded.filter((name) => !steps?.includes(`> /etc/modelql/credentials/${name}`))).toEqual([]);
  });

  test('leaves a stop the time that it may take', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(
      loadFilled(config).limits.shutdownGraceMs + 1000,
    );
  });
});

describe('compose.yaml', () => {
  const all = Object.values(services) as { image: string; volumes: string[] }[];

  test('names an exact version of every image', () => {
    for (const { image } of all) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/);
    expect(services.modelql.image).toBe(`modelql:${JSON.parse(read('package.json')).version}`);
  });

  test('mounts what is there', () => {
    const mounted = all
      .flatMap(({ volumes }) => volumes)
      .flatMap((volume) => (volume.startsWith('./') ? [volume.split(':')[0] ?? ''] : []));
    expect(mounted.length).toBeGreaterThan(3);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('serves no port but to this machine', () => {
    for (const { ports } of Object.values(services) as { ports: string[] }[]) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('has Prometheus ask where modelql tells its metrics', () => {
    const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml'));
    const targets = scrape_configs.flatMap((job: { static_configs: { targets: string[] }[] }) =>
      job.static_configs.flatMap((one) => one.targets),
    );
    const { telemetry } = loadFilled(read('deploy/compose/config.json'));
    expect(targets).toEqual([`modelql:${(telemetry.metrics as { port: number }).port}`]);
  });

  test('leaves a stop the time that it may take', () => {
    const { limits } = loadFilled(read('deploy/compose/config.json'));
    expect(Number.parseInt(services.modelql.stop_grace_period, 10) * 1000).toBeGreaterThan(
      limits.shutdownGraceMs + 1000,
    );
  });
});

describe('compose.cluster.yaml', () => {
  const { services } = parse(read('compose.cluster.yaml'), { strict: true, merge: true });
  const nodes = Object.keys(services).filter((name) => name.startsWith('modelql-'));
  const config = () => loadFilled(read('deploy/cluster/config.json'));
  const site = read('deploy/nginx/cluster.conf');

  test('has three nodes, each with a name of its own and time to stop', () => {
    expect(nodes).toHaveLength(3);
    for (const name of nodes) {
      expect(services[name].hostname).toBe(name);
      expect(Number.parseInt(services[name].stop_grace_period, 10) * 1000).toBeGreaterThan(
        config().limits.shutdownGraceMs + 1000,
      );
    }
  });

  test('has nginx in front of all of them, on this machine alone', () => {
    expect([...site.matchAll(/^ {4}server (\S+):4000 /gm)].map(([, name]) => name)).toEqual(nodes);
    expect(services.nginx.ports).toEqual(['127.0.0.1:4000:80']);
    expect(config().server).toMatchObject({ port: 4000, trustProxy: 1 });
    for (const { ports } of [...nodes, 'valkey'].map((name) => services[name])) expect(ports).toBeUndefined();
  });

  test('has the nodes know each other through its Valkey', () => {
    expect(new URL(String(config().cluster?.redis)).hostname).toBe('valkey');
    expect(services).toHaveProperty('valkey');
  });

  test('names exact versions, and mounts what is there', () => {
    for (const { image, volumes = [] } of Object.values(services) as { image: string; volumes?: string[] }[]) {
      expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/);
      for (const volume of volumes) expect(existsSync(volume.split(':')[0] ?? '')).toBe(true);
    }
  });
});

describe('the manifests of Kubernetes', () => {
  const { spec } = manifest('Deployment').spec.template;
  const [container] = spec.containers;
  const config = () => loadFilled(manifest('ConfigMap').data['config.json']);

  test('leave a stop the time that it may take', () => {
    const [command, seconds] = container.lifecycle.preStop.exec.command;
    expect(command).toBe('sleep');
    const most = Number(seconds) * 1000 + config().limits.shutdownGraceMs + 1000;
    expect(spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(most);
  });

  test('ask for health and readiness on the port that is served', () => {
    const ports = new Map(
      container.ports.map((port: { name: string; containerPort: number }) => [port.name, port.containerPort]),
    );
    const probes = [container.livenessProbe, container.readinessProbe, container.startupProbe].map(
      ({ httpGet }) => httpGet,
    );
    expect(probes.map(({ path, port }) => [path, ports.get(port)])).toEqual([
      ['/health', 4000],
      ['/ready', 4000],
      ['/ready', 4000],
    ]);
    expect(ports.get('metrics')).toBe((config().telemetry.metrics as { port: number }).port);
  });

  test('mount what is read, and let nothing else be written than temporary files', () => {
    const mounts = container.volumeMounts as { name: string; mountPath: string; readOnly?: boolean }[];
    expect(mounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)).toEqual(['/tmp']);
    expect(mounts.map(({ name }) => name)).toEqual(spec.volumes.map(({ name }: { name: string }) => name));
    expect(container.args).toContain('/etc/modelql/config.json');
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  });

  test('have room for the files that are sent', () => {
    const tmp = spec.volumes.find(({ name }: { name: string }) => name === 'tmp');
    expect(Number.parseInt(tmp.emptyDir.sizeLimit, 10) * 2 ** 30).toBeGreaterThan(config().limits.maxMediaStoreBytes);
  });
});
