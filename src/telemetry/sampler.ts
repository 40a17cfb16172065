import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** As `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` give it. */
export interface SamplerChoice {
  readonly name?: string | undefined;
  readonly argument?: string | undefined;
}

const SAMPLERS: Readonly<Record<string, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

const STANDARD = 'parentbased_always_on';

/** Which traces are recorded. The SDK of a single signal leaves the variables to others. */
export function createSampler({ name = STANDARD, argument }: SamplerChoice, warn: (message: string) => void): Sampler {
  const create = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (!create) {
    warn(`OTEL_TRACES_SAMPLER: expected one of ${Object.keys(SAMPLERS).join(', ')}; ${STANDARD} is used`);
    return createSampler({}, warn);
  }
  const ratio = Number(argument ?? 1);
  if (ratio >= 0 && ratio <= 1) return create(ratio);
  warn('OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1; 1 is used');
  return create(1);
}
