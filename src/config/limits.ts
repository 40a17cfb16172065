import * as z from 'zod';
import { MAX_TIMER_MS } from '../providers/options.ts';

const count = (standard: number) => z.int().min(1).default(standard);
const bytes = count;
const ms = (standard: number) => z.int().min(1).max(MAX_TIMER_MS).default(standard);

/** Bounds of what a client may send. */
const request = {
  maxBodyBytes: bytes(16_777_216).describe(
    'Of one request, or of one WebSocket message: a larger one is refused, and one of more than four times as much, or of 4 MiB more, ends its socket.',
  ),
  maxMessages: count(1000).describe('Of one chat.'),
  maxContinuationBytes: bytes(1_048_576).describe(
    'Of what a provider wants to see again of an answer: a longer `continuation` is not told.',
  ),
  maxImagesPerRequest: count(10).describe('Over all the generateImage fields of one operation.'),
  requestTimeoutMs: ms(30_000).describe('For a request to arrive, from the connection to the end of its body.'),
};

/** Bounds of what is shown to a model: pictures, sound, documents. */
const media = {
  maxMediaBytes: bytes(20_971_520).describe(
    'Of one, whether it is sent, read from where a link leads, or in a data: URI.',
  ),
  maxChatMediaBytes: bytes(67_108_864).describe('Of all media of one chat together.'),
  mediaTtlMs: ms(600_000).describe('How long what was sent by POST /media is kept, from its last use.'),
  maxMediaStoreBytes: bytes(1_073_741_824).describe(
    'Of all that is kept so, on the disk; what was used least recently goes first.',
  ),
};

/** Bounds of a GraphQL document. */
const document = {
  maxQueryBytes: bytes(16_384).describe('Of a GraphQL document, looked at before it is read.'),
  maxQueryTokens: z
    .int()
    .min(1)
    .max(20_000)
    .default(1000)
    .describe('Of a GraphQL document, and of the fields in it once its fragments are written out.'),
  maxDepth: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Of fields within fields, through fragments too. Introspection has a bound of its own.'),
  maxAliases: z.int().min(0).default(30).describe('Of one operation, in fragments as often as they are used.'),
};

/** Bounds of what runs, and of how much may come. */
const load = {
  maxStreams: count(10_000).describe('Operations of any kind that run at the same time, on one node.'),
  maxStreamsPerConnection: count(100).describe('The same, over one WebSocket.'),
  maxStreamsPerKey: z
    .int()
    .min(0)
    .default(0)
    .describe('The same, of one key; in a cluster over all nodes. 0: no limit.'),
  maxConnections: count(10_000).describe('Open sockets of one node, WebSockets included.'),
  requestsPerMinute: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Operations of one key, or of one address where there are no keys; in a cluster over all nodes. 0: no limit.',
    ),
};

/** Bounds of upstreams and of streams. */
const stream = {
  maxAnswerBytes: bytes(16_777_216).describe(
    'Of the text, thinking and pictures of one answer, and of each event of it. On the way from the upstream it may be sixteen times as long.',
  ),
  maxImageBytes: bytes(20_971_520).describe('Of one picture that an upstream linked to, fetched for `Image.dataUri`.'),
  connectTimeoutMs: ms(10_000).describe('To open a connection to an upstream.'),
  firstPartTimeoutMs: ms(120_000).describe(
    'From a request to the first part of its answer (text, thinking, a picture; the whole of one that is not streamed). Nothing puts it off.',
  ),
  firstByteTimeoutMs: z.int().min(1).max(MAX_TIMER_MS).optional().describe('The older name of firstPartTimeoutMs.'),
  idleTimeoutMs: ms(60_000).describe('Between two parts of an answer; whatever an upstream sends puts it off.'),
  maxDurationMs: z
    .int()
    .min(0)
    .max(MAX_TIMER_MS)
    .default(0)
    .describe('Of one call of an upstream, from the request to its end. 0: no limit.'),
  finishGraceMs: ms(2_000).describe('How long an answer that has told its end may take to tell its usage.'),
  slowReaderTimeoutMs: ms(60_000).describe(
    'How long events wait for a client that does not read, before it is let go.',
  ),
  resumeGraceMs: ms(30_000).describe(
    'How long a chat with an id of its client waits for it, and can be joined after its end.',
  ),
  keepAliveMs: ms(12_000).describe('Between two pings of a WebSocket; a client that misses one is let go.'),
  shutdownGraceMs: z
    .int()
    .min(0)
    .max(MAX_TIMER_MS)
    .default(10_000)
    .describe('How long streams may go on once a stop is asked for.'),
};

export const Limits = z.preprocess(
  renameFirstByte,
  z
    .strictObject({ ...request, ...media, ...document, ...load, ...stream })
    .transform(({ firstByteTimeoutMs: _old, ...limits }) => limits),
);

/** The older name stands for the other where that is not given. */
function renameFirstByte(limits: unknown): unknown {
  if (typeof limits !== 'object' || limits === null || !('firstByteTimeoutMs' in limits)) return limits;
  return { firstPartTimeoutMs: limits.firstByteTimeoutMs, ...limits };
}

export type Limits = z.output<typeof Limits>;
