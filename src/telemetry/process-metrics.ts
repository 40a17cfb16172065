import { collectDefaultMetrics, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import { only, type Readings } from './readings.ts';
import type { ReloadStats } from './reload-stats.ts';

let ofProcess: Registry | undefined;

/** CPU, memory, the event loop and the garbage collector: there is one of each, whoever else runs a server here. */
export function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
    for (const name of MISNAMED) ofProcess.removeSingleMetric(name);
  }
  return ofProcess;
}

/** Sums of what other metrics tell by type; they fall as well, and are called what a counter is. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

interface ServerSources {
  readonly reloads: ReloadStats;
  bugs(): number;
}

/** What runs, with what configuration, and how often in error. @returns what reads it anew */
export function createServerMetrics({ gauge, counter }: Readings, { reloads, bugs }: ServerSources): () => void {
  const build = gauge('modelql_build_info', 'What runs; the value is always 1.', ['version']);
  const counts = counter('modelql_config_reloads_total', 'Reloads of the configuration.', ['result']);
  const isTaken = gauge(
    'modelql_config_last_reload_successful',
    'Whether the configuration was taken that was read last: 1 it was, 0 it was refused.',
  );
  const last = gauge(
    'modelql_config_last_success_timestamp_seconds',
    'When the configuration that is in force was read.',
  );
  const unexpected = counter('modelql_unexpected_errors_total', 'Bugs, each of which is in the log.');
  return () => {
    unexpected(only(bugs()));
    build([[{ version: VERSION }, 1]]);
    counts([
      [{ result: 'success' }, reloads.succeeded],
      [{ result: 'failure' }, reloads.failed],
    ]);
    isTaken(only(reloads.isLastTaken ? 1 : 0));
    last(only(reloads.lastSuccessAt.getTime() / 1000));
  };
}
