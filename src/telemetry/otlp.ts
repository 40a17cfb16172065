// The only file that loads OpenTelemetry's SDK.

import { defaultTextMapGetter, defaultTextMapSetter } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { withTraceHeaders } from '../providers/http/trace-headers.ts';
import { createSampler, type SamplerChoice } from './sampler.ts';
import { createSpanBatches, type OtlpLog } from './span-batches.ts';
import { SCOPE, type TraceSource } from './trace-source.ts';

export interface OtlpOptions {
  /** Where spans are sent, and what with. Absent: what the environment says, which the SDK reads itself. */
  readonly otlp?: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly sampler: SamplerChoice;
  /** Whether what is asked and answered is in spans, which may then be long. */
  readonly captureContent: boolean;
  readonly log: OtlpLog;
}

/** In spans. A batch is one piece of JSON: more would hold up others for longer. */
const SHORT = { maxExportBatchSize: 128, maxQueueSize: 2048 };
const LONG = { maxExportBatchSize: 16, maxQueueSize: 256 };
/** How long a stop waits for the collector. */
const FAREWELL_MS = 1500;

/**
 * Sends spans as OTLP over HTTP, in batches, from a queue; what finds no room there is dropped. Registers nothing with the
 * API, so that several servers in a process, or one in a host with an SDK of its own, do not meet.
 */
export function startOtlp({ otlp, sampler, captureContent, log }: OtlpOptions): TraceSource {
  const exporter = new OTLPTraceExporter(otlp ? { url: otlp.endpoint, headers: { ...otlp.headers } } : {});
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: SCOPE.name, [ATTR_SERVICE_VERSION]: SCOPE.version }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    sampler: createSampler(sampler, log.warn),
    spanProcessors: [createSpanBatches({ ...(captureContent ? LONG : SHORT), exporter }, log)],
  });
  const propagator = new W3CTraceContextPropagator();
  let closing: Promise<void> | undefined;

  async function sendTheRest(): Promise<void> {
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(late.resolve, FAREWELL_MS, 'late');
    const sent = provider.shutdown().catch(() => {}); // It has been told already.
    if ((await Promise.race([sent, late.promise])) === 'late') {
      log.warn(`Traces: the last spans were not taken by the collector within ${FAREWELL_MS} ms`);
    }
    clearTimeout(timer);
  }

  return {
    tracer: provider.getTracer(SCOPE.name, SCOPE.version),
    extract: (context, parent) => propagator.extract(context, parent, defaultTextMapGetter),
    run(within, ask) {
      const headers: Record<string, string> = {};
      propagator.inject(within, headers, defaultTextMapSetter);
      return withTraceHeaders(headers, ask);
    },
    close() {
      closing ??= sendTheRest();
      return closing;
    },
  };
}
