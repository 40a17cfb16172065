import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/schema.ts';
import type { UpstreamLimits, UpstreamSettings } from '../providers/http/settings.ts';
import { createProvider, enabledEntries, type ProviderEntry } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import { createRefCount, type RefCount } from './ref-count.ts';

/** The providers of all configurations that are in use. */
export interface ProviderPool {
  /**
   * The providers of a configuration. What another one that is in use has just the same is shared with it, with its
   * connections, its models and its record; the others are made. One closes when the last configuration that has it
   * releases it.
   */
  take(config: Config): Promise<TakenProviders>;
  /** Closes all, whoever uses them. */
  close(): Promise<void>;
}

export interface TakenProviders {
  readonly providers: readonly Provider[];
  release(): void;
}

interface Pooled {
  readonly id: string;
  readonly entry: ProviderEntry;
  readonly limits: UpstreamLimits;
  readonly provider: Promise<Provider>;
  readonly uses: RefCount;
}

export function createProviderPool(settings: Omit<UpstreamSettings, 'limits'>): ProviderPool {
  const pool = new Set<Pooled>();

  function add(id: string, entry: ProviderEntry, limits: UpstreamLimits): Pooled {
    const provider = createProvider(id, entry, { ...settings, limits });
    const uses = createRefCount(() => void close(pooled));
    const pooled: Pooled = { id, entry, limits, provider, uses };
    pool.add(pooled);
    return pooled;
  }

  async function close(pooled: Pooled): Promise<void> {
    if (!pool.delete(pooled)) return;
    const provider = await pooled.provider.catch(() => undefined); // Whoever took it was told.
    await provider?.close?.();
  }

  return {
    async take(config) {
      const limits = upstreamLimitsOf(config.limits);
      const taken = enabledEntries(config.providers).map(([id, entry]) => {
        const same = [...pool].find((one) => isDeepStrictEqual([one.id, one.entry, one.limits], [id, entry, limits]));
        const pooled = same ?? add(id, entry, limits);
        return { provider: pooled.provider, release: pooled.uses.retain() };
      });
      const release = () => {
        for (const one of taken) one.release();
      };
      try {
        return { providers: await Promise.all(taken.map(({ provider }) => provider)), release };
      } catch (error) {
        release();
        throw error;
      }
    },
    async close() {
      await Promise.all([...pool].map(close));
    },
  };
}

/** Those limits that providers know of. */
function upstreamLimitsOf(limits: Config['limits']): UpstreamLimits {
  const { firstPartTimeoutMs, idleTimeoutMs, maxDurationMs, connectTimeoutMs, finishGraceMs, maxAnswerBytes } = limits;
  return { firstPartTimeoutMs, idleTimeoutMs, maxDurationMs, connectTimeoutMs, finishGraceMs, maxAnswerBytes };
}
