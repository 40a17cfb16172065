/** What the upstream does with every request. */
export interface Script {
  readonly chunks: number;
  /** Between two chunks of a stream; 0 is as fast as they are taken. */
  readonly everyMs: number;
}

export interface Scenario extends Script {
  readonly name: string;
  readonly about: string;
  /** `whole`: answers are read to their end. `leave`: clients go in the middle. `hold`: streams stay open, for memory. */
  readonly kind: 'whole' | 'leave' | 'hold';
  readonly streams: number;
  /** Between the starts of two streams. */
  readonly openEveryMs: number;
}

export const WAYS = ['reference', 'WebSocket', 'SSE', 'Portkey'] as const;
export type Way = (typeof WAYS)[number];

/** Every chunk's content has this length: its time of sending and a space. */
export const CONTENT_LENGTH = 14;

const ENDLESS = 1_000_000_000;

/** How many streams leave, one after another; the others stay, so that 500 are open all the while. */
export const LEAVERS = 100;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'burst',
    about: '100 streams at once, 2,000 chunks each, as fast as they are taken',
    kind: 'whole',
    streams: 100,
    chunks: 2000,
    everyMs: 0,
    openEveryMs: 0,
  },
  {
    name: 'pace',
    about: '100 streams, one more every 5 ms, 200 chunks each, one every 10 ms',
    kind: 'whole',
    streams: 100,
    chunks: 200,
    everyMs: 10,
    openEveryMs: 5,
  },
  {
    name: 'wide',
    about: '500 streams, one more every 2 ms, 100 chunks each, one every 50 ms',
    kind: 'whole',
    streams: 500,
    chunks: 100,
    everyMs: 50,
    openEveryMs: 2,
  },
  {
    name: 'leave',
    about: '600 streams with a chunk every 50 ms, of which 100 leave, one every 10 ms',
    kind: 'leave',
    streams: 500 + LEAVERS,
    chunks: ENDLESS,
    everyMs: 50,
    openEveryMs: 2,
  },
  {
    name: 'open',
    about: '2,000 streams with a chunk every second; memory with all of them open',
    kind: 'hold',
    streams: 2000,
    chunks: ENDLESS,
    everyMs: 1000,
    openEveryMs: 2,
  },
];
