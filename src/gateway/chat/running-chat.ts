import { ProviderError } from '../../providers/errors.ts';
import { type Caller, CLIENT_GONE, ClientGone } from '../caller.ts';
import { type CountedChat, createGatewayStats, type GatewayStats } from '../gateway-stats.ts';
import { createJournal } from '../journal/journal.ts';
import type { Reader } from '../journal/reader.ts';
import { noteAttempts, noteUsage } from '../outcome.ts';
import type { ChatEvent } from './chat-event.ts';
import { chatEventPolicy } from './chat-event-policy.ts';
import { CANCELLED, type Write } from './run-chat.ts';
import { createTurns } from './scheduler.ts';

export interface ChatLimits {
  /** How long a chat whose id its client chose waits for its client, and how long it can be joined once it has ended. */
  readonly resumeGraceMs: number;
  /** How long events may wait for a reader who does not read. */
  readonly slowReaderTimeoutMs: number;
}

export interface RunningChatOptions {
  readonly limits: ChatLimits;
  /** Whether its client can come back to it. */
  readonly isResumable: boolean;
  /** Writes its events, until the signal aborts. @param from the `seq` of the first one */
  run(signal: AbortSignal, write: Write, from: number): Promise<void>;
  /** It is of no use any more. */
  onEnd(): void;
  /** Where it is counted. */
  readonly stats?: GatewayStats | undefined;
  /** Absent: it is a matter of this process alone. */
  readonly elsewhere?: Elsewhere | undefined;
}

/** What other processes have to do with a chat. */
export interface Elsewhere {
  /** Whether they follow what is written here; otherwise it is a copy of what one of them writes, and goes with its readers. */
  readonly isWrittenHere: boolean;
  /** Called with each event that is written. */
  onAppend(): void;
}

/** A chat under way, or just over: its journal, those who read it, and the provider that writes it. */
export interface RunningChat extends CountedChat {
  /** The `seq` of the newest event that was told here; -1 before the first. */
  readonly last: number;
  /** Whether a client can have heard more of it, elsewhere. */
  readonly isCopy: boolean;
  /** The events after the event `after`, of all of them: first those that were told already, then the others live. */
  join(caller: Caller, after?: number | undefined): AsyncIterableIterator<ChatEvent, void, void>;
  /** Ends it for everyone who reads it. */
  cancel(): void;
  /** The same, in a `ChatFailed`. */
  fail(error: ProviderError): void;
  /** Somebody reads it elsewhere, until the function that is returned is called. */
  attend(): (kind: ClientGone['kind']) => void;
  /** Its events from this place on. */
  from(seq: number): readonly ChatEvent[];
  /** They are kept elsewhere too, up to this place. */
  reached(seq: number): void;
}

export function startChat({
  limits,
  isResumable,
  run,
  onEnd,
  elsewhere,
  stats = createGatewayStats(),
}: RunningChatOptions): RunningChat {
  const journal = createJournal({ policy: chatEventPolicy, isKept: isResumable, onAppend: elsewhere?.onAppend });
  const controller = new AbortController();
  const takeTurn = createTurns();
  let readers = 0;
  let timer: NodeJS.Timeout | undefined;

  const isCopy = () => elsewhere?.isWrittenHere === false;
  /** Whether it waits here for clients that have lost their connection. */
  const mayReturn = () => isResumable && !isCopy();

  function forget() {
    stats.chats.delete(chat);
    onEnd();
  }

  /** Forgets the chat, now or after the time that its client has to come back. */
  function endAfter(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      controller.abort(CLIENT_GONE.LOST);
      forget();
    }, ms);
    timer.unref();
  }

  function write(event: ChatEvent) {
    journal.append(event);
    return takeTurn(chatEventPolicy.sizeOf(event)) ?? journal.room();
  }

  async function start() {
    try {
      await run(controller.signal, write, 0);
    } finally {
      journal.close();
      if (mayReturn() && !(controller.signal.reason instanceof ClientGone)) endAfter(limits.resumeGraceMs);
      else forget();
    }
  }

  function enter() {
    readers++;
    if (!journal.ended) clearTimeout(timer);
  }

  /** The last reader has gone: unless its client may come back, nobody is left to write for. */
  function onLeave(kind: ClientGone['kind']) {
    if (--readers > 0 || journal.ended) return;
    if (mayReturn() && kind === 'LOST') return endAfter(limits.resumeGraceMs);
    controller.abort(CLIENT_GONE[kind]);
    journal.close();
    forget();
  }

  controller.signal.addEventListener('abort', journal.release, { once: true });
  const chat: RunningChat = {
    begunAt: performance.now(),
    get hasEnded() {
      return journal.ended;
    },
    get last() {
      return journal.last;
    },
    get isCopy() {
      return isCopy();
    },
    get readers() {
      return readers;
    },
    get size() {
      return journal.size;
    },
    cancel: () => controller.abort(CANCELLED),
    fail: (error) => controller.abort(error),
    from: journal.from,
    reached: journal.reached,
    attend() {
      enter();
      let gone = false;
      return (kind) => {
        if (!gone) onLeave(kind);
        gone = true;
      };
    },
    join(caller, after) {
      enter();
      const { signal } = caller;
      const onTake = (event: ChatEvent, merged: number) => {
        stats.mergedDeltas += merged;
        note(caller, event);
      };
      const reader = journal.read({ after, onTake, onEnd: () => leave('LOST') });
      const stopWatching = onceSlow(reader, limits.slowReaderTimeoutMs, () => {
        stats.droppedReaders++;
        caller.drop();
      });
      let gone = false;

      function leave(kind: ClientGone['kind']) {
        if (gone) return;
        gone = true;
        stopWatching();
        signal.removeEventListener('abort', onAbort);
        reader.leave();
        onLeave(kind);
      }

      function onAbort() {
        const { reason } = signal;
        // A stop of the server ends the chat itself, and its reader hears of it; what is written elsewhere goes on there.
        if (reason instanceof ProviderError) return isCopy() ? undefined : controller.abort(reason);
        leave(reason instanceof ClientGone ? reason.kind : 'LOST');
      }

      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });

      return {
        next: () => reader.next(),
        /** A generator's own would wait for a pending `next()`, so for as long as the upstream is silent. */
        return() {
          caller.leave('LOST');
          leave('LOST');
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
  stats.chats.add(chat);
  void start();
  return chat;
}

function note({ note }: Caller, event: ChatEvent): void {
  if (event.type === 'ChatStarted') note({ model: event.model.id, ...noteAttempts(event.attempts) });
  else if (event.type === 'ChatFinished') {
    const { finishReason, usage, firstTokenMs } = event;
    note({ code: finishReason, usage: noteUsage(usage), firstTokenMs: firstTokenMs ?? undefined });
  } else if (event.type === 'ChatFailed') {
    const { code, message, attempts } = event;
    note({ model: attempts.at(-1)?.model.id ?? '', code, reason: message, ...noteAttempts(attempts) });
  }
}

/** Tells of a reader for whom events have waited too long. Looks only now and then: a timer for each event would cost more. */
function onceSlow(reader: Reader<ChatEvent>, timeoutMs: number, tell: () => void): () => void {
  let stalledAt: number | undefined;
  const timer = setInterval(() => {
    if (stalledAt !== undefined && reader.stalledAt === stalledAt) {
      clearInterval(timer);
      tell();
    }
    stalledAt = reader.stalledAt;
  }, timeoutMs);
  timer.unref();
  return () => clearInterval(timer);
}
