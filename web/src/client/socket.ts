import { signal } from '@preact/signals';
import { createClient } from 'graphql-ws';
import { ENDPOINT } from './endpoint.ts';
import { askForKey, authorization } from './key.ts';

/** Whether there is a connection: `lost` from its loss until the next one is open. */
export const connection = signal<'none' | 'open' | 'lost'>('none');

const FORBIDDEN = 4403;
const LONGEST_WAIT_MS = 5000;
const PONG_WITHIN_MS = 5000;

/** The one socket for all that streams. After a loss it sends again what still runs, which joins the chats that are there. */
export const socket = createClient({
  url: `${location.protocol.replace('http', 'ws')}//${location.host}${ENDPOINT}`,
  connectionParams: authorization,
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: async (retries) => {
    if (isTurnedAway) return askForKey();
    await backOnline(Math.min(LONGEST_WAIT_MS, 250 * 2 ** retries) * (0.75 + Math.random() / 2));
  },
  on: {
    // A connection that is gone without a word is found out by what does not come back.
    ping(isFromServer) {
      if (!isFromServer) pongTimer = setTimeout(() => socket.terminate(), PONG_WITHIN_MS);
    },
    pong(isFromServer) {
      if (isFromServer) clearTimeout(pongTimer);
    },
    connected() {
      isTurnedAway = false;
      connection.value = 'open';
    },
    closed(event) {
      clearTimeout(pongTimer);
      isTurnedAway = (event as CloseEvent).code === FORBIDDEN;
      connection.value = isTurnedAway ? 'none' : 'lost';
    },
  },
});

let isTurnedAway = false;
let pongTimer: ReturnType<typeof setTimeout> | undefined;

/** Waits so long, or until the browser says that there is a network again. */
function backOnline(waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      removeEventListener('online', goOn);
      resolve();
    };
    const timer = setTimeout(goOn, waitMs);
    addEventListener('online', goOn);
  });
}
