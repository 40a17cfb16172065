import { useEffect } from 'preact/hooks';
import { ChatPage } from '../chat/chat-page.tsx';
import { connection } from '../client/socket.ts';
import { current } from '../conversations/store.ts';
import { awaited, modelsProblem } from '../models/models.ts';
import { QueryDrawer } from '../query/query-drawer.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { lazily } from './lazily.tsx';
import { here } from './route.ts';
import { isSideOpen, Side } from './side.tsx';
import './app.css';

const PicturesPage = lazily(async () => (await import('../pictures/pictures-page.tsx')).PicturesPage);

export function App() {
  const { page } = here.value;
  const title = page === 'pictures' ? 'Pictures' : current.value.title;
  useEffect(() => {
    document.title = title ? `${title} · modelql` : 'modelql';
  }, [title]);
  return (
    <>
      <Side />
      <div class="page">
        <header class="top">
          <button
            type="button"
            class="icon menu"
            aria-label="Pages and conversations"
            aria-expanded={isSideOpen.value}
            aria-controls="side"
            onClick={() => {
              isSideOpen.value = !isSideOpen.value;
            }}
          >
            ☰
          </button>
          <span class="top-title">{title || 'New chat'}</span>
          <Trouble />
        </header>
        {page === 'pictures' ? <PicturesPage /> : <ChatPage />}
      </div>
      {isSideOpen.value && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the menu button does the same.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the menu button has the keys.
        <div
          class="veil"
          onClick={() => {
            isSideOpen.value = false;
          }}
        />
      )}
      <QueryDrawer />
      <KeyDialog />
    </>
  );
}

/** Says quietly when the server is out of reach, or what its default model is waiting for. */
function Trouble() {
  const waits = awaited.value.map(({ name, problem }) => `Waiting for the models of ${name}: ${problem}`).join('; ');
  const words = connection.value === 'lost' ? 'The connection is lost. Trying again …' : (modelsProblem.value ?? waits);
  return (
    <span class="trouble" role="status">
      {words}
    </span>
  );
}
