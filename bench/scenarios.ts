/** What the upstream does with a request. It stands in the request, as the text of its message. */
export interface Script {
  readonly chunks: number;
  /** Between two chunks of a stream; 0 is as fast as they are taken. */
  readonly everyMs: number;
  /** So many chunks are one write, where they come as fast as they are taken. @default 50 */
  readonly piece?: number;
}

export interface Scenario extends Script {
  readonly name: string;
  readonly about: string;
  readonly kind: Kind;
  readonly streams: number;
  /** Between the starts of two streams. */
  readonly openEveryMs: number;
  /** A stream of which nothing has come by then, or not all where it is read to its end, is an error. @default 60_000 */
  readonly deadlineMs?: number;
  /** So many streams leave, one after another. */
  readonly leavers?: number;
  /** What other clients do all the while. */
  readonly crowd?: Scenario;
  /** What is different for the first stream. */
  readonly first?: Partial<Script>;
}

/**
 * - `whole`: answers are read to their end.
 * - `leave`: clients go in the middle.
 * - `hold`: streams stay open, for memory.
 * - `crowd`: answers are read until the others are done.
 */
export type Kind = 'whole' | 'leave' | 'hold' | 'crowd';

export const WAYS = ['reference', 'WebSocket', 'SSE', 'Portkey'] as const;
export type Way = (typeof WAYS)[number];

/** Every chunk's content has this length: its time of sending and a space. */
export const CONTENT_LENGTH = 14;

const ENDLESS = 1_000_000_000;

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
    about: '600 streams with a chunk every 50 ms, of which 100 leave, one every 10 ms; 500 stay open',
    kind: 'leave',
    streams: 600,
    leavers: 100,
    chunks: ENDLESS,
    everyMs: 50,
    openEveryMs: 2,
  },
  {
    name: 'quiet',
    about:
      'Quiet clients among noisy ones: 21 streams with a chunk every 50 ms, of which 20 leave, one every 10 ms, while other clients read 100 streams as fast as they come, the first of them in upstream writes of 20,000 chunks',
    kind: 'leave',
    streams: 21,
    leavers: 20,
    chunks: ENDLESS,
    everyMs: 50,
    openEveryMs: 2,
    deadlineMs: 5000,
    crowd: {
      name: 'crowd',
      about: '',
      kind: 'crowd',
      streams: 100,
      chunks: ENDLESS,
      everyMs: 0,
      first: { piece: 20_000 },
      openEveryMs: 0,
      deadlineMs: 1000,
    },
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
