import { isDeepStrictEqual } from 'node:util';
import { ProviderError } from './errors.ts';
import type { HttpClient } from './http.ts';
import { isObject, type Json, parseObject } from './json.ts';
import type { OpenAiOptions } from './openai-options.ts';
import type { UpstreamSettings } from './options.ts';
import type { ProviderModel } from './provider.ts';

/** The models of an upstream: those that are configured, or those that it lists, kept up to date. */
export interface ModelSource {
  /** Empty until they are known; another array only when something has changed. */
  readonly current: readonly ProviderModel[];
  /** Settles when the upstream was asked once, whatever came of it. */
  readonly listed: Promise<void>;
  /** Asks no more. */
  close(): void;
}

export function createModelSource(
  { models, discoverIntervalMs }: OpenAiOptions,
  http: HttpClient,
  { name, warn }: { readonly name: string; readonly warn: UpstreamSettings['warn'] },
): ModelSource {
  if (models !== 'discover') {
    const current = models.map(({ name, kind, aliases }) => ({ name, kind, aliases }));
    return { current, listed: Promise.resolve(), close() {} };
  }
  return discoverModels(
    async (signal) => {
      const headers = { accept: 'application/json', 'user-agent': 'modelql' };
      const answer = await http.send({ method: 'GET', path: '/models', headers, timeoutMs: LIST_TIMEOUT_MS }, signal);
      return fromOpenAiModels(await answer.text(), name);
    },
    { intervalMs: discoverIntervalMs, onFailure: (error) => warn?.(`${name} does not list its models: ${error}`) },
  );
}

/** Of one list, to its last byte. */
const LIST_TIMEOUT_MS = 30_000;

/** After the first failure. */
const FIRST_PAUSE_MS = 1_000;

/** Asks at once and then again and again; what was known stays when the upstream does not answer. */
function discoverModels(
  load: (signal: AbortSignal) => Promise<readonly ProviderModel[]>,
  { intervalMs, onFailure }: { readonly intervalMs: number; onFailure(error: unknown): void },
): ModelSource {
  const closed = new AbortController();
  let current: readonly ProviderModel[] = [];
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  async function refresh(): Promise<void> {
    try {
      const models = await load(closed.signal);
      if (!isDeepStrictEqual(models, current)) current = models;
      failures = 0;
    } catch (error) {
      if (closed.signal.aborted) return;
      if (failures++ === 0) onFailure(error); // Once, and not for each time that it is tried again.
    }
    if (closed.signal.aborted) return;
    timer = setTimeout(refresh, failures === 0 ? intervalMs : toPauseMs(failures, intervalMs));
    timer.unref();
  }

  const listed = refresh();
  return {
    listed,
    get current() {
      return current;
    },
    close() {
      clearTimeout(timer);
      closed.abort();
    },
  };
}

/**
 * The pause after so many failures in a row: twice the last one, up to the interval. Up to half of it is left to chance,
 * so that servers that started together do not ask together.
 */
export function toPauseMs(failures: number, intervalMs: number): number {
  return Math.min(intervalMs, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

/** The models of a list, each once. @throws ProviderError `BAD_RESPONSE` for what is no list. */
function fromOpenAiModels(body: string, name: string): ProviderModel[] {
  const models = new Map(toList(body, name).flatMap((model) => toModel(model)));
  return [...models].map(([name, kind]) => ({ name, kind }));
}

/** Together sends the bare list, Ollama `null` for an empty one. */
function toList(body: string, name: string): readonly unknown[] {
  const answer = parseObject(body);
  const list = answer?.data === null ? [] : (answer?.data ?? answer);
  if (!Array.isArray(list)) throw new ProviderError('BAD_RESPONSE', `${name} sent no list of models`);
  return list;
}

function toModel(model: unknown): [string, ProviderModel['kind']][] {
  if (!isObject(model) || typeof model.id !== 'string' || model.id === '') return [];
  return [[model.id, isObject(model.architecture) && drawsOnly(model.architecture) ? 'IMAGE' : 'CHAT']];
}

/** OpenRouter tells what a model puts out: https://openrouter.ai/docs/api-reference/list-available-models */
function drawsOnly({ output_modalities: modalities }: Json): boolean {
  return Array.isArray(modalities) && modalities.includes('image') && !modalities.includes('text');
}
