/** Why a provider could not do what was asked. Callers match on this, never on the message. */
export type FailureCode =
  | 'RATE_LIMITED'
  | 'UNAUTHORIZED'
  | 'BLOCKED'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'UNAVAILABLE'
  | 'REJECTED'
  | 'MODEL_GONE'
  | 'BAD_RESPONSE'
  | 'TOO_LARGE'
  | 'SHUTTING_DOWN';

export interface ProviderErrorDetails {
  /** The HTTP status the upstream answered with. */
  readonly status?: number;
  /** How long the upstream asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the same request may succeed later, where the code alone does not tell. */
  readonly retryable?: boolean | undefined;
  /** The upstream's own codes for it, in lower case with `_` between words: `content_filter`. */
  readonly words?: readonly string[];
  readonly cause?: unknown;
}

/** A failure of the world outside. Its message may be shown to clients: no header, cookie, key, prompt or raw body in it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: FailureCode;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** For the upstream's own provider. */
  readonly words: readonly string[];

  constructor(code: FailureCode, message: string, details: ProviderErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.retryable = details.retryable ?? RETRYABLE_CODES.has(code);
    this.words = details.words ?? [];
  }
}

const RETRYABLE_CODES: ReadonlySet<FailureCode> = new Set([
  'RATE_LIMITED',
  'TIMEOUT',
  'UNREACHABLE',
  'UNAVAILABLE',
  'SHUTTING_DOWN',
]);
