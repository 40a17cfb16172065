import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Exchange } from '../helpers/fake-upstream.ts';
import { DONE, data, event } from '../helpers/openai-server.ts';

/** What an upstream does, from its first byte to its last. */
export interface Script {
  readonly pieces: readonly string[];
  /** `\r\n` for `\n`. */
  readonly hasCarriageReturns: boolean;
  /** Where the body is cut into writes, as parts of its length, and how long the upstream waits before each. */
  readonly cuts: readonly (readonly [at: number, delayMs: number])[];
  readonly fault: Fault;
}

type Fault =
  | { readonly kind: 'none' }
  /** Only so much of the body comes, as a part of its length, and then something else than the rest. */
  | { readonly kind: 'cut'; readonly at: number; readonly how: 'end' | 'break' | 'reset' | 'stall' }
  /** After some pieces comes an event that is none of theirs. */
  | { readonly kind: 'event'; readonly at: number; readonly what: keyof typeof EVENTS }
  /** There is no stream at all. */
  | { readonly kind: 'answer'; readonly what: keyof typeof ANSWERS };

const EVENTS = {
  error: data({ error: { message: 'Overloaded', code: 503 } }),
  malformed: 'data: {"choices": [\n\n',
  'no object': 'data: 7\n\n',
  comment: ': still here\n\n',
  endless: null,
} as const;

const html = '<!doctype html><title>Sorry</title><p>Come back later';
const ANSWERS = {
  nothing: ['text/event-stream', ''],
  'only comments': ['text/event-stream', ': one\n\n: two\n\n'],
  'no events': ['text/event-stream', 'hello\n\n'],
  html: ['text/html', html],
  'html as a stream': ['text/event-stream', html],
  json: ['application/json', '{"error":{"message":"Overloaded"}}'],
  'json of something else': ['application/json', '{"hello":"world"}'],
  'broken json': ['application/json', '{"choices":[{"message":{"content":"Hel'],
  gzip: ['text/event-stream', gzipSync(event({ content: 'compressed' }))],
  'a gzip bomb': ['text/event-stream', gzipSync(Buffer.alloc(10_000_000))],
  '1 GB promised': ['text/event-stream', event({ content: 'one' })],
  'status 429': ['application/json', '{"error":{"message":"Slow down"}}'],
  'status 500': ['text/html', html],
  'status 302': ['text/plain', ''],
} as const satisfies Readonly<Record<string, readonly [string, string | Uint8Array]>>;

const part = fc.double({ min: 0, max: 1, noNaN: true });
const keys = <T extends object>(of: T) => fc.constantFrom(...(Object.keys(of) as (keyof T)[]));

export const script: fc.Arbitrary<Script> = fc.record({
  pieces: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 }),
  hasCarriageReturns: fc.boolean(),
  cuts: fc.array(fc.tuple(part, fc.constantFrom(0, 0, 0, 2)), { maxLength: 12 }),
  fault: fc.oneof(
    { weight: 1, arbitrary: fc.constant({ kind: 'none' as const }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('cut' as const),
        at: part,
        how: fc.constantFrom('end', 'break', 'reset', 'end', 'break', 'reset', 'stall'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('event' as const), at: part, what: keys(EVENTS) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), what: keys(ANSWERS) }) },
  ),
});

/** What some of these answers begin with, before they break off. */
const TEXT_OF_ANSWERS: Partial<Record<keyof typeof ANSWERS, string>> = { gzip: 'compressed', '1 GB promised': 'one' };

const ENDLESS_PIECE = 'and so on ';

/** All the text that a script can send, whether or not its fault lets it. */
export function textOf({ pieces, fault }: Script): string {
  if (fault.kind === 'answer') return TEXT_OF_ANSWERS[fault.what] ?? '';
  if (fault.kind !== 'event' || fault.what !== 'endless') return pieces.join('');
  return pieces.slice(0, Math.round(fault.at * pieces.length)).join('') + ENDLESS_PIECE.repeat(100_000);
}

/** How the chat has to end: null where both are right, as the cut may come after all that counts. */
export function hasToFinish({ fault }: Script): boolean | null {
  if (fault.kind === 'none') return true;
  if (fault.kind === 'answer') return false;
  if (fault.kind === 'event') return fault.what === 'no object' || fault.what === 'comment';
  return fault.at < 0.5 ? false : null;
}

/** Whether the upstream falls silent, and stays connected. */
export function stalls({ fault }: Script): boolean {
  return fault.kind === 'cut' && fault.how === 'stall';
}

export async function play({ pieces, hasCarriageReturns, cuts, fault }: Script, exchange: Exchange): Promise<void> {
  if (fault.kind === 'answer') return answer(fault.what, exchange);
  const events = [...pieces.map((content) => event({ content })), event({}, 'stop'), DONE];
  await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
  if (fault.kind === 'event') {
    const at = Math.round(fault.at * pieces.length);
    const what = EVENTS[fault.what];
    if (what === null) return endless(events.slice(0, at), exchange);
    events.splice(at, 0, what);
  }
  const whole = Buffer.from(hasCarriageReturns ? events.join('').replaceAll('\n', '\r\n') : events.join(''));
  // The two last events say that nothing is missing: the first half of a cut is somewhere before them.
  const body = fault.kind === 'cut' ? whole.subarray(0, Math.floor(fault.at * whole.length * 0.999)) : whole;
  let sent = 0;
  for (const [at, delayMs] of cuts.toSorted(([one], [other]) => one - other)) {
    const end = Math.floor(at * body.length);
    if (delayMs > 0) await wait(delayMs);
    if (end > sent) await exchange.send(body.subarray(sent, end));
    sent = Math.max(sent, end);
  }
  if (sent < body.length) await exchange.send(body.subarray(sent));
  const how = fault.kind === 'cut' ? fault.how : 'end';
  if (how === 'end') exchange.end();
  else if (how === 'break') exchange.breakOff();
  else if (how === 'reset') exchange.reset();
}

async function answer(what: keyof typeof ANSWERS, exchange: Exchange): Promise<void> {
  const [type, body] = ANSWERS[what];
  const status = what.startsWith('status') ? Number(what.slice(-3)) : 200;
  const headers = {
    'content-type': type,
    ...(what.includes('gzip') ? { 'content-encoding': 'gzip' } : {}),
    ...(what === 'status 302' ? { location: '/elsewhere' } : {}),
  };
  if (what !== '1 GB promised') return exchange.reply({ status, headers, body });
  await exchange.begin({ headers: { ...headers, 'content-length': 1_000_000_000 } });
  await exchange.send(body);
  exchange.breakOff();
}

async function endless(events: readonly string[], exchange: Exchange): Promise<void> {
  await exchange.send(...events);
  const piece = event({ content: ENDLESS_PIECE });
  while (!exchange.gone) await exchange.send(piece.repeat(20));
}
