import { setImmediate as nextTurn } from 'node:timers/promises';

/** As long as this, all chats together may keep the event loop before others get their turn. */
const BUDGET_MS = 4;

let began: number | undefined;

/** Resolves at once while there is time left in this turn of the event loop, otherwise in the next one. */
export function takeTurn(): Promise<unknown> | undefined {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    onNextTurn(endTurn);
  }
  return now - began < BUDGET_MS ? undefined : nextTurn();
}

function endTurn(): void {
  began = undefined;
}

let waiting: (() => void)[] = [];

/** Calls back once all that is under way in this turn has been done. */
export function onNextTurn(callback: () => void): void {
  if (waiting.push(callback) > 1) return;
  setImmediate(() => {
    const now = waiting;
    waiting = [];
    for (const call of now) call();
  });
}
