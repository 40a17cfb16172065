// The load client, in a process of its own: opens streams, reads them, and reports what came.
import { microseconds, sleep } from './numbers.ts';
import type { Scenario, Script, Way } from './scenarios.ts';
import { Tally, type Totals } from './tally.ts';
import { type Address, createRoute } from './ways.ts';

export interface Order {
  readonly way: Way;
  readonly address: Address;
  readonly scenario: Scenario;
}

export interface Report extends Totals {
  /** Streams that were open and heard of at the end. */
  readonly alive: number;
  /** When each of those that left did so, in microseconds; of those that do not read, when they came. */
  readonly left: Record<string, number>;
}

interface Opened {
  readonly name: string;
  readonly tally: Tally;
  readonly leave: () => void;
}

async function run({ way, address, scenario }: Order): Promise<void> {
  const {
    name,
    kind,
    streams,
    openEveryMs,
    deadlineMs = 60_000,
    chunks,
    everyMs,
    piece,
    length,
    calls,
    first,
  } = scenario;
  const totals: Totals = { deltas: 0, complete: 0, errors: 0, firstMs: [], latencyMs: [], jitterMs: [] };
  const route = await createRoute(way, address, scenario);
  const opened: Opened[] = [];
  const left: Record<string, number> = {};
  const all = Promise.withResolvers<void>();
  let waiting = streams;
  const onCame = () => {
    if (--waiting === 0) all.resolve();
  };

  const startedAt = performance.now();
  for (let at = 0; at < streams; at++) {
    const wait = startedAt + at * openEveryMs - performance.now();
    if (wait > 0) await sleep(wait);
    const script: Script = {
      chunks,
      everyMs,
      ...(piece && { piece }),
      ...(length && { length }),
      ...(calls && { calls }),
      ...(at === 0 ? first : {}),
    };
    const onFirst = () => kind !== 'whole' && onCame();
    const tally = new Tally(totals, { marker: route.marker, script, onFirst });
    const onEnd = () => {
      tally.end();
      if (kind === 'whole') onCame();
    };
    const named = { name: `${name}-${at}`, ...script };
    if (kind === 'unread') left[named.name] = microseconds();
    opened.push({ name: named.name, tally, leave: route.open(named, tally, onEnd) });
  }
  if (kind !== 'unread') {
    const giveUp = setTimeout(all.resolve, deadlineMs);
    await all.promise;
    clearTimeout(giveUp);
    totals.errors += waiting;
  }

  if (kind === 'leave') Object.assign(left, await leave(opened.slice(0, scenario.leavers)));
  if (kind === 'hold') Object.assign(totals, { latencyMs: [], jitterMs: [] }); // Those while they opened.
  if (kind === 'hold' || kind === 'unread' || kind === 'crowd') {
    process.send?.('open');
    await new Promise((resolve) => process.once('message', resolve));
  }
  const alive = opened.filter(({ tally }) => tally.isAlive).length;
  process.send?.({ ...totals, alive, left } satisfies Report);
  await new Promise((resolve) => process.once('message', resolve)); // The end of the streams that are left is not measured.
  await route.close();
  process.send?.('closed');
}

async function leave(leavers: readonly Opened[]): Promise<Record<string, number>> {
  const left: Record<string, number> = {};
  await sleep(500);
  for (const { name, tally, leave: go } of leavers) {
    left[name] = microseconds();
    tally.leave();
    go();
    await sleep(10);
  }
  await sleep(500);
  return left;
}

process.on('message', (message: Order | 'go on' | 'close') => {
  if (typeof message === 'object') void run(message);
});
process.on('disconnect', () => process.exit());
