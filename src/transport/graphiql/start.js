// Runs in the browser, after the script of GraphiQL itself.
(() => {
  const { options, needsKey, workers } = JSON.parse(document.getElementById('settings').textContent);
  const form = document.getElementById('key');

  const toUrl = (script) => URL.createObjectURL(new Blob([script], { type: 'application/javascript' }));
  const urls = {
    editorWorkerService: toUrl(workers.editorWorkerService),
    json: toUrl(workers.jsonWorker),
    graphql: toUrl(workers.graphqlWorker),
  };
  self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => urls[label] };

  /** An operation that stands in the address gets a tab, the first one; GraphiQL itself would take its query only. */
  function given() {
    const { query, variables } = Object.fromEntries(new URLSearchParams(location.search));
    if (!query || !variables) return {};
    const tab = { query, variables: JSON.stringify(JSON.parse(variables), null, 2) };
    return { variables: tab.variables, defaultTabs: [tab, ...options.defaultTabs] };
  }

  /** Shows GraphiQL, which sends the key with every request and over every WebSocket. */
  function show(key) {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const all = { ...options, ...given(), additionalHeaders: headers, connectionParams: headers };
    self.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), all);
  }

  /** A key is kept until the tab is closed. */
  const KEPT = 'modelql-key';

  async function enter(key) {
    const headers = { authorization: `Bearer ${key}`, accept: 'application/json' };
    const { status } = await fetch(`${options.endpoint}?query={__typename}`, { headers });
    const isRefused = status === 401;
    form.hidden = !isRefused;
    form.querySelector('[role=status]').textContent = isRefused ? 'The server does not know this key.' : '';
    if (isRefused) return sessionStorage.removeItem(KEPT);
    sessionStorage.setItem(KEPT, key);
    show(key);
  }

  if (!needsKey) return show();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void enter(form.elements.key.value.trim());
  });
  const kept = sessionStorage.getItem(KEPT);
  if (kept) void enter(kept);
  else form.hidden = false;
})();
