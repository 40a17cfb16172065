/** Why a provider could not do what was asked. Callers match on this, never on the message. */
export type FailureCode =
  | 'RATE_LIMITED'
  | 'UNAUTHORIZED'
  | 'BLOCKED'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'UNAVAILABLE'
  | 'REJECTED'
  | 'BAD_RESPONSE'
  | 'TOO_LARGE'
  | 'SHUTTING_DOWN';

export interface ProviderErrorDetails {
  /** The HTTP status the upstream answered with. */
  readonly status?: number;
  /** How long the upstream asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the same request may succeed later, where code and status do not tell. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** A failure of the world outside. Its message may be shown to clients: no header, cookie, key, prompt or raw body in it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: FailureCode;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly #retryable: boolean | undefined;

  constructor(
    code: FailureCode,
    message: string,
    { status, retryAfterMs, retryable, cause }: ProviderErrorDetails = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.#retryable = retryable;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    if (this.#retryable !== undefined) return this.#retryable;
    if (this.code === 'BLOCKED') return false;
    if (this.status !== undefined) return isRetryableStatus(this.status);
    return RETRYABLE_CODES.has(this.code);
  }
}

const RETRYABLE_CODES: ReadonlySet<FailureCode> = new Set([
  'RATE_LIMITED',
  'TIMEOUT',
  'UNREACHABLE',
  'UNAVAILABLE',
  'SHUTTING_DOWN',
]);

function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}
