import { existsSync, readFileSync } from 'node:fs';
import jsonc from 'jsonc-parser';
import type * as z from 'zod';
import { fillIn } from './fill-in.ts';
import { Config } from './schema.ts';

/** What the command line and the environment say; both may be silent. */
export interface ConfigSources {
  /** The configuration file that was asked for. */
  readonly file?: string | undefined;
  /** What counts where there is none. */
  readonly detected?: object | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  /** Where `${NAME}` is looked up, and CREDENTIALS_DIRECTORY for `${file:NAME}`. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Read from the working directory where no other file is asked for. */
export const STANDARD_FILE = 'modelql.config.json';

/** All that is wrong with a configuration, a line each: `path: problem`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads and checks the configuration. @throws ConfigError with every problem. */
export function loadConfig({ file, detected = {}, host, port, environment }: ConfigSources): Config {
  const read = hasConfigFile(file) ? readJson(file ?? STANDARD_FILE) : detected;
  return parseConfig(withServer(read, { host, port }), environment);
}

/** Checks what stands in a configuration file, `${NAME}` and all. @throws ConfigError with every problem. */
export function parseConfig(read: unknown, environment: NodeJS.ProcessEnv): Config {
  const problems = new Set<string>();
  const raw = substitute(read, [], environment, problems);
  const { success, data, error } = Config.safeParse(raw);
  for (const problem of error?.issues.flatMap(toProblems) ?? []) problems.add(problem);
  if (!success || problems.size > 0) throw new ConfigError([...problems]);
  return data;
}

/** Whether there is a configuration file: one that was asked for has to be there. */
export function hasConfigFile(file: string | undefined): boolean {
  return file !== undefined || existsSync(STANDARD_FILE);
}

/** @throws ConfigError */
export function readJson(file: string): unknown {
  const text = readText(file).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes what stands there, which may be a key.
    throw new ConfigError([`${file}: it is no JSON from ${placeOfError(text)} on`]);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file}: ${error instanceof Error ? error.message : error}`]);
  }
}

function placeOfError(text: string): string {
  const errors: jsonc.ParseError[] = [];
  jsonc.parse(text, errors, { disallowComments: true });
  const before = text.slice(0, errors[0]?.offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Replaces `${NAME}` and `${file:PATH}` in every string. */
function substitute(
  value: unknown,
  path: readonly string[],
  environment: NodeJS.ProcessEnv,
  problems: Set<string>,
): unknown {
  if (typeof value === 'string') {
    return fillIn(value, environment, (problem) => problems.add(`${path.join('.')}: ${problem}`));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    substitute(item, [...path, key], environment, problems),
  ]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** Flags and environment win over the file. */
function withServer(raw: unknown, { host, port }: Pick<ConfigSources, 'host' | 'port'>): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { server = {} } = raw as { server?: unknown };
  if (typeof server !== 'object' || server === null) return raw;
  const given = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port: toPort(port) }) };
  return { ...raw, server: { ...server, ...given } };
}

/** A number where it is one; otherwise the text, for the schema to refuse. */
function toPort(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function toProblems(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...path, key].join('.')}: not a known setting`);
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((issues) => issues.every((inner) => inner.path.length > 0)); // Right on the outside.
    if (meant) return meant.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${path.join('.')}: ${message}`);
  return [`${path.join('.') || 'configuration'}: ${issue.message}`];
}
