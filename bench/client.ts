// The load client, in a process of its own: opens streams, reads them, and reports what came.
import { microseconds, sleep } from './numbers.ts';
import { LEAVERS, type Scenario, type Way } from './scenarios.ts';
import { Tally, type Totals } from './tally.ts';
import { type Address, createRoute } from './ways.ts';

export interface Order {
  readonly way: Way;
  readonly address: Address;
  readonly scenario: Scenario;
}

export interface Report extends Totals {
  /** When each of those that left did so, in microseconds. */
  readonly left: Record<string, number>;
}

/** A stream that has not come this far by then is an error. */
const DEADLINE_MS = 60_000;
/** Memory is read when streams have been open for a while: so long they stay. */
const HOLD_MS = 4000;

async function run({ way, address, scenario }: Order): Promise<void> {
  const { kind, streams, chunks, openEveryMs } = scenario;
  const totals: Totals = { deltas: 0, complete: 0, errors: 0, firstMs: [], latencyMs: [] };
  const left: Record<string, number> = {};
  const route = await createRoute(way, address, streams);
  const leave = new Map<string, () => void>();
  const all = Promise.withResolvers<void>();
  const giveUp = setTimeout(all.resolve, DEADLINE_MS);
  let waiting = streams;
  const onCame = () => {
    if (--waiting === 0) all.resolve();
  };

  const startedAt = performance.now();
  for (let at = 0; at < streams; at++) {
    const wait = startedAt + at * openEveryMs - performance.now();
    if (wait > 0) await sleep(wait);
    const name = `stream-${at}`;
    const onFirst = () => kind !== 'whole' && onCame();
    const tally = new Tally(totals, { marker: route.marker, chunks, onFirst });
    const onEnd = () => {
      tally.end();
      if (kind === 'whole') onCame();
    };
    leave.set(name, route.open(name, tally, onEnd));
  }
  await all.promise;
  clearTimeout(giveUp);
  totals.errors += waiting;

  // What the end of the run does to the streams that are left is not counted.
  const counted = { ...totals };
  if (kind === 'hold') {
    await sleep(HOLD_MS);
    process.send?.('open');
    await new Promise((resolve) => process.once('message', resolve));
  }
  if (kind === 'leave') {
    await sleep(500);
    for (const [name, go] of [...leave].slice(0, LEAVERS)) {
      left[name] = microseconds();
      go();
      await sleep(10);
    }
    await sleep(500);
  }
  await sleep(50);
  process.send?.({ ...counted, left } satisfies Report);
  await route.close();
}

process.on('message', (message: Order | 'go on') => {
  if (message !== 'go on') void run(message);
});
process.on('disconnect', () => process.exit());
