import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { overPost, overSse, readSse } from './helpers/clients.ts';
import { scrape } from './helpers/exposition.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { event } from './helpers/openai-server.ts';
import { isInstalled, promtool, startPrometheus } from './helpers/prometheus.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

const dashboard = JSON.parse(read('deploy/grafana/modelql.json')) as { readonly panels: readonly Panel[] };
const targets = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

interface Rule {
  readonly alert: string;
  readonly expr: string;
}
const rules = (parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

/** The metrics that an expression names. What Prometheus knows by itself is not ours. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression.replaceAll(/\{[^}]*\}/g, '').replaceAll(/\b(by|on|without) ?\([^)]*\)/g, '');
  const names = bare.match(/\b(modelql|gen_ai|process|nodejs)_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

const CHAT = 'subscription ($input: ChatInput!) { chat(input: $input) { __typename } }';
const ask = (model: string) => ({
  query: CHAT,
  variables: { input: { model, messages: [{ role: 'USER', content: 'a' }] } },
});

/** Says two pieces and what they took; `bad` is refused, and `endless` has no end. */
const play: Play = async ({ body, reply, begin, send, end }) => {
  const { model } = JSON.parse(body);
  if (model === 'bad') return reply({ status: 429, headers: { 'content-type': 'application/json' }, body: '{}' });
  await begin({ headers: { 'content-type': 'text/event-stream' } });
  await send(event({ content: 'a' }, null, { model }));
  if (model === 'endless') return;
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  await send(event({ content: 'b' }, null, { model, x: 1 }), event({}, 'stop', { model, usage }), 'data: [DONE]\n\n');
  end();
};

async function startBusyServer() {
  const upstream = await startFakeUpstream(play);
  const models = ['good', 'bad', 'endless'];
  const shop = { type: 'openai-compatible', baseUrl: upstream.url, models, attempts: 1 };
  return startServer({ config: { telemetry: { metrics: true }, providers: { shop } } });
}

/** A little of all that is counted. */
async function beBusy(server: TestServer): Promise<void> {
  await overSse(server, ask('shop/good'));
  await overSse(server, ask('shop/bad'));
  await overPost(server, { query: '{ models { id } }' });
  await overPost(server, { query: `{ ${'a'.repeat(20_000)} }` });
  const controller = new AbortController();
  const left = readSse(server, ask('shop/endless'), { signal: controller.signal });
  await left.next();
  controller.abort();
  await left.next().catch(() => {});
}

/** What stands in the tables of docs/metrics.md, by the names of metrics. */
function documented(): Record<string, { readonly type: string; readonly labels: readonly string[] }> {
  const page = read('docs/metrics.md');
  const ofCalls =
    page.match(/(?<=^\| `)gen_ai_\w+(?=` \| [^|]*\|$)|(?<=^\| `)modelql_provider(?=` \| [^|]*\|$)/gm) ?? [];
  const rows = page.matchAll(/^\| `(\w+)` \| (\w+) \| [^|]+ \| ([^|]*)\| .+ \|$/gm);
  return Object.fromEntries(
    [...rows].map(([, name = '', type = '', labels = '']) => {
      const own = labels.match(/(?<=`)\w+(?=`)/g) ?? [];
      return [name, { type, labels: [...own, ...(labels.includes('those of a call') ? ofCalls : [])].toSorted() }];
    }),
  );
}

test('every metric stands in docs/metrics.md, and every one that the dashboard or a rule names is there', async () => {
  const server = await startBusyServer();
  for (let n = 0; n < 3; n++) await beBusy(server);
  await expect
    .poll(async () => (await scrape(server)).get('modelql_let_go_seconds')?.samples.length)
    .toBeGreaterThan(0);
  const now = await scrape(server);
  const page = Object.fromEntries(
    Object.entries(documented()).filter(([name]) => !name.startsWith('modelql_cluster_')),
  );
  expect(Object.keys(page).toSorted()).toEqual([...now.keys()].toSorted());
  for (const [name, { type, samples }] of now) {
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)).filter((label) => label !== 'le'));
    expect(page[name]?.type, name).toBe(type);
    // Whether there is garbage to collect, or anything open, is up to the process.
    if (!/^nodejs_(active|gc)_/.test(name)) expect(page[name]?.labels, name).toEqual([...labels].toSorted());
  }

  const tested = read('deploy/prometheus/alerts.test.yml').matchAll(/series: (\w+)/g);
  const named = [...targets, ...rules].flatMap(({ expr }) => metricsIn(expr));
  expect(named.length).toBeGreaterThan(50);
  expect([...named, ...[...tested].flatMap(([, name]) => name ?? [])].filter((name) => !now.has(name))).toEqual([]);
});

test('no two panels of the dashboard are in one place', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { gridPos: one, id } of panels) {
    expect(one.x + one.w).toBeLessThanOrEqual(24);
    const over = panels.filter(
      ({ gridPos: other, id: theirs }) =>
        theirs !== id &&
        one.x < other.x + other.w &&
        other.x < one.x + one.w &&
        one.y < other.y + other.h &&
        other.y < one.y + one.h,
    );
    expect(over.map(({ title }) => title)).toEqual([]);
  }
});

const hasPromtool = isInstalled('promtool');
test.skipIf(!hasPromtool)(
  `the rules hold what they promise${hasPromtool ? '' : ' (skipped: promtool is not installed)'}`,
  () => {
    expect(promtool('check', 'rules', join(ROOT, 'deploy/prometheus/alerts.yml'))).toMatchObject({ status: 0 });
    const { status, said } = promtool('test', 'rules', join(ROOT, 'deploy/prometheus/alerts.test.yml'));
    expect(status, said).toBe(0);
    const config = promtool('check', 'config', join(ROOT, 'deploy/prometheus/prometheus.yml'));
    expect(config.status, config.said).toBe(0);
  },
);

const hasPrometheus = isInstalled('prometheus');
const toQuery = (expression: string) => expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
/** Of a full server there is nothing to be seen here. */
const WITHOUT_DATA = new Set(['ModelqlFull']);

test.skipIf(!hasPrometheus)(
  `a real Prometheus has something for every panel, under the labels that it shows, and evaluates every rule${hasPrometheus ? '' : ' (skipped: it is not installed)'}`,
  { timeout: 60_000 },
  async () => {
    const server = await startBusyServer();
    const { query } = await startPrometheus(new URL(server.url).host);
    const withoutData = async () => {
      await beBusy(server);
      const found = targets.map(async ({ title, expr }) => [title, await query(toQuery(expr))] as const);
      return (await Promise.all(found)).flatMap(([title, series]) => (series.length === 0 ? title : []));
    };
    await expect.poll(withoutData, { timeout: 30_000 }).toEqual([]);

    for (const { title, expr, legendFormat } of targets) {
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      for (const { metric } of await query(toQuery(expr))) {
        expect(Object.keys(metric), title).toEqual(expect.arrayContaining(shown));
      }
    }
    for (const { alert, expr } of rules) {
      await query(expr);
      // What is compared has to be there, whether it is as bad as that or not.
      const compared = await query(expr.replace(/ (>|==) [\d.]+$/, ''));
      if (!WITHOUT_DATA.has(alert)) expect(compared, alert).not.toEqual([]);
    }
  },
);
