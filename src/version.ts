import { readFileSync } from 'node:fs';

/** Read and not imported: it stands outside of what is compiled. */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const VERSION: string = manifest.version;
