import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

export interface OtlpLog {
  warn(message: string): void;
}

/** A collector may be away for long: once in so many milliseconds is enough. */
const SILENCE_MS = 60_000;

/** The same exporter, which says in the log when spans were lost, and how many. The SDK tells nobody. */
export function reportFailures(exporter: SpanExporter, log: OtlpLog): SpanExporter {
  let lost = 0;
  let silentUntil = 0;

  function report(spans: number, error: (Error & { readonly code?: unknown }) | undefined) {
    lost += spans;
    const now = performance.now();
    if (now < silentUntil) return;
    silentUntil = now + SILENCE_MS;
    const reason = [error?.code, error?.message].filter(Boolean).join(' ') || 'no reason is known';
    log.warn(`Traces: the collector did not take ${lost} spans (${reason})`);
    lost = 0;
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) report(spans.length, result.error);
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
