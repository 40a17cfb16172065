import 'graphiql/setup-workers/vite';
import '../shell/app.css';
import 'graphiql/style.css';
import './graphiql.css';
import { GraphiQL } from 'graphiql';
import { h, render } from 'preact';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { ENDPOINT } from '../client/endpoint.ts';
import { askForKey, authorization } from '../client/key.ts';
import { KeyDialog } from '../shell/key-dialog.tsx';
import { EXAMPLES } from './examples.ts';
import { createFetcher } from './fetcher.ts';

/** Waits until the server lets us in: where it wants a key, until one has been entered that it knows. */
async function letIn(): Promise<void> {
  for (;;) {
    const headers = { ...authorization(), accept: 'application/json' };
    const { status } = await fetch(`${ENDPOINT}?query={__typename}`, { headers });
    if (status !== 401) return;
    await askForKey();
  }
}

/** What GraphiQL opens with: its last tabs, or the examples, and before them the operation that stands in the address. */
function tabs() {
  const { query, variables } = Object.fromEntries(new URLSearchParams(location.hash.slice(1) || location.search));
  const examples = EXAMPLES.map((example) => ({ query: example }));
  if (!query) return { defaultTabs: examples };
  const initialVariables = variables ? JSON.stringify(JSON.parse(variables), null, 2) : '';
  return {
    defaultTabs: [{ query, variables: initialVariables }, ...examples],
    initialQuery: query,
    initialVariables,
    defaultEditorToolsVisibility: variables !== undefined,
  };
}

const element = (id: string) => document.getElementById(id) as HTMLElement;

render(h(KeyDialog, {}), element('key'));
await letIn();
const props = { fetcher: createFetcher(), inputValueDeprecation: true, ...tabs() };
createRoot(element('graphiql')).render(createElement(GraphiQL, props));
