import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EXAMPLES } from './examples.ts';

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The whole of GraphiQL in one page, nothing of it from elsewhere. */
export async function createPage({
  path,
  needsKey,
}: {
  readonly path: string;
  readonly needsKey: boolean;
}): Promise<Page> {
  const { js, css, favicon, ...workers } = await import('@graphql-yoga/render-graphiql/graphiql');
  const start = await readFile(`${import.meta.dirname}/start.js`, 'utf8');
  const options = {
    title: 'modelql',
    endpoint: path,
    subscriptionsProtocol: 'WS',
    defaultTabs: EXAMPLES.map((query) => ({ query })),
  };
  const settings = JSON.stringify({ options, needsKey, workers }).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>modelql</title>
    <link rel="icon" href="${favicon}">
    <style>${css.replace(TAB_RULE, '.graphiql-tab{transform:none!important}')}</style>
    <style>${STYLE}</style>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <form id="key" hidden>
      <label>This server needs a key. <input type="password" name="key" required autocomplete="off" placeholder="KEY"></label>
      <button>Open GraphiQL</button>
      <p role="status"></p>
    </form>
    <div id="root"></div>
    <script type="application/json" id="settings">${settings}</script>
    <script>${js}</script>
    <script>${start}</script>
  </body>
</html>
`;
  return { html, headers: { ...HEADERS, 'content-security-policy': policyFor([js, start]) } };
}

// Between two clicks GraphiQL's tabs are held in place by this rule; without its exception they are during one, too.
// With it a tab jumps away under the pointer, and the first click on it is lost.
const TAB_RULE = '.graphiql-tab:not(:focus-within){transform:none!important}';

const STYLE = `
  html, body, #root { height: 100%; margin: 0; }
  #key { max-width: 30em; margin: 20vh auto 0; font: 16px system-ui, sans-serif; }
  #key input { display: block; width: 100%; box-sizing: border-box; margin: 0.5em 0; padding: 0.5em; font: inherit; }
  #key button { padding: 0.5em 1em; font: inherit; }
`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Only these scripts run, and what they ask for they ask of us. The editor makes styles and workers of its own. */
function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
