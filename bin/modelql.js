#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A checkout runs its sources, so that what was built before they changed is never run; a package has none.
const source = new URL('../src/cli/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/cli/main.js');
