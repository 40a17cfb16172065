import { type Exchange, type Play, startFakeUpstream } from './fake-upstream.ts';
import { startServer, type TestServer, type TestServerOptions } from './server.ts';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Null: it has none. */
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly isError: boolean;
  /** Milliseconds since 1970. */
  readonly begin: number;
  readonly end: number;
  /** Of the server. */
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  /** Where it takes spans. */
  readonly endpoint: string;
  /** The requests that have arrived. */
  readonly exchanges: readonly Exchange[];
  /** What has arrived, in the order in which it began. */
  readonly spans: readonly ReceivedSpan[];
}

const taken: Play = ({ reply }) => reply({ headers: { 'content-type': 'application/json' }, body: '{}' });

/** A collector that takes spans as OTLP in JSON, or does what it is told to. */
export async function startOtlpReceiver(play: Play = taken): Promise<OtlpReceiver> {
  const { url, exchanges } = await startFakeUpstream(play);
  return {
    endpoint: `${url}/v1/traces`,
    exchanges,
    get spans() {
      return exchanges.flatMap(toSpans).toSorted((one, other) => one.begin - other.begin);
    },
  };
}

/** A server that sends its spans there. `stop` stops it, so that they have all arrived. */
export async function startTraced(
  { config = {}, ...options }: TestServerOptions = {},
  telemetry: object = {},
  play?: Play,
): Promise<{ server: TestServer; receiver: OtlpReceiver; stop(): Promise<readonly ReceivedSpan[]> }> {
  const receiver = await startOtlpReceiver(play);
  const otlp = { endpoint: receiver.endpoint, headers: { 'x-collector-key': 'key-of-the-collector' } };
  const server = await startServer({ ...options, config: { ...config, telemetry: { otlp, ...telemetry } } });
  const stop = async () => {
    await server.app.stop();
    return receiver.spans;
  };
  return { server, receiver, stop };
}

/** A span and what is below it, in short. */
export function toTree(spans: readonly ReceivedSpan[], parent: string | null = null): readonly object[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .map((span) => {
      const children = toTree(spans, span.spanId);
      const error = span.isError && { error: span.attributes['error.type'] };
      return { name: span.name, kind: span.kind, ...error, ...(children.length > 0 && { children }) };
    });
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[];
  readonly status: { readonly code: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT'];
const ERROR = 2;

function toSpans({ body }: Exchange): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body) as OtlpRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || null,
        name: span.name,
        kind: KINDS[span.kind] ?? `${span.kind}`,
        attributes: toRecord(span.attributes),
        events: span.events.map(({ name, attributes }) => ({ name, attributes: toRecord(attributes) })),
        isError: span.status.code === ERROR,
        begin: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
        end: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
        resource: toRecord(resource.attributes),
      })),
    ),
  );
}

function toRecord(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, toValue(value)]));
}

function toValue({ arrayValue, ...single }: Readonly<Record<string, unknown>>): unknown {
  if (arrayValue) return (arrayValue as { values: Record<string, unknown>[] }).values.map(toValue);
  return Object.values(single)[0];
}
