import { ConfigError } from './load.ts';

/** What the usual variables of OpenTelemetry say of traces, as far as its SDK does not read them itself. */
export interface OtelEnvironment {
  /** Whether a collector is named there. Its SDK reads where, and with which headers. */
  readonly asksForTraces?: boolean;
  /** Whether there are to be no traces, whatever else asks for them. */
  readonly hasTracesOff?: boolean;
  /** The name of a sampler, and its argument. */
  readonly sampler?: string | undefined;
  readonly samplerArg?: string | undefined;
  /** How spans are to be sent. We know one way, and warn of another. */
  readonly protocol?: string | undefined;
}

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/** @throws ConfigError for an address that is none: the SDK would send to this machine instead, and say nothing */
export function readOtel(environment: NodeJS.ProcessEnv): OtelEnvironment {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const problems = ENDPOINTS.filter((name) => !isEndpoint(read(name)));
  if (problems.length > 0) {
    throw new ConfigError(problems.map((name) => `${name}: expected a URL, such as http://127.0.0.1:4318`));
  }
  return {
    asksForTraces: ENDPOINTS.some((name) => read(name) !== undefined),
    hasTracesOff: read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || read('OTEL_TRACES_EXPORTER') === 'none',
    sampler: read('OTEL_TRACES_SAMPLER'),
    samplerArg: read('OTEL_TRACES_SAMPLER_ARG'),
    protocol: read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? read('OTEL_EXPORTER_OTLP_PROTOCOL'),
  };
}

function isEndpoint(text: string | undefined): boolean {
  return text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
