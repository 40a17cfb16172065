import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const page = (name: string) => join(import.meta.dirname, name);

/** The first that know `light-dark()`, which a stand-in would take from the system and not from the page. */
const BROWSERS = ['chrome123', 'firefox121', 'safari17.5'];

/** Every browser that the page is for reads the smallest form of a font. */
const smallestFonts: Plugin = {
  name: 'smallest-fonts',
  enforce: 'pre',
  transform(code, id) {
    return id.endsWith('/katex.min.css') ? code.replace(/,url\([^)]+\) format\("(?:woff|truetype)"\)/g, '') : undefined;
  },
};

const PLAYGROUND = page('src/main.tsx');
const GRAPHIQL = page('src/graphiql/main.ts');

interface Modules {
  getModuleInfo(id: string): {
    readonly importedIds: readonly string[];
    readonly dynamicallyImportedIds: readonly string[];
  } | null;
}

/** A module with all that it imports, and, where that is wanted, all that it imports later. */
function reach(id: string, modules: Modules, isLaterToo: boolean, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  const { importedIds = [], dynamicallyImportedIds = [] } = modules.getModuleInfo(id) ?? {};
  const imported = isLaterToo ? [...importedIds, ...dynamicallyImportedIds] : importedIds;
  for (const one of imported) reach(one, modules, isLaterToo, found);
  return found;
}

/** One file for what the playground needs at once. Left alone, all that is also used later would be files of their own. */
function createGrouping(): (id: string, modules: Modules) => string | null {
  let reached: readonly [playground: Set<string>, graphiql: Set<string>] | undefined;
  return (id, modules) => {
    reached ??= [reach(PLAYGROUND, modules, false), reach(GRAPHIQL, modules, true)];
    const [playground, graphiql] = reached;
    return playground.has(id) && !graphiql.has(id) ? 'playground' : null;
  };
}

export default defineConfig({
  base: './', // The server may have everything under a path.
  plugins: [smallestFonts],
  build: {
    target: BROWSERS,
    outDir: 'dist',
    emptyOutDir: true,
    // A picture that is written into a style sheet would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [page('index.html'), page('graphiql.html')],
      output: { codeSplitting: { groups: [{ name: createGrouping(), includeDependenciesRecursively: false }] } },
    },
    // The editor of GraphiQL is one large piece, and fetched when it is opened.
    chunkSizeWarningLimit: 5000,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // `npx vite web`, beside `npm run dev`.
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true } } },
});
