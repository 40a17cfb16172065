import { Histogram, type Registry } from 'prom-client';
import type { TransportStats } from '../transport/transport-stats.ts';
import { only, type Readings } from './readings.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

interface TransportSources {
  readonly stats: TransportStats;
  /** How many operations may run. */
  maxStreams(): number;
}

/** Operations and those who are turned away. @returns what reads them anew */
export function createTransportMetrics(
  registry: Registry,
  { gauge, counter }: Readings,
  { stats, maxStreams }: TransportSources,
): () => void {
  const running = gauge('modelql_operations', 'GraphQL operations, and files that are sent, that run.', ['transport']);
  const most = gauge('modelql_operations_max', 'How many of them may run at the same time.');
  const durations = new Histogram({
    name: 'modelql_operation_duration_seconds',
    help: 'How long operations took, by how they ended.',
    labelNames: ['transport', 'type', 'code'],
    buckets: SECONDS,
    registers: [registry],
  });
  const refusals = counter('modelql_refusals_total', 'Who was turned away, by the door and the code.', [
    'door',
    'code',
  ]);
  stats.onOperationEnd = ({ transport, type, code, ms }) => durations.observe({ transport, type, code }, ms / 1000);

  return () => {
    running(Object.entries(stats.running).map(([transport, count]) => [{ transport }, count] as const));
    most(only(maxStreams()));
    refusals(
      [...stats.refusals].flatMap(([door, byCode]) =>
        [...byCode].map(([code, count]) => [{ door, code }, count] as const),
      ),
    );
  };
}
