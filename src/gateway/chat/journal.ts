import type { ChatEvent } from './chat-event.ts';
import { onNextTurn } from './next-turn.ts';

/**
 * The record of one chat: what the provider said, in order, each event at the place that its `seq` names. Readers have a
 * position in it and no copy.
 */
export interface Journal {
  /** The last event makes an end of it. */
  append(event: ChatEvent): void;
  /** Nothing is to come, though there is no last event: everyone was told, or nobody is left. */
  close(): void;
  readonly ended: boolean;
  /** The `seq` of the newest event; -1 before the first. */
  readonly last: number;
  read(options?: ReadOptions): Reader;
  /**
   * Undefined while there is room; otherwise resolves when the reader that is furthest on has caught up. One that has gone
   * is waited for where events are kept.
   */
  room(): Promise<void> | undefined;
  /** From now on there is room. */
  release(): void;
}

export interface ReadOptions {
  /** The `seq` of the last event that is known; everything that is left is told when it is undefined. */
  readonly after?: number | undefined;
  /** Called with each event as it goes out. */
  onTake?(event: ChatEvent): void;
  /** There is nothing more to read. */
  onEnd?(): void;
}

/** One way through a journal, at its own pace: text that waits comes as one delta. */
export interface Reader {
  /** At most one event a turn of the event loop, but for the first and the last, which come together with others. */
  next(): Promise<IteratorResult<ChatEvent, void>>;
  /** The place of the next event that nobody asks for, though it is there; undefined if there is none. */
  readonly stalledAt: number | undefined;
  leave(): void;
}

/** As many UTF-16 code units of text and urls may wait for the reader that is furthest on, or be merged into one delta. */
const MOST_WAITING = 131_072;

/** @param isKept whether events are kept for readers to come; otherwise those that all readers have taken are dropped */
export function createJournal(isKept: boolean): Journal {
  const readers = new Set<{ readonly seq: number; wake(): void }>();
  let events: ChatEvent[] = [];
  /** How much had been written when each of the events was. */
  let written: number[] = [];
  /** The `seq` of the first event that is left, and of the next to come. */
  let first = 0;
  let end = 0;
  /** How much of what was written has been dropped. */
  let dropped = 0;
  /** The place behind the last event that anyone has taken, or knew already. */
  let furthest = 0;
  let ended = false;
  let isReleased = false;
  let makeRoom: (() => void) | undefined;

  function settleRoom() {
    if (makeRoom && !isFull()) makeRoom();
  }

  function isFull(): boolean {
    const all = written.at(-1) ?? dropped;
    if (all - dropped <= MOST_WAITING || furthest >= end || (readers.size === 0 && !isKept)) return false;
    return all - (written[furthest - first - 1] ?? dropped) > MOST_WAITING;
  }

  function dropTaken() {
    if (isKept || readers.size === 0) return;
    let taken = end;
    for (const { seq } of readers) taken = Math.min(taken, seq);
    if (taken - first < events.length / 2) return; // Not each time: the rest has to move.
    dropped = written[taken - first - 1] ?? dropped;
    events = events.slice(taken - first);
    written = written.slice(taken - first);
    first = taken;
  }

  /** The event at a place; a delta with as many of those after it as can be joined to it. */
  function takeFrom(seq: number): ChatEvent | undefined {
    const event = events[seq - first];
    if (event?.type !== 'ChatDelta' && event?.type !== 'ChatReasoningDelta') return event;
    const texts = [event.text];
    let length = event.text.length;
    let last = event;
    for (let at = seq + 1; at < end && length < MOST_WAITING; at++) {
      const next = events[at - first];
      if (next?.type !== event.type) break;
      texts.push(next.text);
      length += next.text.length;
      last = next;
    }
    return last === event ? event : { ...event, seq: last.seq, text: texts.join('') };
  }

  return {
    get ended() {
      return ended;
    },
    get last() {
      return end - 1;
    },
    append(event) {
      events.push(event);
      written.push((written.at(-1) ?? dropped) + sizeOf(event));
      end++;
      ended ||= event.type === 'ChatFinished' || event.type === 'ChatFailed';
      for (const reader of readers) reader.wake();
    },
    close() {
      ended = true;
      makeRoom?.();
      for (const reader of readers) reader.wake();
    },
    release() {
      isReleased = true;
      makeRoom?.();
    },
    room() {
      if (isReleased || !isFull()) return undefined;
      return new Promise((resolve) => {
        makeRoom = resolve;
      });
    },
    read({ after = first - 1, onTake, onEnd }: ReadOptions = {}) {
      let seq = Math.max(first, after + 1);
      let asked: ((result: IteratorResult<ChatEvent, void>) => void) | undefined;
      let isCalled = false;
      /** Whether the last event was one that text follows at once. */
      let hasStarted = false;

      function serve() {
        isCalled = false;
        if (!asked) return;
        const event = takeFrom(seq);
        if (event) take(event);
        else if (ended) finish();
      }

      function take(event: ChatEvent) {
        seq = event.seq + 1;
        furthest = Math.max(furthest, seq);
        hasStarted = event.type === 'ChatStarted';
        dropTaken();
        settleRoom();
        onTake?.(event);
        asked?.({ done: false, value: event });
        asked = undefined;
      }

      function finish() {
        asked?.(DONE);
        asked = undefined;
        onEnd?.();
      }

      const reader = {
        get seq() {
          return seq;
        },
        wake() {
          if (isCalled || !asked) return;
          isCalled = true;
          onNextTurn(serve);
        },
      };
      readers.add(reader);
      furthest = Math.max(furthest, seq);
      settleRoom();

      return {
        next: () =>
          new Promise((resolve) => {
            asked = resolve;
            if (!readers.has(reader)) finish();
            else if (seq >= end - 1 && ended)
              serve(); // Nothing can be joined to the last event, or to the end.
            else if (seq < end && hasStarted) serve();
            else if (seq < end) reader.wake();
          }),
        get stalledAt() {
          return asked === undefined && seq < end ? seq : undefined;
        },
        leave() {
          readers.delete(reader);
          settleRoom();
          asked?.(DONE);
          asked = undefined;
        },
      };
    },
  };
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };

/** How much of an event is text or a url, in UTF-16 code units. */
export function sizeOf(event: ChatEvent): number {
  if (event.type === 'ChatDelta' || event.type === 'ChatReasoningDelta') return event.text.length;
  return event.type === 'ChatImage' ? event.image.url.length : 0;
}
