// Half load for a long time: `npm run soak`, or `npm run soak -- --minutes 2`. Writes its section of docs/reliability.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Figures } from '../helpers/probe.ts';
import { type Line, print, sectionOf, writePicture, writeSections } from './page.ts';
import { plot } from './plot.ts';
import { createRandom, keepChatting, startUpstream } from './soak-load.ts';

const MAX_STREAMS = 200;
const SAMPLES = 120;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 240)) throw new Error(`--minutes: expected 0 to 240, got '${values.minutes}'`);

const random = createRandom(42);
const folder = mkdtempSync(join(tmpdir(), 'modelql-soak-'));
const config = join(folder, 'config.json');
const baseUrl = `http://127.0.0.1:${await startUpstream(random)}`;
writeFileSync(config, JSON.stringify({ providers: { aichats: { baseUrl } }, limits: { maxStreams: MAX_STREAMS } }));
const server = spawn(
  process.execPath,
  [
    '--expose-gc',
    '--import',
    join(import.meta.dirname, '../helpers/probe.ts'),
    join(import.meta.dirname, '../../src/server.ts'),
    '--port',
    '0',
    '--config',
    config,
  ],
  { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
);
process.once('exit', () => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});
if (!server.stdout) throw new Error('expected a process with pipes');
const lines = createInterface({ input: server.stdout });
const [first] = await once(lines, 'line');
let errors = 0;
lines.on('line', (line) => {
  if (JSON.parse(line).level >= 50) errors++;
});

const end = performance.now() + minutes * 60_000;
const isOver = () => performance.now() >= end;
const ends = new Map<string, number>();
const url = `${JSON.parse(first).url}/graphql`;
const chatting = Promise.all(
  Array.from({ length: MAX_STREAMS / 2 }, () => keepChatting(url, { random, isOver, ends })),
);
const samples: Figures[] = [];
while (!isOver()) {
  await wait((minutes * 60_000) / SAMPLES);
  samples.push(await measure());
}
await chatting;
await wait(6000); // Connections that may be used again are kept for a few seconds.
const after = await measure();
report();
process.exit();

async function measure(): Promise<Figures> {
  server.send('figures');
  const [figures] = await once(server, 'message');
  return figures as Figures;
}

function report(): void {
  const told = [...ends].map(([how, count]) => `${count} ${how}`).join(', ');
  const done = `${minutes} minutes, ${MAX_STREAMS / 2} chats at a time over SSE and WebSocket (\`maxStreams\` ${MAX_STREAMS}), 5 % of the upstream's answers faults, 10 % of the chats left early`;
  const total = [...ends.values()].reduce((sum, count) => sum + count, 0);
  const lines: readonly Line[] = [
    flat('the heap is flat', done, ({ heapBytes }) => heapBytes / 1e6, 'MB'),
    flat('sockets are flat', 'the same', ({ sockets }) => sockets, 'sockets'),
    flat('file descriptors are flat', 'the same', ({ fileDescriptors }) => fileDescriptors ?? 0, 'descriptors'),
    line(
      'every chat has an end, and the text that it says it has',
      'the same',
      'none without an end or of another length; no error in the log',
      `${total} chats: ${told}; ${errors} errors`,
      !ends.has('no end') && !ends.has('wrong') && errors === 0,
    ),
    line(
      'nothing is left afterwards',
      'the same, and 6 s',
      'no socket',
      `${after.sockets} sockets, ${after.timers} timers, heap ${(after.heapBytes / 1e6).toFixed(1)} MB`,
      after.sockets === 0,
    ),
  ];
  for (const one of lines) process.stdout.write(`${print(one)}\n`);
  const curves = [
    { name: 'Heap, garbage collected (MB)', values: samples.map(({ heapBytes }) => heapBytes / 1e6) },
    { name: 'Sockets', values: samples.map(({ sockets }) => sockets) },
    { name: 'File descriptors', values: samples.map(({ fileDescriptors }) => fileDescriptors ?? 0) },
  ];
  writePicture('soak.svg', plot(curves, minutes));
  writeSections(new Map([['Soak', sectionOf(lines, '\n\n![Heap, sockets and file descriptors over time](soak.svg)')]]));
}

/** The last quarter beside the second one: the first is that in which everything is compiled and filled. */
function flat(fact: string, done: string, read: (figures: Figures) => number, unit: string): Line {
  const quarter = Math.floor(samples.length / 4);
  const before = median(samples.slice(quarter, 2 * quarter).map(read));
  const now = median(samples.slice(-quarter).map(read));
  const growth = (now / before - 1) * 100;
  const measured = `${before.toFixed(1)}, then ${now.toFixed(1)} ${unit} (${growth.toFixed(1)} %)`;
  return line(
    fact,
    done,
    'the median of the last quarter at most 10 % above that of the second',
    measured,
    growth <= 10,
  );
}

function line(fact: string, done: string, expected: string, measured: string, isMet: boolean): Line {
  return { fact, done, expected, measured, outcome: isMet ? 'met' : '**missed**' };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
