/** What the upstream does with a request. It stands in the request, as the text of its message. */
export interface Script {
  readonly chunks: number;
  /** Between two chunks of a stream; 0 is as fast as they are taken. */
  readonly everyMs: number;
  /** So many chunks are one write, where they come as fast as they are taken. @default 50 */
  readonly piece?: number;
  /** Of a chunk's text, in characters. @default CONTENT_LENGTH */
  readonly length?: number;
  /** The chunks are arguments of so many calls, one after another, in place of text. */
  readonly calls?: number;
}

export interface Scenario extends Script {
  readonly name: string;
  readonly about: string;
  readonly kind: Kind;
  readonly streams: number;
  /** Between the starts of two streams. */
  readonly openEveryMs: number;
  /**
   * How long after the last request: a stream of which nothing has come then, or not all where it is read to its end, is an error.
   * @default 60_000
   */
  readonly deadlineMs?: number;
  /** So many streams leave, one after another. */
  readonly leavers?: number;
  /** In which all streams stay as they are. */
  readonly holdMs?: number;
  /** @default all */
  readonly ways?: readonly Way[];
  /** At most so many. Each has a fresh server. */
  readonly freshRounds?: number;
  /** @default 10 */
  readonly subscriptionsASocket?: number;
  /** Whether modelql's clients name their chats. */
  readonly hasIds?: boolean;
  /** Before these names, where others ask for the same chats: without it nobody does. */
  readonly idPrefix?: string;
  /** Of modelql, where they are not the standard ones. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Whether the upstream speaks HTTP/2, over TLS. */
  readonly isHttp2?: boolean;
  /** Whether it speaks Anthropic's protocol. */
  readonly isAnthropic?: boolean;
  /** Whether the server has one core, and no other. */
  readonly isPinned?: boolean;
  /** What other clients do all the while. */
  readonly crowd?: Scenario;
  /** What is different for the first stream. */
  readonly first?: Partial<Script>;
}

/**
 * - `whole`: answers are read to their end.
 * - `leave`: clients go in the middle.
 * - `hold`: streams stay open, for memory.
 * - `unread`: clients ask and do not read.
 * - `crowd`: answers are read until the others are done.
 */
export type Kind = 'whole' | 'leave' | 'hold' | 'unread' | 'crowd';

export const WAYS = ['reference', 'WebSocket', 'SSE', 'Portkey'] as const;
export type Way = (typeof WAYS)[number];

/** Of a chunk's text, at least: its time of sending and a space. */
export const CONTENT_LENGTH = 14;

/** The arguments of a call, as they stand in JSON: a list of times of sending. */
export const ARGUMENTS = { head: '{\\"at\\":[\\"', between: '\\",\\"', tail: '\\"]}' } as const;

const ENDLESS = 1_000_000_000;

const UNREAD = {
  kind: 'unread',
  streams: 8,
  chunks: 6400,
  length: 16_384,
  piece: 1,
  everyMs: 0,
  openEveryMs: 50,
  subscriptionsASocket: 1,
  holdMs: 7000,
  freshRounds: 1,
  limits: { slowReaderTimeoutMs: 2000, resumeGraceMs: 1000 },
} satisfies Partial<Scenario>;

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
    name: 'calls',
    about:
      '40 streams, one more every 5 ms, 2,000 chunks of arguments each, in 20 calls, one every 4 ms; in each round beside the same in text',
    kind: 'whole',
    streams: 40,
    chunks: 2000,
    calls: 20,
    everyMs: 4,
    openEveryMs: 5,
    ways: ['WebSocket', 'SSE'],
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
    name: 'pace-anthropic',
    about: "The same with an upstream that speaks Anthropic's protocol",
    kind: 'whole',
    streams: 100,
    chunks: 200,
    everyMs: 10,
    openEveryMs: 5,
    isAnthropic: true,
    ways: ['WebSocket', 'SSE'],
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
    holdMs: 4000,
    freshRounds: 2,
    streams: 2000,
    chunks: ENDLESS,
    everyMs: 1000,
    openEveryMs: 2,
  },
  {
    ...UNREAD,
    name: 'unread',
    about:
      '8 clients that ask and read nothing, while the upstream has 100 MB for each; modelql lets go of them after `slowReaderTimeoutMs`, here 2 seconds (at most twice that)',
  },
  {
    ...UNREAD,
    name: 'unread-id',
    about: 'The same with an `input.id`, for which the chat stays another `resumeGraceMs`, here 1 second',
    hasIds: true,
    ways: ['WebSocket', 'SSE'],
  },
  {
    name: 'many',
    about:
      '10,000 streams with a chunk every second; the server has one core, its upstream speaks HTTP/2; a hundred subscriptions to a WebSocket',
    kind: 'hold',
    streams: 10_000,
    chunks: ENDLESS,
    everyMs: 1000,
    openEveryMs: 3,
    deadlineMs: 20_000,
    holdMs: 10_000,
    freshRounds: 1,
    subscriptionsASocket: 100,
    isHttp2: true,
    isPinned: true,
    ways: ['reference', 'WebSocket'],
  },
];
