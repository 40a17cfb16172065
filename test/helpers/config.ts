import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError, type ConfigSources, loadConfig } from '../../src/config/load.ts';

/** Loads a configuration file with this content. */
export function load(content: unknown, sources: Partial<ConfigSources> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadConfig({ file, environment: {}, ...sources });
}

/** What is wrong with that file, a line each. */
export function problemsOf(content: unknown, sources?: Partial<ConfigSources>): readonly string[] {
  try {
    load(content, sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
