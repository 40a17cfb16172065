import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type FailureCode, ProviderError } from '../errors.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import type { ProviderModel } from '../provider.ts';

/** The models of an upstream: those that are configured, or those that it lists, kept up to date. */
export interface ModelSource<Model extends ProviderModel = ProviderModel> {
  /** Empty until they are known; another array only when something has changed. */
  readonly current: readonly Model[];
  /** Settles when the upstream was asked once, whatever came of it. */
  readonly listed: Promise<void>;
  /** Why models may be missing: the last list did not come, or none has come yet. Null otherwise. */
  readonly problem: string | null;
  /** Why the last list did not come; null where it did, or none has come yet. */
  readonly failure: FailureCode | null;
  /** Asks once more, though not within `ASK_AGAIN_MS` of the last time. Settles when there is nothing to wait for. Absent where models are configured. */
  askAgain?(): Promise<void>;
  /** Asks no more. */
  close(): void;
}

/** Of one list, to its last byte. Whoever asks for a model that is not there waits as long. */
export const LIST_TIMEOUT_MS = 10_000;

/** After the first failure. */
const FIRST_PAUSE_MS = 1_000;

/** Whoever asks for models that are not there cannot make us ask the upstream more often. */
const ASK_AGAIN_MS = 5_000;

/** How long a list waits for what is told elsewhere of its models, so that it does not change as soon as it is there. */
const LEARN_MS = 300;

/** Those that are configured. */
export function configuredModels<Model extends ProviderModel>(current: readonly Model[]): ModelSource<Model> {
  return { current, listed: Promise.resolve(), problem: null, failure: null, close() {} };
}

interface Discovery<Entry, Model extends ProviderModel> {
  list(signal: AbortSignal): Promise<readonly Entry[]>;
  /** Asks elsewhere what else there is to know of them. Never throws. */
  learn?(listed: readonly Entry[], signal: AbortSignal): Promise<void>;
  /** With what is known so far. */
  toModels(listed: readonly Entry[]): readonly Model[];
}

interface DiscoveryOptions {
  readonly name: string;
  readonly intervalMs: number;
  readonly warn: UpstreamSettings['warn'];
}

/** Asks at once and then again and again; what was known stays when the upstream does not answer. */
export function discoverModels<Entry, Model extends ProviderModel>(
  { list, learn = async () => {}, toModels }: Discovery<Entry, Model>,
  { name, intervalMs, warn }: DiscoveryOptions,
): ModelSource<Model> {
  const closed = new AbortController();
  let current: readonly Model[] = [];
  let last: readonly Entry[] = [];
  let problem: string | null = `${name} has not listed its models yet`;
  let failure: FailureCode | null = null;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let askedAgainAt = Number.NEGATIVE_INFINITY;

  function show() {
    const models = toModels(last);
    if (!isDeepStrictEqual(models, current)) current = models;
  }

  async function ask(): Promise<void> {
    try {
      const listed = await list(closed.signal);
      last = listed;
      const learned = learn(listed, closed.signal);
      await Promise.race([learned, sleep(LEARN_MS, undefined, { ref: false })]);
      show();
      problem = null;
      failure = null;
      failures = 0;
      learned.then(show);
    } catch (error) {
      if (closed.signal.aborted) return;
      problem = error instanceof ProviderError ? error.message : `${name} does not list its models`;
      failure = error instanceof ProviderError ? error.code : 'UNAVAILABLE';
      if (failures++ === 0) warn?.(`${name} does not list its models: ${error}`); // Once, and not for each time that it is tried again.
    }
  }

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    await ask();
    underWay = undefined;
    if (closed.signal.aborted) return;
    timer = setTimeout(begin, failures === 0 ? intervalMs : toPauseMs(failures, intervalMs));
    timer.unref();
  }

  function begin(): Promise<void> {
    underWay ??= refresh();
    return underWay;
  }

  return {
    listed: begin(),
    get current() {
      return current;
    },
    get problem() {
      return problem;
    },
    get failure() {
      return failure;
    },
    async askAgain() {
      const now = performance.now();
      if (underWay) return underWay;
      if (closed.signal.aborted || now - askedAgainAt < ASK_AGAIN_MS) return;
      askedAgainAt = now;
      await begin();
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
