import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';

export interface OtlpLog {
  warn(message: string): void;
}

interface BatchOptions {
  readonly exporter: SpanExporter;
  readonly maxExportBatchSize: number;
  readonly maxQueueSize: number;
}

/** A collector may be away for long: once in so many milliseconds is enough. */
const SILENCE_MS = 60_000;

/** Sends spans in batches, and says in the log when some were lost, and how many. The SDK tells nobody. */
export function createSpanBatches({ exporter, ...sizes }: BatchOptions, log: OtlpLog): SpanProcessor {
  let waiting = 0;
  let lost = 0;
  let why = '';
  let silentUntil = 0;

  function lose(spans: number, reason: string) {
    lost += spans;
    why = reason;
    if (performance.now() >= silentUntil) tell();
  }

  function tell() {
    silentUntil = performance.now() + SILENCE_MS;
    log.warn(`Traces: the collector did not take ${lost} spans (${why})`);
    lost = 0;
  }

  const batches = new BatchSpanProcessor({
    ...sizes,
    exporter: {
      export(spans, done) {
        waiting -= spans.length;
        exporter.export(spans, (result) => {
          if (result.code !== ExportResultCode.SUCCESS) lose(spans.length, reasonOf(result.error));
          done(result);
        });
      },
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    },
  });

  return {
    onStart: (span, parent) => batches.onStart(span, parent),
    onEnd(span) {
      batches.onEnd(span);
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return; // It is sent nowhere.
      if (waiting < sizes.maxQueueSize) waiting++;
      else lose(1, 'it is slow, and as many wait as may');
    },
    forceFlush: () => batches.forceFlush(),
    async shutdown() {
      await batches.shutdown();
      if (lost > 0) tell();
    },
  };
}

function reasonOf(error: (Error & { readonly code?: unknown }) | undefined): string {
  return [error?.code, error?.message].filter(Boolean).join(' ') || 'no reason is known';
}
