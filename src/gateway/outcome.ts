import type { Usage } from '../providers/chat.ts';
import type { FailureCode } from '../providers/errors.ts';
import type { Attempt } from './failure.ts';

/** What came of an operation, for its line in the log: nothing in it is in anyone's words, but `reason`. */
export interface Outcome {
  /** The model that was used. */
  readonly model?: string;
  /** How it ended. */
  readonly code?: string;
  /** Why it failed. */
  readonly reason?: string;
  readonly usage?: NotedUsage | undefined;
  readonly firstTokenMs?: number | undefined;
  /** How many tries came to nothing. */
  readonly attempts?: number;
  /** The first of these. */
  readonly failures?: readonly { readonly model: string; readonly code: FailureCode }[];
}

/** Null where the upstream does not tell. */
interface NotedUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export function noteUsage(usage: Usage | null): NotedUsage | undefined {
  return usage ? { inputTokens: usage.promptTokens, outputTokens: usage.completionTokens } : undefined;
}

/** How many failures a line has room for. */
const MOST_FAILURES = 10;

/** The tries that came to nothing; none where there was no such. */
export function noteAttempts(attempts: readonly Attempt[]): Pick<Outcome, 'attempts' | 'failures'> {
  if (attempts.length === 0) return {};
  const failures = attempts.slice(0, MOST_FAILURES).map(({ model, code }) => ({ model: model.id, code }));
  return { attempts: attempts.length, failures };
}
