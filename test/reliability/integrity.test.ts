import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isRising, overPost, overSse, overWebSocket, type Result, type Run } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { startServer } from '../helpers/server.ts';
import { isWhole, row } from './row.ts';
import { hasToFinish, play, type Script, script, stalls, textOf } from './upstream-script.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { seq }
    ... on ChatDelta { seq text offset }
    ... on ChatFinished { seq finishReason length }
    ... on ChatFailed { seq code }
  }
}`;
const COMPLETE = `mutation ($input: ChatInput!) {
  completeChat(input: $input) { __typename ... on ChatAnswer { text } ... on ChatFailed { code } }
}`;

interface Told {
  readonly __typename: string;
  readonly seq: number;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

/** What the client has to see of a script, whatever the fault: returns how it ended. */
function checkStream(results: readonly Result[], script: Script): string {
  const events = results.map(({ data }) => data?.chat as Told);
  const isLast = ({ __typename: type }: Told) => type === 'ChatFinished' || type === 'ChatFailed';
  expect(events.map(isLast).indexOf(true), 'the one last event').toBe(events.length - 1);
  expect(isRising(events.map(({ seq }) => seq)), 'places that rise').toBe(true);
  let text = '';
  for (const event of events.slice(0, -1)) {
    if (event.__typename !== 'ChatDelta') continue;
    expect(event.offset, 'the offset').toBe(text.length);
    text += event.text;
  }
  const last = events.at(-1) as Told;
  checkEnd(last.__typename === 'ChatFinished', text, script);
  if (last.__typename === 'ChatFinished') expect(last.length, 'the length').toBe(text.length);
  if (text !== '') expect(events[0]?.__typename).toBe('ChatStarted');
  return last.__typename;
}

function checkAnswer([result]: readonly Result[], script: Script): string {
  const told = result?.data?.completeChat as Told;
  const isWhole = told.__typename === 'ChatAnswer';
  checkEnd(isWhole, told.text ?? '', script);
  return told.__typename;
}

function checkEnd(hasFinished: boolean, text: string, script: Script): void {
  const sent = textOf(script);
  expect(sent.startsWith(text), `'${text}' begins '${sent.slice(0, 200)}'`).toBe(true);
  if (hasFinished) expect(text).toBe(sent);
  const expected = hasToFinish(script);
  if (expected !== null) expect(hasFinished, 'whether it finished').toBe(expected);
}

const ways: readonly (readonly [string, Run, string, typeof checkStream])[] = [
  ['SSE', overSse, CHAT, checkStream],
  ['WebSocket', overWebSocket, CHAT, checkStream],
  ['POST, whole', overPost, COMPLETE, checkAnswer],
];

const RUNS = isWhole ? 1500 : 120;
const SEED = 20_261_101;

describe('Integrity', () => {
  for (const [way, run, query, check] of ways) {
    row(
      `whatever an upstream does, an answer over ${way} is never wrong, nor cut without a word`,
      {
        done: `${RUNS} scripts of an upstream (seed ${SEED}): cut at any byte and ended, reset or stalled; errors, malformed events, HTML, JSON, gzip, bombs, endless and short bodies; awkward splits, pauses, line ends`,
        expected: `one last event; the deltas joined begin what was sent, and are all of it when finished; offsets and length agree`,
        timeoutMs: 170_000,
      },
      async (measure) => {
        const scripts: Script[] = [];
        const upstream = await startFakeUpstream((exchange) => {
          const [message] = JSON.parse(exchange.body).messages;
          return play(scripts[Number(message.content)] as Script, exchange);
        });
        const acme = { type: 'openai-compatible', baseUrl: upstream.url, models: ['m'] };
        const start = (timeoutMs: number) => {
          const limits = { firstByteTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs, maxAnswerBytes: 50_000 };
          return startServer({ config: { providers: { acme }, limits } });
        };
        // Only where nothing more comes is there a reason not to wait.
        const [patient, impatient] = [await start(120_000), await start(150)];
        const ends: Record<string, number> = {};
        await fc.assert(
          fc.asyncProperty(script, async (script) => {
            const content = String(scripts.push(script) - 1);
            const variables = { input: { model: 'acme/m', messages: [{ role: 'USER', content }] } };
            const server = stalls(script) ? impatient : patient;
            const end = check(await run(server, { query, variables }), script);
            ends[end] = (ends[end] ?? 0) + 1;
          }),
          { seed: SEED, numRuns: RUNS },
        );
        const errors = [...patient.errors(), ...impatient.errors()];
        measure(
          `${Object.entries(ends)
            .map(([end, count]) => `${count} ${end}`)
            .join(', ')}; ${errors.length} errors in the log`,
        );
        expect(errors).toEqual([]);
      },
    );
  }
});
