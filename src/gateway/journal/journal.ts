import { createRoom } from './back-pressure.ts';
import type { EventPolicy, Sequenced } from './event-policy.ts';
import { Log } from './log.ts';
import { OpenReader, type Reader } from './reader.ts';

/**
 * An append-only record of events, each at the place that its `seq` names, from 0. It has one writer, here or, for a copy
 * of another's journal, whoever hands on what was written there. Readers have a position in it and no copy. Nothing of
 * it but `next()` and `room()` waits: what is appended is there at once.
 */
export interface Journal<E extends Sequenced> {
  /** What is appended in one turn of the event loop its readers hear of together. The last event makes an end of it. */
  append(event: E): void;
  /** Nothing is to come, though there is no last event: everyone was told, or nobody is left. */
  close(): void;
  readonly ended: boolean;
  /** The `seq` of the newest event; -1 before the first. */
  readonly last: number;
  /** How much it keeps, in the unit of its policy. */
  readonly size: number;
  read(options?: ReadOptions<E>): Reader<E>;
  /** What is left from this place on, as it was appended. */
  from(seq: number): readonly E[];
  /** Somebody elsewhere, who has a copy, has it up to this place: it counts as read. */
  reached(seq: number): void;
  /**
   * Undefined while there is room; otherwise resolves when the reader that is furthest on has caught up. One that has gone
   * is waited for where events are kept.
   */
  room(): Promise<void> | undefined;
  /** From now on there is room. */
  release(): void;
}

export interface ReadOptions<E extends Sequenced> {
  /** The `seq` of the last event that is known; everything that is left is told when it is undefined. */
  readonly after?: number | undefined;
  /**
   * Called with each event as it goes out.
   * @param merged how many of those behind it are in it
   */
  onTake?(event: E, merged: number): void;
  /** There is nothing more to read. */
  onEnd?(): void;
}

export interface JournalOptions<E extends Sequenced> {
  readonly policy: EventPolicy<E>;
  /** Whether events are kept for readers to come; otherwise those that all readers have taken are dropped. */
  readonly isKept: boolean;
  /** Called with each append. */
  onAppend?: (() => void) | undefined;
}

/** A journal in the memory of this process. */
export function createJournal<E extends Sequenced>({ policy, isKept, onAppend }: JournalOptions<E>): Journal<E> {
  const log = new Log(policy);
  const readers = new Set<OpenReader<E>>();
  /** The place behind the last event that anyone has taken, or knew already. */
  let furthest = 0;
  const room = createRoom(() => (isKept || readers.size > 0) && log.sizeFrom(furthest) > policy.maxWaiting);

  function onReach(seq: number) {
    furthest = Math.max(furthest, seq);
    room.settle();
  }

  function dropTaken() {
    let taken = log.end;
    for (const { seq } of readers) taken = Math.min(taken, seq);
    log.dropBefore(taken);
  }

  function wakeReaders() {
    for (const reader of readers) reader.wake();
  }

  return {
    get ended() {
      return log.isClosed;
    },
    get last() {
      return log.end - 1;
    },
    get size() {
      return log.sizeFrom(log.first);
    },
    append(event) {
      log.append(event);
      wakeReaders();
      onAppend?.();
    },
    close() {
      log.close();
      room.release();
      wakeReaders();
    },
    from: (seq) => log.slice(seq, log.end),
    reached: onReach,
    room: room.wait,
    release: room.release,
    read({ after = log.first - 1, onTake, onEnd }: ReadOptions<E> = {}) {
      const from = Math.max(log.first, after + 1);
      const reader: OpenReader<E> = new OpenReader({
        log,
        policy,
        from,
        onTake(event, merged) {
          onReach(event.seq + 1);
          if (!isKept) dropTaken();
          onTake?.(event, merged);
        },
        onEnd,
        onLeave() {
          readers.delete(reader);
          room.settle();
        },
      });
      readers.add(reader);
      onReach(from);
      return reader;
    },
  };
}
