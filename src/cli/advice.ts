import type { FailureCode } from './generated/graphql.ts';

/** Why a provider does not do what it is there for, and what whoever runs the server can do. */
export const ADVICE: Readonly<Record<FailureCode | 'NO_MODELS', string>> = {
  UNAUTHORIZED: 'Check its key: is it whole, of this service, not expired, and may it do this?',
  UNREACHABLE:
    'Is it running, and is `baseUrl` right? Behind a proxy set `proxy` or HTTPS_PROXY; for a certificate of your own, `ca`.',
  TIMEOUT:
    'Is it busy, or still loading a model? Try again with a larger --timeout; otherwise look at `baseUrl` and `proxy`.',
  NO_MODELS: 'Load a model there (with Ollama: `ollama pull NAME`), or name some in `models`.',
  MODEL_GONE: 'Choose another model, as `modelql models` lists them, for `defaultModel` or in `models`.',
  RATE_LIMITED: 'Wait a while, or look at the quota and the credit of the account.',
  BLOCKED: 'It wants to see a browser: try from another network, or leave it out with `"enabled": false`.',
  UNAVAILABLE: 'It has a fault of its own: try again later, or look at its own log or status page.',
  REJECTED: 'Does `baseUrl` have the right path (often it ends in /v1), and do `type`, `api` and the model fit?',
  BAD_RESPONSE: 'Something else answers there: look at `baseUrl` (often it ends in /v1) and `type`.',
  TOO_LARGE: 'It sends more than `limits` allow: look whether `baseUrl` is what it should be.',
  SHUTTING_DOWN: 'Try again.',
};

export function adviceFor(code: string | null): string | undefined {
  return code !== null && Object.hasOwn(ADVICE, code) ? ADVICE[code as keyof typeof ADVICE] : undefined;
}
