import { toSent } from '../attachments/to-sent.ts';
import { subscribe } from '../client/client.ts';
import { ChatSubscription } from '../client/operations.ts';
import { type Answer, type ChatEvent, fail, lose, tell } from './answer.ts';

type Edit = (answer: Answer) => Answer;

interface Place {
  /** Shows a change. */
  show(edit: Edit): void;
  /** The same, and keeps it. @returns when it is kept */
  keep(edit: Edit): Promise<void>;
}

/** While an answer is on its way, it is kept so often: by that a page that is opened again sees that it may be joined. */
const KEEP_EVERY_MS = 5000;

/** How to unsubscribe from each chat that runs. */
const running = new Map<string, () => void>();

export const runs = (id: string): boolean => running.has(id);

/**
 * Subscribes to the chat of an answer; one of which something was heard is only joined, from there on, and never begun
 * anew. What arrives within one frame is shown at once, as nobody sees more.
 */
export function begin(answer: Answer, { show, keep }: Place): void {
  const { input } = answer;
  if (!input) return;
  let heard = answer.seq ?? undefined;
  const arrived: ChatEvent[] = [];
  let isBegun = heard !== undefined;
  let frame = 0;
  const keepAll = () => keep((before) => arrived.splice(0).reduce(tell, before));
  const beat = setInterval(keepAll, KEEP_EVERY_MS);
  addEventListener('pagehide', keepAll);

  function flush(put: (edit: Edit) => unknown): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const events = arrived.splice(0);
    if (events.length > 0) put((before) => events.reduce(tell, before));
  }

  /** The first part is kept: a page that is opened again sees by it that the chat is not to be begun anew. */
  function flushSome(): void {
    flush(isBegun ? show : keep);
    isBegun = true;
  }

  /** A page in the background has no frames. */
  function later(): void {
    if (frame !== 0) return;
    if (document.hidden) flushSome();
    else frame = requestAnimationFrame(flushSome);
  }

  function leave(): void {
    running.delete(answer.id);
    clearInterval(beat);
    removeEventListener('pagehide', keepAll);
  }

  function over(): void {
    leave();
    flush(keep);
  }

  const follow = (sent: NonNullable<Answer['input']>) =>
    subscribe(
      ChatSubscription,
      {
        input: sent,
        // Read whenever it is sent, after the loss of a connection too.
        get after() {
          return heard;
        },
      },
      {
        next({ data, problem, isLost, isMediaGone }) {
          if (data) {
            arrived.push(data.chat);
            heard = data.chat.seq;
          }
          const isLast = data?.chat.__typename === 'ChatFinished' || data?.chat.__typename === 'ChatFailed';
          if (data && !isLast) return later();
          if (isMediaGone) void import('../attachments/links.ts').then(({ forgetLinks }) => forgetLinks()); // Retry sends them again.
          over();
          if (!data && problem) keep((before) => (isLost ? lose(before) : fail(before, problem)));
        },
        end() {
          if (!running.has(answer.id)) return; // There was a last event.
          over();
          keep((before) => fail(before, 'The answer broke off.'));
        },
      },
    );

  let unsubscribe = () => {};
  let isLeft = false;
  running.set(answer.id, () => {
    isLeft = true;
    unsubscribe();
    leave();
    flush(show);
  });
  toSent(input).then(
    async ({ sent, kept }) => {
      if (isLeft) return;
      // First: whoever joins has to say the very same, with these links.
      if (kept !== input) await keep((before) => ({ ...before, input: kept }));
      if (!isLeft) unsubscribe = follow(sent);
    },
    (error: Error) => {
      if (isLeft) return;
      over();
      keep((before) => fail(before, error.message));
    },
  );
}

/** Unsubscribes, which makes the server let go of the model at once. Nothing happens to a chat that has ended. */
export function end(id: string): void {
  running.get(id)?.();
}
