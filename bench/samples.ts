import type { Sample } from './measure.ts';
import { median, percentile } from './numbers.ts';
import type { Way } from './scenarios.ts';

/** What the rounds of one scenario gave. */
export type Samples = ReadonlyMap<Way, readonly Sample[]>;

type NumberField = { [Field in keyof Sample]: Sample[Field] extends number ? Field : never }[keyof Sample];
type ListField = Exclude<keyof Sample, NumberField>;

function valuesOf(samples: Samples, way: Way, field: NumberField): number[] {
  return (samples.get(way) ?? []).map((sample) => sample[field]);
}

export function sum(samples: Samples, way: Way, field: NumberField): number {
  return valuesOf(samples, way, field).reduce((total, value) => total + value, 0);
}

/** Of the rounds. */
export function middle(samples: Samples, way: Way, field: NumberField): number {
  return median(valuesOf(samples, way, field));
}

export function worst(samples: Samples, way: Way, field: NumberField): number {
  return Math.max(...valuesOf(samples, way, field));
}

/** Over all streams of all rounds. */
export function share(samples: Samples, way: Way, field: ListField, place: number): number {
  return percentile(
    (samples.get(way) ?? []).flatMap((sample) => sample[field]),
    place,
  );
}

/** How many times what text took in the same round; the median of the rounds. */
export function ratioToText(samples: Samples, way: Way): number {
  return median(
    (samples.get(way) ?? []).map(({ cpuMicroseconds, textMicroseconds }) => cpuMicroseconds / textMicroseconds),
  );
}

/** How many times what another way took in the same round; the median of the rounds. */
export function ratio(samples: Samples, way: Way, field: NumberField, to: Way = 'reference'): number {
  const other = valuesOf(samples, to, field);
  return median(valuesOf(samples, way, field).map((value, round) => value / (other[round] ?? Number.NaN)));
}
