import { expect } from 'vitest';
import type { TestServer } from './server.ts';

export interface MetricFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** Reads the text format of Prometheus. @throws for what breaks it, metric by metric */
export function parseExposition(text: string): Map<string, MetricFamily> {
  const families = new Map<string, MetricFamily>();
  let current = '';
  let help = '';
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP') help = rest;
    else if (keyword === 'TYPE') {
      if (families.has(name)) throw new Error(`${name} is there twice`);
      families.set(name, { type: rest, help, samples: [] });
      current = name;
    } else if (line !== '') families.get(current)?.samples.push(toSample(line, current, families.get(current)?.type));
  }
  for (const [name, { type, samples }] of families) {
    const series = samples.map((sample) => JSON.stringify([sample.name, sample.labels]));
    if (new Set(series).size < series.length) throw new Error(`${name} has a series twice`);
    if (type === 'histogram') checkBuckets(name, samples);
  }
  return families;
}

function toSample(line: string, family: string, type: string | undefined): Sample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  const suffixes =
    type === 'histogram' ? ['_bucket', '_sum', '_count'] : type === 'summary' ? ['', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === family + suffix)) throw new Error(`expected a sample of ${family}: ${line}`);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (Number.isNaN(number) && !/^NaN$/i.test(value)) throw new Error(`expected a number: ${line}`);
  return { name, labels: toLabels(labels, line), value: number };
}

function toLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined || name in labels) throw new Error(`expected labels: ${line}`);
    labels[name] = value;
  }
  return labels;
}

/** Buckets rise, the last holds all. */
function checkBuckets(family: string, samples: readonly Sample[]): void {
  const bySeries = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const [series, own] of bySeries) {
    const buckets = own.filter(({ name }) => name.endsWith('_bucket'));
    const counts = buckets.map(({ value }) => value);
    const count = own.find(({ name }) => name.endsWith('_count'))?.value;
    const isRising = counts.every((value, at) => value >= (counts[at - 1] ?? 0));
    if (!isRising || buckets.at(-1)?.labels.le !== '+Inf' || counts.at(-1) !== count) {
      throw new Error(`${family} has buckets that do not add up: ${series}`);
    }
  }
}

export async function scrape({ url }: Pick<TestServer, 'url'>, headers = {}): Promise<Map<string, MetricFamily>> {
  const response = await fetch(url.replace(/graphql$/, 'metrics'), { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseExposition(await response.text());
}

/** The values of a metric's series that have these labels, by the others, such as `{"code":"OK"}`. */
export function valuesOf(
  families: ReadonlyMap<string, MetricFamily>,
  name: string,
  wanted: Readonly<Record<string, string>> = {},
): Record<string, number> {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  if (!family) throw new Error(`There is no metric ${name}`);
  const samples = family.samples.filter(
    (sample) =>
      sample.name === name && Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
  );
  return Object.fromEntries(
    samples.map(({ labels, value }) => {
      const others = Object.entries(labels).filter(([label]) => !(label in wanted));
      return [others.map(([label, text]) => `${label}=${text}`).join(' '), value];
    }),
  );
}
