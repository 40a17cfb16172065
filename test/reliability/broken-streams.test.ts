import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { aichats } from '../../src/providers/aichats.ts';
import { chatgptfree } from '../../src/providers/chatgptfree.ts';
import { ProviderError } from '../../src/providers/errors.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { websim } from '../../src/providers/websim.ts';
import { type Exchange, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { user } from '../helpers/messages.ts';
import { createAcme } from '../helpers/openai-server.ts';
import { chat, createProvider, createSettings } from '../helpers/provider-suite.ts';
import { type BrokenStream, brokenStream, contentTypeOf, type Dialect } from './broken-streams.ts';
import { meant, type Said, said } from './broken-streams-oracle.ts';
import { isWhole, row } from './row.ts';

const CASES = isWhole ? 100_000 : 2_000;
const SEED = 20_261_127;
const AT_ONCE = 40;

/** What became of it, and why that is wrong, if it is. */
function judge(stream: BrokenStream, outcome: Outcome): string | undefined {
  if (outcome.end instanceof ProviderError) return undefined;
  if (outcome.end !== 'finish') return `ended in ${outcome.end}`;
  const right = [meant(stream), said(stream)];
  const wrong = (['text', 'calls'] as const).find(
    (what) => !right.some((answer) => answer && isDeepStrictEqual(answer[what], outcome[what])),
  );
  if (wrong === undefined) return undefined;
  return `said ${JSON.stringify(outcome[wrong])}, expected ${JSON.stringify((right[1] ?? right[0])?.[wrong])}`;
}

interface Outcome extends Said {
  readonly end: unknown;
}

async function outcomeOf(provider: Provider, at: number): Promise<Outcome> {
  let text = '';
  let end: unknown = 'nothing';
  const calls: [name: string, text: string][] = [];
  try {
    const signal = new AbortController().signal;
    for await (const part of chat(provider, signal, [user(`case ${at} of many`)])) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'tool-call') calls[part.index] = [part.name, part.argumentsText];
      end = part.type;
    }
  } catch (error) {
    end = error;
  }
  return { text, calls, end };
}

async function play({ dialect, pieces, end }: BrokenStream, exchange: Exchange): Promise<void> {
  await exchange.begin({ headers: { 'content-type': contentTypeOf(dialect) } });
  await exchange.send(...pieces);
  if (end === 'end') exchange.end();
  else if (end === 'cut') exchange.breakOff();
  else exchange.reset();
}

describe('Broken answers', () => {
  row(
    'an answer with one thing broken is told as it is, or as a failure',
    {
      done: `${CASES} answers (seed ${SEED}) of every dialect with one thing broken at random: a byte, an event, a line end, the end, the order, a duplicate, a field that nobody knows`,
      expected:
        'all the text and all the arguments that came and an end, or a failure; never an end with some missing, never neither',
      timeoutMs: isWhole ? 1_800_000 : 120_000,
    },
    async (measure) => {
      const streams = fc.sample(brokenStream, { numRuns: CASES, seed: SEED });
      const upstream = await startFakeUpstream((exchange) => {
        if (exchange.method === 'GET') return exchange.reply({ body: '<main data-post-id="7" data-nonce="abc">' });
        const [, at] = /case(?: |\+|%20)(\d+)/.exec(exchange.body) ?? [];
        return play(streams[Number(at)] as BrokenStream, exchange);
      });
      const settings = createSettings({ firstPartTimeoutMs: 20_000, idleTimeoutMs: 20_000, finishGraceMs: 20_000 });
      const entry = { baseUrl: upstream.url };
      const providers: Readonly<Record<Dialect, Provider>> = {
        'openai-compatible': createAcme({ ...entry, thinkTags: 'off' }, settings),
        chatgptfree: createProvider(chatgptfree, entry, settings),
        aichats: createProvider(aichats, entry, settings),
        websim: createProvider(websim, entry, settings),
      };

      const wrong: string[] = [];
      let finished = 0;
      let next = 0;
      async function work() {
        for (let at = next++; at < streams.length; at = next++) {
          const stream = streams[at] as BrokenStream;
          const outcome = await outcomeOf(providers[stream.dialect], at);
          if (outcome.end === 'finish') finished++;
          const problem = judge(stream, outcome);
          if (problem === undefined) continue;
          const came = JSON.stringify(Buffer.concat(stream.pieces).toString());
          wrong.push(`case ${at}, ${stream.dialect}, ${stream.fault}, ${stream.end}: ${problem}, from ${came}`);
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      measure(`${finished} finished as they were sent, ${streams.length - finished} failed, ${wrong.length} wrong`);
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(finished).toBeGreaterThan(CASES / 10);
      expect(finished).toBeLessThan((CASES * 9) / 10);
    },
  );
});
