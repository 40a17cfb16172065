import { setTimeout as wait } from 'node:timers/promises';
import { type Api, Disconnected } from './api.ts';
import { Failed } from './failed.ts';
import type { ChatInput, ChatSubscription } from './generated/graphql.ts';
import { Chat } from './operations.ts';
import { remark } from './output.ts';

export type ChatEvent = ChatSubscription['chat'];

/** The end of a chat cannot be had any more; what was heard stands. */
export class RestLost extends Failed {}

const MOST_TRIES = 5;
const FIRST_WAIT_MS = 500;

/**
 * The events of a chat, each once, to the last: after a lost connection those that are left. Aborting `signal`
 * unsubscribes, and they end there.
 * @throws Failed; `RestLost` when something was heard
 */
export async function* readChat(api: Api, input: ChatInput, signal: AbortSignal): AsyncGenerator<ChatEvent, void> {
  let after: number | undefined;
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      for await (const { chat: event } of api.results(Chat, { input, after }, signal)) {
        yield event;
        if (event.__typename === 'ChatFinished' || event.__typename === 'ChatFailed') return;
        after = event.seq;
        tries = 0;
      }
      return;
    } catch (error) {
      const mayComeBack = error instanceof Disconnected && (error.wasConnected || tries > 0) && tries < MOST_TRIES;
      if (!mayComeBack) throw after === undefined ? error : toRestLost(error);
    }
    remark('\n(the connection was lost: coming back)\n');
    await wait(FIRST_WAIT_MS * 2 ** tries, undefined, { signal }).catch(() => {}); // The person has heard enough.
  }
}

function toRestLost(error: unknown): unknown {
  if (!(error instanceof Failed)) return error;
  return new RestLost(`the rest of the answer is lost; ask again for another one\n  ${error.message}`);
}
