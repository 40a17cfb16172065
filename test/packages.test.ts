import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const { dependencies, devDependencies } = read('package.json') as Record<string, Record<string, string>>;
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).flatMap(([path, { version, license, dev = false, devOptional = false }]) =>
  path === '' ? [] : { name: path.split('node_modules/').at(-1) ?? path, version, license, isDev: dev || devOptional },
);

test('every package that is asked for has one exact version', () => {
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('every package is there for all platforms in one version that the lock file knows the checksum of', () => {
  const unknown = Object.entries(packages).filter(([path, entry]) => path !== '' && !('integrity' in entry));
  expect(unknown).toEqual([]);
});

test('the packages and their licences stand in docs/packages.md', async () => {
  const table = (isDev: boolean) => {
    const byLicence = Map.groupBy(
      locked.filter((one) => one.isDev === isDev),
      ({ license = 'not told' }) => license,
    );
    return [...byLicence]
      .toSorted(([, one], [, other]) => other.length - one.length)
      .map(
        ([licence, all]) =>
          `| ${licence} | ${[...new Set(all.map(({ name, version }) => `${name} ${version}`))].join(', ')} |`,
      )
      .join('\n');
  };
  await expect(`# Packages

What the server runs on, and what only its development needs, by licence. Every version is exact, and the lock file holds the checksum of each. This page is written by a test, which fails when the lock file says something else; \`npm audit\` tells of advisories.

## The server

${Object.keys(dependencies ?? {}).length} packages are asked for, ${locked.filter(({ isDev }) => !isDev).length} come.

| licence | packages |
| --- | --- |
${table(false)}

## Development

${Object.keys(devDependencies ?? {}).length} packages are asked for, ${locked.filter(({ isDev }) => isDev).length} come; those for other platforms are among them.

| licence | packages |
| --- | --- |
${table(true)}
`).toMatchFileSnapshot('../docs/packages.md');
});
