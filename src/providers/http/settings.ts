import type { DeadlineLimits } from './deadlines.ts';

/** What the server lends to every provider that calls an upstream. */
export interface UpstreamSettings {
  readonly limits: UpstreamLimits;
  /** Writes into the log what nobody who calls would be told. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Used where a provider has no `proxy` of its own. */
  readonly environmentProxies: EnvironmentProxies;
}

export interface UpstreamLimits extends DeadlineLimits {
  readonly connectTimeoutMs: number;
  /** How long an answer that has told its end may take to tell its usage. */
  readonly finishGraceMs: number;
  /** Of what is kept of one upstream answer, and of each event of it. */
  readonly maxAnswerBytes: number;
}

/** The deadlines of one provider, where it has its own. */
export interface OwnDeadlines {
  readonly firstPartTimeoutMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
}

/** As `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` give them. */
export interface EnvironmentProxies {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}
