import { Histogram, type Registry } from 'prom-client';
import type { CallObserver, CallOutcome, Observation, ProviderCall } from '../gateway/call-observer.ts';
import type { ProviderError } from '../providers/errors.ts';
import type { Provider } from '../providers/provider.ts';
import type { ModelLabels } from './model-labels.ts';
import { createPartTimes } from './part-times.ts';

/** https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md (read 2026-11-27) */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const LET_GO_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
const BOUNDS_MS = SECONDS.map((seconds) => seconds * 1000);

const LABELS = [
  'gen_ai_operation_name',
  'gen_ai_provider_name',
  'modelql_provider',
  'gen_ai_request_model',
  'gen_ai_response_model',
] as const;

interface CallMetricsOptions {
  readonly models: ModelLabels;
  /** What telemetry calls a provider. */
  providerNameOf(provider: Provider): string;
}

/** Every call of a provider, by the metrics that OpenTelemetry has for clients of models, and how soon one is let go. */
export function createCallMetrics(registry: Registry, { models, providerNameOf }: CallMetricsOptions): CallObserver {
  const registers = [registry];
  const durations = new Histogram({
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'How long calls of providers took, whatever came of them.',
    labelNames: [...LABELS, 'error_type'],
    buckets: SECONDS,
    registers,
  });
  const tokens = new Histogram({
    name: 'gen_ai_client_token_usage',
    help: 'Tokens of calls, as the upstream counted them.',
    labelNames: [...LABELS, 'gen_ai_token_type'],
    buckets: TOKENS,
    registers,
  });
  const firstParts = new Histogram({
    name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
    help: 'How long streamed calls took to their first part.',
    labelNames: LABELS,
    buckets: SECONDS,
    registers,
  });
  const parts = createPartTimes(registry, {
    name: 'gen_ai_client_operation_time_per_output_chunk_seconds',
    help: 'How long each part of a streamed call came after the one before it.',
    bounds: SECONDS,
  });
  const letGo = new Histogram({
    name: 'modelql_let_go_seconds',
    help: 'How long it took to let go of an upstream once nobody waited for it any more.',
    labelNames: ['modelql_provider'],
    buckets: LET_GO_SECONDS,
    registers,
  });

  function record(call: Call): void {
    const { model } = call.of;
    const { provider } = model;
    const requested = models.requested(provider, model.name);
    const labels = {
      gen_ai_operation_name: model.kind === 'IMAGE' ? 'generate_content' : 'chat',
      gen_ai_provider_name: providerNameOf(provider),
      modelql_provider: provider.id,
      gen_ai_request_model: requested,
      gen_ai_response_model: models.answering(provider, requested, call.outcome?.model ?? null),
    };
    // Pictures that came may be none: that is a failure after all.
    const code = call.error?.code ?? (call.outcome ? undefined : call.of.signal.aborted ? 'LEFT' : '_OTHER');
    const error = code === undefined ? {} : { error_type: code };
    durations.observe({ ...labels, ...error }, (call.endedAt - call.begunAt) / 1000);
    const { promptTokens = null, completionTokens = null } = call.outcome?.usage ?? {};
    if (promptTokens !== null) tokens.observe({ ...labels, gen_ai_token_type: 'input' }, promptTokens);
    if (completionTokens !== null) tokens.observe({ ...labels, gen_ai_token_type: 'output' }, completionTokens);
    if (call.firstAt !== undefined && model.kind === 'CHAT' && provider.supportsStream) {
      firstParts.observe(labels, (call.firstAt - call.begunAt) / 1000);
      if (call.counts) parts.add(labels, call.counts, (call.lastAt - call.firstAt) / 1000);
    }
    if (call.abortedAt !== undefined) {
      letGo.observe({ modelql_provider: provider.id }, (performance.now() - call.abortedAt) / 1000);
    }
  }

  return { begin: (call) => new Call(call, record) };
}

/** What is noted of one call until it is over. */
class Call implements Observation {
  readonly of: ProviderCall;
  readonly begunAt = performance.now();
  endedAt = 0;
  firstAt: number | undefined;
  lastAt = 0;
  /** Of the parts behind the first, by how long each took. */
  counts: number[] | undefined;
  outcome: CallOutcome | undefined;
  error: ProviderError | undefined;
  abortedAt: number | undefined;
  readonly #record: (call: Call) => void;

  constructor(of: ProviderCall, record: (call: Call) => void) {
    this.of = of;
    this.#record = record;
    of.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  firstPart(): void {
    this.firstAt = performance.now();
    this.lastAt = this.firstAt;
  }

  part(): void {
    const now = performance.now();
    const ms = now - this.lastAt;
    this.lastAt = now;
    this.counts ??= Array(BOUNDS_MS.length + 1).fill(0);
    let at = 0;
    while (ms > (BOUNDS_MS[at] ?? Number.POSITIVE_INFINITY)) at++;
    (this.counts[at] as number)++;
  }

  succeeded(outcome: CallOutcome): void {
    this.outcome = outcome;
    this.endedAt = performance.now();
  }

  failed(error: ProviderError): void {
    this.error = error;
    this.endedAt = performance.now();
  }

  end(): void {
    this.of.signal.removeEventListener('abort', this.#onAbort);
    this.endedAt ||= performance.now();
    this.#record(this);
  }

  readonly #onAbort = () => {
    this.abortedAt = performance.now();
  };
}
