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
    rolldownOptions: { input: [page('index.html'), page('graphiql.html')] },
    // The editor of GraphiQL is one large piece, and fetched when it is opened.
    chunkSizeWarningLimit: 5000,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // `npx vite web`, beside `npm run dev`.
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true } } },
});
