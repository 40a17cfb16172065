import { Counter, Gauge, type Registry } from 'prom-client';

type Labels<Name extends string> = Readonly<Record<Name, string | number>>;

/** Tells the values of a metric anew, each with its labels. */
export type Tell<Name extends string> = (values: Iterable<readonly [Labels<Name>, number]>) => void;

/** What is counted elsewhere in plain numbers, or can be seen at any time, and is told only when somebody asks. */
export interface Readings {
  gauge<Name extends string = never>(name: string, help: string, labelNames?: readonly Name[]): Tell<Name>;
  counter<Name extends string = never>(name: string, help: string, labelNames?: readonly Name[]): Tell<Name>;
}

export function createReadings(registry: Registry): Readings {
  const registers = [registry];
  return {
    gauge(name, help, labelNames = []) {
      const gauge = new Gauge<string>({ name, help, labelNames, registers });
      return (values) => {
        gauge.reset();
        for (const [labels, value] of values) gauge.set(labels, value);
      };
    },
    counter(name, help, labelNames = []) {
      const counter = new Counter<string>({ name, help, labelNames, registers });
      return (values) => {
        counter.reset();
        for (const [labels, value] of values) counter.inc(labels, value);
      };
    },
  };
}

/** A value that has no labels. */
export function only(value: number): [[Record<never, never>, number]] {
  return [[{}, value]];
}
