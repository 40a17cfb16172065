import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayStats } from '../gateway/gateway-stats.ts';
import type { ModelLabels } from './model-labels.ts';
import { only, type Readings } from './readings.ts';

/** Chats, those who read them, and what is kept for them. @returns what reads them anew */
export function createChatMetrics({ gauge, counter }: Readings, stats: GatewayStats): () => void {
  const chats = gauge('modelql_chats', 'Chats that run, and those just over that can still be joined.', ['state']);
  const readers = gauge('modelql_chat_readers', 'Readers of chats.');
  const bytes = gauge('modelql_journal_bytes', 'What chats keep for their readers, at a byte a UTF-16 code unit.');
  const oldest = gauge('modelql_journal_oldest_age_seconds', 'How long the oldest of the chats has been there.');
  const resumed = counter('modelql_chats_resumed_total', 'Chats that somebody joined who did not start them.');
  const cancelled = counter('modelql_chats_cancelled_total', 'Chats that were cancelled.');
  const restarted = counter('modelql_chats_restarted_total', 'Answers that broke off and were begun anew.');
  const merged = counter('modelql_deltas_merged_total', 'Deltas that were sent within another one.');
  const dropped = counter('modelql_readers_dropped_total', 'Readers who were let go as they did not read.');

  return () => {
    const now = performance.now();
    const seen = { running: 0, ended: 0, readers: 0, bytes: 0, begunAt: now };
    for (const chat of stats.chats) {
      seen[chat.hasEnded ? 'ended' : 'running']++;
      seen.readers += chat.readers;
      seen.bytes += chat.size;
      seen.begunAt = Math.min(seen.begunAt, chat.begunAt);
    }
    chats([
      [{ state: 'running' }, seen.running],
      [{ state: 'ended' }, seen.ended],
    ]);
    readers(only(seen.readers));
    bytes(only(seen.bytes));
    oldest(only((now - seen.begunAt) / 1000));
    resumed(only(stats.resumed));
    cancelled(only(stats.cancelled));
    restarted(only(stats.restarted));
    merged(only(stats.mergedDeltas));
    dropped(only(stats.droppedReaders));
  };
}

interface ProviderSources {
  readonly stats: GatewayStats;
  readonly models: ModelLabels;
  gateway(): Pick<Gateway, 'providers' | 'access'>;
}

const CIRCUIT_STATES = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 } as const;

/** How providers fare, and how busy they are. @returns what reads it anew */
export function createProviderMetrics({ gauge, counter }: Readings, sources: ProviderSources): () => void {
  const { stats, models, gateway } = sources;
  const calls = gauge('modelql_provider_calls', 'Calls of a provider that run, and that wait for a place.', [
    'modelql_provider',
    'state',
  ]);
  const circuits = gauge(
    'modelql_provider_circuit_state',
    'Whether a provider is passed over: 0 it is not (closed), 1 its next call decides (half open), 2 it is (open).',
    ['modelql_provider'],
  );
  const openModels = gauge('modelql_model_circuit_open', 'Models that failed again and again, 1 for each.', [
    'modelql_provider',
    'gen_ai_request_model',
  ]);
  const attempts = counter('modelql_attempts_total', 'Tries of models, by how they ended.', [
    'modelql_provider',
    'code',
  ]);

  return () => {
    const { providers, access } = gateway();
    const all = providers.map((provider) => ({
      provider,
      access: access(provider),
      of: { modelql_provider: provider.id },
    }));
    calls(
      all.flatMap(({ of, access }) => {
        const { running, waiting } = access.load();
        return [
          [{ ...of, state: 'running' }, running],
          [{ ...of, state: 'waiting' }, waiting],
        ] as const;
      }),
    );
    circuits(all.map(({ of, access }) => [of, CIRCUIT_STATES[access.health.circuit]] as const));
    openModels(
      all.flatMap(({ provider, of, access }) =>
        access.health
          .openModels()
          .map((name) => [{ ...of, gen_ai_request_model: models.requested(provider, name) }, 1] as const),
      ),
    );
    attempts(
      [...stats.attempts].flatMap(([modelql_provider, byCode]) =>
        [...byCode].map(([code, count]) => [{ modelql_provider, code }, count] as const),
      ),
    );
  };
}
