import { CopyButton } from '../shell/copy-button.tsx';
import type { Shown } from './shown.ts';
import { SNIPPETS, toGraphiQL } from './snippets.ts';

/** An operation, and the ways to take it elsewhere. */
export function Operation({ shown, onClose }: { readonly shown: Shown; readonly onClose: () => void }) {
  const variables = JSON.stringify(shown.variables, shorten, 2);
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

/** The bytes of a picture are nothing to read. What is copied has them. */
function shorten(_name: string, value: unknown): unknown {
  const isLong = typeof value === 'string' && value.startsWith('data:') && value.length > 200;
  return isLong ? `${value.slice(0, 60)} … and ${value.length - 60} characters more` : value;
}
