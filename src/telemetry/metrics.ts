import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { CallObserver } from '../gateway/call-observer.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayStats } from '../gateway/gateway-stats.ts';
import type { Provider } from '../providers/provider.ts';
import type { TransportStats } from '../transport/transport-stats.ts';
import { createCallMetrics } from './call-metrics.ts';
import { createClusterMetrics } from './cluster-metrics.ts';
import { createChatMetrics, createProviderMetrics } from './gateway-metrics.ts';
import { createModelLabels } from './model-labels.ts';
import { createServerMetrics, processRegistry } from './process-metrics.ts';
import { createReadings, only } from './readings.ts';
import type { ReloadStats } from './reload-stats.ts';
import { createTransportMetrics } from './transport-metrics.ts';

/** What is measured, in the text format of Prometheus. */
export interface Metrics {
  /** Sees every call of a provider. */
  readonly calls: CallObserver;
  readonly contentType: string;
  /** Reads all there is at this moment. */
  read(): Promise<string>;
}

/** Where the numbers are. Whatever is a function is asked each time that somebody reads. */
export interface MetricsSources {
  readonly stats: {
    readonly gateway: GatewayStats;
    readonly transport: TransportStats;
    readonly reloads: ReloadStats;
    /** Absent: this process is alone. */
    readonly cluster?: ClusterStats | undefined;
  };
  gateway(): Pick<Gateway, 'providers' | 'access'>;
  mediaBytes(): number;
  /** How many unexpected errors there were. */
  bugs(): number;
  /** How many operations may run. */
  maxStreams(): number;
  /** What telemetry calls a provider. */
  providerNameOf(provider: Provider): string;
}

export function createMetrics(sources: MetricsSources): Metrics {
  const { stats, gateway, mediaBytes, bugs, maxStreams, providerNameOf } = sources;
  const registry = new Registry();
  const ofProcess = processRegistry();
  const readings = createReadings(registry);
  const models = createModelLabels();
  const calls = createCallMetrics(registry, { models, providerNameOf });
  const media = readings.gauge('modelql_media_bytes', 'Files that are kept to be shown to models, in whole blocks.');
  const updates = [
    createTransportMetrics(registry, readings, { stats: stats.transport, maxStreams }),
    createChatMetrics(readings, stats.gateway),
    createProviderMetrics(readings, { stats: stats.gateway, models, gateway }),
    createServerMetrics(readings, { reloads: stats.reloads, bugs }),
    () => media(only(mediaBytes())),
    ...(stats.cluster ? [createClusterMetrics(readings, stats.cluster)] : []),
  ];
  return {
    calls,
    contentType: registry.contentType,
    async read() {
      for (const update of updates) update();
      return tell([registry, ofProcess]);
    },
  };
}

/** Metric by metric: with many models the text of all of them is megabytes, and streams have their turn in between. */
async function tell(registries: readonly Registry[]): Promise<string> {
  const texts: string[] = [];
  for (const registry of registries) {
    for (const { name } of registry.getMetricsAsArray()) {
      texts.push(await registry.getSingleMetricAsString(name));
      await nextTurn();
    }
  }
  return `${texts.join('\n\n')}\n`;
}
