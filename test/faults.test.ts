import { expect, test } from 'vitest';
import { overSse, type Result } from './helpers/clients.ts';
import { type Exchange, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer } from './helpers/server.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { model { provider { id } } attempts { code } }
    ... on ChatFinished { finishReason length }
    ... on ChatFailed { code attempts { code } }
  }
}`;

const STREAM = { headers: { 'content-type': 'text/event-stream' } };
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const HELLO = chunk({ content: 'Hello' });
const END = `${chunk({}, 'stop')}data: [DONE]\n\n`;
const fail =
  (status: number, message: string, headers = {}): Play =>
  ({ reply }) =>
    reply({
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ error: { message } }),
    });

/** Sends pieces, after the first part of an answer or before it, and then does the rest. */
const stream =
  (rest: (exchange: Exchange) => unknown, ...pieces: readonly string[]) =>
  (part: string): Play =>
  async (exchange) => {
    await exchange.begin(STREAM);
    await exchange.send(part, ...pieces);
    await rest(exchange);
  };

const good: Play = stream(({ end }) => end(), END)(HELLO);

/** A fault, before the first part of an answer and after it; null where it cannot be. */
interface Fault {
  readonly name: string;
  readonly before: Play | null;
  readonly after: Play | null;
}

const both = (name: string, play: (part: string) => Play): Fault => ({ name, before: play(''), after: play(HELLO) });
const atStart = (name: string, before: Play): Fault => ({ name, before, after: null });
const atEnd = (name: string, then: (exchange: Exchange) => unknown): Fault => ({
  name: `the end is told, and then ${name}`,
  before: null,
  after: stream(then, chunk({}, 'stop'))(HELLO),
});

/** Sends signs of life for as long as there is somebody. */
async function heartbeats(exchange: Exchange): Promise<void> {
  while (!exchange.gone) await exchange.send(': still here\n\n');
}

const faults: readonly Fault[] = [
  atStart('429 with `retry-after`', fail(429, 'Slow down', { 'retry-after': '1' })),
  atStart('429 without `retry-after`', fail(429, 'Slow down')),
  atStart('401', fail(401, 'Wrong key')),
  atStart('503', fail(503, 'Overloaded')),
  atStart('a reset before the headers', ({ reset }) => reset()),
  atStart('headers that never come', () => {}),
  atStart('a slow first byte, within the deadline', async (exchange) => {
    await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS / 3));
    await good(exchange);
  }),
  both(
    'a connection that breaks',
    stream(({ breakOff }) => breakOff()),
  ),
  both(
    'a stall',
    stream(() => {}),
  ),
  atStart('heartbeats, and no first part', stream(heartbeats)('')),
  both(
    'an event that cannot be read, in an answer that ends well',
    stream(({ end }) => end(), 'data: {"choices": [\n\n', HELLO, END),
  ),
  both(
    'an end without `[DONE]` or a finish reason',
    stream(({ end }) => end()),
  ),
  atEnd('silence', () => {}),
  atEnd('heartbeats', heartbeats),
  atEnd('a connection that breaks', ({ breakOff }) => breakOff()),
  atStart('404: there is no such model', fail(404, 'The model `m` does not exist')),
  atStart('404: there is no such path', fail(404, 'Not found')),
  atStart('400: a wrong key', fail(400, 'API key not valid')),
  atStart('413: too many tokens a minute', fail(413, 'Limit 6000 tokens per minute')),
  atStart('498, 529 and other statuses of a busy service', fail(498, 'No capacity')),
  atStart('400: the context is too long', fail(400, 'Too many tokens')),
  atStart('400: against the content policy', fail(400, 'Not allowed')),
  both(
    'an error event in a 200',
    stream(({ end }) => end(), 'data: {"error":{"message":"Overloaded","code":503}}\n\n'),
  ),
  both(
    'an error in an event of the type `error`',
    stream(({ end }) => end(), 'event: error\ndata: {"code":"Throttling","message":"Slow down"}\n\n'),
  ),
  both(
    'a failure as the reason for the end',
    stream(({ end }) => end(), chunk({}, 'insufficient_system_resource'), 'data: [DONE]\n\n'),
  ),
  atStart('HTML in a 200', ({ reply }) =>
    reply({ headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Hello' }),
  ),
];

/** Only what never comes is later. */
const DEADLINE_MS = 3000;

async function startPair(first: Play) {
  const upstreams = [await startFakeUpstream(first), await startFakeUpstream(good)];
  const [one, two] = upstreams.map(({ url }) => ({ type: 'openai-compatible', baseUrl: `${url}/v1`, models: ['m'] }));
  const server = await startServer({
    config: {
      providers: { first: one, second: two },
      aliases: { either: ['first/m', 'second/m'] },
      limits: { firstPartTimeoutMs: DEADLINE_MS, idleTimeoutMs: DEADLINE_MS },
    },
  });
  const ask = () =>
    overSse(server, {
      query: CHAT,
      variables: { input: { model: 'either', messages: [{ role: 'USER', content: 'hi' }] } },
    });
  return { ask, calls: () => upstreams.map(({ exchanges }) => exchanges.length).join(' + ') };
}

/** What the client saw, in a few words. */
function told(results: readonly Result[]): string {
  const events = results.map(({ data }) => data?.chat as Record<string, unknown>);
  const words = events.flatMap(({ __typename: type, ...event }) => {
    const attempts = (event.attempts as { code: string }[] | undefined)?.map(({ code }) => code).join(', ');
    switch (type) {
      case 'ChatStarted': {
        const { provider } = event.model as { provider: { id: string } };
        return `${provider.id} started${attempts ? ` (after ${attempts})` : ''}`;
      }
      case 'ChatFinished':
        return `finished: ${event.finishReason}, ${event.length} characters`;
      case 'ChatFailed':
        return `failed: ${event.code}`;
      default:
        return [];
    }
  });
  expect(events.filter(({ __typename: type }) => type === 'ChatFinished' || type === 'ChatFailed')).toHaveLength(1);
  return words.join('; ');
}

async function run(play: Play | null): Promise<string> {
  if (!play) return 'cannot be | ';
  const { ask, calls } = await startPair(play);
  return `${told(await ask())} | ${calls()}`;
}

test('what a client sees of each fault of an upstream stands in docs/faults.md', async () => {
  const rows = await Promise.all(
    faults.map(async ({ name, before, after }) => `| ${name} | ${await run(before)} | ${await run(after)} |`),
  );
  const down = await startPair(({ reset }) => reset());
  const seen: string[] = [];
  for (let call = 0; call < 20; call++) seen.push(told(await down.ask()));
  expect(new Set(seen.slice(3))).toEqual(new Set(['second started; finished: STOP, 5 characters']));
  rows.push(
    `| an upstream that is down for long, 20 chats | ${seen.at(0)} (3 times); ${seen.at(-1)} (17 times) | ${down.calls()} | cannot be | |`,
  );

  await expect(`# Faults

What a client sees when an upstream fails. Two upstreams serve one alias, \`either\`; the first has the fault, the second is fine. The numbers are the calls that the first and the second got. This page is written by a test, which fails when what happens is something else.

| fault | before the first part: the client saw | calls | after the first part: the client saw | calls |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Before the first part the next model is tried, and every failed try stands in \`attempts\`; a request that is refused (\`REJECTED\`) is not sent elsewhere. After the first part there is never a silent second try. An answer whose end was told is complete: it is waited for a moment (\`limits.finishGraceMs\`), as its usage may follow, and nothing that comes then counts against it. Every stream has exactly one last event.
`).toMatchFileSnapshot('../docs/faults.md');
});
