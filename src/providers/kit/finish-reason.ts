import type { FinishReason } from '../chat.ts';

/** The words of upstreams, in lower case. */
const REASONS: Readonly<Record<Exclude<FinishReason, 'CANCELLED' | 'OTHER'>, RegExp>> = {
  STOP: /^(stop|stopped|stop_sequence|end|end_turn|pause_turn|eos|eos_token|complete|completed|finish|finished)$/,
  LENGTH:
    /^(length|max_length|model_length|token_limit|max_((output|completion|new)_)?tokens|model_context_window_exceeded)$/,
  CONTENT_FILTER:
    /^(content_?filter\w*|sensitive|refusal|guardrail_intervened|blocklist|spii|(image_)?(safety|recitation|prohibited_content))$/,
  TOOL_CALLS: /^(tool_calls?|tool_use|function_calls?)$/,
};

/** An answer that ends so is none: https://api-docs.deepseek.com/api/create-chat-completion and others. */
const FAILURES =
  /^(error|error_finish|insufficient_system_resource|network_error|overloaded|abort(ed)?|internal_error|server_error)$/;

export function toFinishReason(rawReason: string | null): FinishReason {
  const word = toWord(rawReason ?? '');
  const found = (Object.keys(REASONS) as (keyof typeof REASONS)[]).find((reason) => REASONS[reason].test(word));
  return found ?? 'OTHER';
}

/** Whether an upstream tells of its failure where the reason for an end stands. */
export function isFailure(rawReason: string): boolean {
  return FAILURES.test(toWord(rawReason));
}

/** Of two reasons the one that stands: the first that tells more than that the answer ended. */
export function firstReason(known: string | null, next: string | null): string | null {
  if (known === null || next === null) return known ?? next;
  return toFinishReason(known) === 'STOP' && toFinishReason(next) !== 'STOP' ? next : known;
}

/** Some add words of explanation behind a colon. */
function toWord(rawReason: string): string {
  return (
    rawReason
      .split(':', 1)[0]
      ?.trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_') ?? ''
  );
}
