#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Below, what is imported names things that an older Node does not have.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`modelql needs Node 22.19 or newer: ${process.execPath} is ${process.versions.node}\n`);
  process.exit(1);
}

// A checkout runs its sources, so that what was built before they changed is never run; a package has none.
const source = new URL('../src/cli/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/cli/main.js');
