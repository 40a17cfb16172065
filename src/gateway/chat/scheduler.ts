import { onNextTurn } from '../journal/next-turn.ts';

/** As long as this, all chats together may keep the event loop before others get their turn. */
const BUDGET_MS = 4;
/** So much a chat may write in each turn without waiting, so that those that say little never stand behind those that burst. */
const FREE_CHARACTERS = 2048;
/** What a part costs beside its text. */
const PART_CHARACTERS = 64;

/** Counts the turns of the event loop in which a chat writes. */
let turn = 0;
let began: number | undefined;
/** The chats that wait for their turn. */
const line: (() => void)[] = [];

/** For one chat: undefined while it may go on in this turn of the event loop, otherwise resolves when it is its turn again. */
export type TakeTurn = (characters: number) => Promise<void> | undefined;

export function createTurns(): TakeTurn {
  let last = turn;
  let written = 0;
  return (characters) => {
    const mayGoOn = hasTime();
    if (last !== turn) written = 0;
    last = turn;
    written += PART_CHARACTERS + characters;
    return mayGoOn || written <= FREE_CHARACTERS ? undefined : new Promise(wait);
  };
}

function hasTime(): boolean {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    onNextTurn(endTurn);
  }
  return now - began < BUDGET_MS;
}

function endTurn(): void {
  began = undefined;
  turn++;
}

function wait(resolve: () => void): void {
  line.push(resolve);
  setImmediate(letIn);
}

/** Once for each chat in line. What it does then is done before the next is let in, and counts. */
function letIn(): void {
  if (hasTime()) line.shift()?.();
  else setImmediate(letIn);
}
