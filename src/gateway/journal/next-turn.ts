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
