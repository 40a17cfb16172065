import type { Config } from '../config/schema.ts';
import type { CallObserver } from '../gateway/call-observer.ts';
import type { ReportBug } from '../gateway/failure.ts';
import type { MetricsSources } from '../telemetry/metrics.ts';
import type { Exposition } from '../transport/metrics.ts';
import { createMetricsServer, type MetricsServer } from '../transport/metrics-server.ts';

/** What a server has for whoever reads its metrics: nothing where they are off. */
export interface MetricsSetup {
  readonly observers: readonly CallObserver[];
  /** What is told on the port of the server. */
  readonly exposition?: Exposition;
  /** What tells it on a port of its own. */
  readonly server?: MetricsServer;
}

/** Loads what measures where that is wanted, and not before. */
export async function createMetricsSetup(
  { telemetry: { metrics: where } }: Config,
  sources: MetricsSources,
  reportBug: ReportBug,
): Promise<MetricsSetup> {
  if (where === false) return { observers: [] };
  const { createMetrics } = await import('../telemetry/metrics.ts');
  const metrics = createMetrics(sources);
  const observers = [metrics.calls];
  if (where === true) return { observers, exposition: metrics };
  const { transport: stats } = sources.stats;
  return { observers, server: createMetricsServer({ ...where, exposition: metrics, stats, reportBug }) };
}
