import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ENDPOINT } from '../client/endpoint.ts';
import { forgetKey, key } from '../client/key.ts';
import { ConversationList } from '../conversations/conversation-list.tsx';
import { startNew } from '../conversations/store.ts';
import { here } from './route.ts';
import { type Theme, theme } from './theme.ts';

/** Whether the side is shown on a screen that is too narrow for it. */
export const isSideOpen = signal(false);

/** The way to everything else. */
export function Side() {
  useEffect(() => {
    isSideOpen.value = false;
  }, [here.value]);
  const { page } = here.value;
  return (
    <nav class={`side ${isSideOpen.value ? 'open' : ''}`} id="side" aria-label="Pages and conversations">
      <a class="brand" href="#/chat">
        <img src="icon.svg" alt="" width="26" height="26" /> modelql
      </a>
      <div class="segments pages">
        <a href="#/chat" aria-current={page === 'chat' ? 'page' : undefined}>
          Chat
        </a>
        <a href="#/pictures" aria-current={page === 'pictures' ? 'page' : undefined}>
          Pictures
        </a>
      </div>
      <button type="button" class="button" onClick={startNew}>
        New chat
      </button>
      <ConversationList />
      <footer>
        <label>
          <span class="unseen">Colours</span>
          <select
            value={theme.value}
            onChange={({ currentTarget }) => {
              theme.value = currentTarget.value as Theme;
            }}
          >
            <option value="system">As the system</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
        <a class="quiet" href={ENDPOINT} target="_blank" rel="noopener">
          GraphiQL
        </a>
        {key.value !== null && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              forgetKey();
              location.reload();
            }}
          >
            Forget the key
          </button>
        )}
      </footer>
    </nav>
  );
}
