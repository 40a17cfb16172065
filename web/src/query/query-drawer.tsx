import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CopyButton } from '../shell/copy-button.tsx';
import './query-drawer.css';
import { type Shown, SNIPPETS, toGraphiQL } from './snippets.ts';

/** The operation that is looked at. */
export const shownQuery = signal<Shown | null>(null);

/** What went over the wire, to be taken elsewhere. */
export function QueryDrawer() {
  const shown = shownQuery.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  const close = () => {
    shownQuery.value = null;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it too; the browser sees to that.
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={close}
      onClick={({ target }) => target === dialog.current && close()}
    >
      {shown && <Operation shown={shown} onClose={close} />}
    </dialog>
  );
}

function Operation({ shown, onClose }: { readonly shown: Shown; readonly onClose: () => void }) {
  const variables = JSON.stringify(shown.variables, null, 2);
  return (
    <div class="drawer-content">
      <header>
        <h2 id="drawer-title">{shown.title}</h2>
        <button type="button" class="icon" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      <p class="soft">
        {shown.kind === 'subscription'
          ? 'A subscription, over the WebSocket that this page has open.'
          : 'A mutation, over HTTP.'}{' '}
        Copy it as
      </p>
      <div class="row">
        {SNIPPETS.map(({ name, make }) => (
          <CopyButton key={name} text={() => make(shown)} label={name} title={`Copy as ${name}`} />
        ))}
        <a class="button primary" href={toGraphiQL(shown)} target="_blank" rel="noopener">
          Open in GraphiQL
        </a>
      </div>
      <h3>Variables</h3>
      <pre tabindex={0}>{variables}</pre>
      <h3>Operation</h3>
      <pre tabindex={0}>{shown.query}</pre>
    </div>
  );
}
