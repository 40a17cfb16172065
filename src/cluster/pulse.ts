/** Between two pulses. */
const PULSE_MS = 20;

let waiting: (() => void)[] = [];
let lastAt = Number.NEGATIVE_INFINITY;

function beat(): void {
  lastAt = performance.now();
  const now = waiting;
  waiting = [];
  for (const call of now) call();
}

/**
 * Calls back once this turn is done, or a few milliseconds after others were called back: what all chats have to write in
 * that time is one write to the store's socket, and one read of its answers, which cost more than all else of it.
 */
export function onNextPulse(callback: () => void): void {
  if (waiting.push(callback) > 1) return;
  const ms = lastAt + PULSE_MS - performance.now();
  if (ms > 0) setTimeout(beat, ms);
  else setImmediate(beat);
}
