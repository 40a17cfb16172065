import type { OtelEnvironment } from '../config/otel.ts';
import type { CallObserver } from '../gateway/call-observer.ts';
import type { BeginOperationSpan } from '../transport/operation-span.ts';
import { createCallSpans } from './call-spans.ts';
import { beginOperationSpan } from './operation-spans.ts';
import type { OtlpOptions } from './otlp.ts';
import { HOST, type TraceSource } from './trace-source.ts';
import type { EntryOf } from './upstream.ts';

export interface Tracing {
  readonly beginOperation: BeginOperationSpan;
  /** Makes a span of each call of a provider. */
  readonly calls: CallObserver;
  /** Sends what has not been sent. Takes no longer than a second or two, whatever the collector does. */
  close(): Promise<void>;
}

export interface TracingOptions extends Pick<OtlpOptions, 'otlp' | 'captureContent' | 'log'> {
  readonly environment: OtelEnvironment;
  readonly entryOf: EntryOf;
}

/**
 * Traces by OpenTelemetry. Where the configuration or the environment names a collector, its SDK is loaded and sends spans
 * there; else they go wherever the process has registered, which is nowhere, unless a host embeds the server that has an
 * SDK of its own. What is traced does not know which. A call that belongs to no trace costs one look at its context.
 */
export async function createTracing({
  otlp,
  environment,
  captureContent,
  entryOf,
  log,
}: TracingOptions): Promise<Tracing> {
  const isAsked = (otlp !== undefined || environment.asksForTraces === true) && environment.hasTracesOff !== true;
  const source = isAsked ? await startSdk({ otlp, environment, captureContent, log }) : HOST;
  if (captureContent) {
    log.warn('telemetry.captureContent: whatever is asked and answered is in the traces, for whoever reads them');
  }
  return {
    beginOperation: (parents) => beginOperationSpan(parents, source),
    calls: createCallSpans({ source, entryOf, capturesContent: captureContent }),
    close: source.close,
  };
}

async function startSdk({
  environment: { sampler: name, samplerArg: argument, protocol },
  log,
  ...options
}: Omit<TracingOptions, 'entryOf'>): Promise<TraceSource> {
  if (protocol === 'grpc') log.warn('OTEL_EXPORTER_OTLP_PROTOCOL: spans are sent as JSON over HTTP, and never by grpc');
  const { startOtlp } = await import('./otlp.ts');
  return startOtlp({ ...options, sampler: { name, argument }, log });
}
