import type { FailureCode } from '../errors.ts';
import type { ToldError } from './error-body.ts';

/** What a failure means for those who asked, and for those who choose whom to ask next. */
export interface ErrorClass {
  readonly code: FailureCode;
  readonly retryable: boolean;
}

/** A model that is not there: 404 alone may as well mean a path. */
const MODEL_GONE = 410;

/**
 * What upstreams say in words, as the HTTP status that says the same: a failure is the same failure as a status, in a
 * 200 or in the middle of a stream. The first that fits counts.
 */
const WORDS: readonly (readonly [status: number, words: RegExp])[] = [
  [
    MODEL_GONE,
    /^(model|deployment)_(not_(found|available|exist|supported|deployed)|decommissioned|deprecated|retired|unavailable|does_not_exist|access_denied|permission_blocked)|^(unknown|invalid|unsupported|no_such)_model(_(name|id|error))?$/,
  ],
  [
    401,
    /(invalid|incorrect|missing|expired)_api_?key|^api_key_(invalid|expired|missing)|^invalid_(authentication|token|credentials)(_error)?$|^(authentication|permission)(_error)?$|^un(authorized|authenticated)|^(permission|access)_denied|account_(deactivated|disabled)/,
  ],
  [402, /insufficient_(credits?|balance|funds)|payment_required|^billing|credits?_(exhausted|exceeded)|arrear/],
  [
    429,
    /rate_?limit|too_many_requests|throttl|insufficient_quota|quota_exceeded|exceeded_quota|resource_exhausted|request_limit/,
  ],
  [
    400,
    /context_(length|window|size)|exceeds?_context|content_(filter|policy)|moderation_blocked|data_inspection_failed|string_above_max_length|prompt_too_long/,
  ],
  [413, /^request_too_large|^payload_too_large/],
  [408, /^(request_|gateway_)?time_?out(_error)?$|deadline_exceeded/],
  [
    503,
    /overload|^insufficient_system_resource|^network_error$|^error_finish$|^abort(ed)?$|capacity|^(service_|server_)?(unavailable|busy)|^engine_|^cancell?ed$/,
  ],
];

/** Words that say no more than who is to blame: an HTTP status says that better. */
const VAGUE_WORDS: typeof WORDS = [
  [400, /^invalid_|^bad_request|^(value|validation|not_supported|unsupported)/],
  [404, /^not_found/],
  [503, /./],
];

/**
 * The same in sentences, where an upstream has one code for everything. Behind `model` stands its name, and little else,
 * before what is said of it.
 */
const SENTENCES: typeof WORDS = [
  [
    400,
    /\b(content|input|prompt|request|message|output|response)s?\b.{0,60}\b(flagged|violat(es?|ed|ing)|rejected as a result of)\b|\b(content|safety) (filter|policy|management|system)/i,
  ],
  [
    MODEL_GONE,
    /\bmodels?\b[\s:/]*(\S{0,119}[^\s.,;:]\s+){0,5}?(does not exist|doesn't exist|not exist|not found|decommissioned|no longer (available|supported|exists?)|has been (deprecated|retired|removed|shut down)|is not a valid model|not deployed)\b|模型不存在|\b(no such|unknown|invalid) model\b(?! (parameter|setting|option|argument|input|output|response)s?\b)|not a valid model|no endpoints found|function\b.{0,100}not found for account/i,
  ],
  [
    401,
    /\bapi[ _-]?key\b.{0,60}\b(not valid|invalid|incorrect|expired|revoked|missing|not found|required)|\b(invalid|incorrect|wrong|expired|missing|no|valid) api[ _-]?key\b|unauthorized|authentication (failed|required)/i,
  ],
  [
    402,
    /credit balance|insufficient (credits?|balance|funds)|\b(used|out of|no|not enough|more)\b.{0,30}\bcredits?\b|spending limit|payment required|\bbilling\b/i,
  ],
  [
    429,
    /rate[ -]?limit|too many requests|\b(tokens|requests) per (second|minute|hour|day)\b|\b(exceeded|insufficient)\b.{0,30}\bquota\b|\bquota (has been )?exceeded/i,
  ],
  [
    400,
    /(maximum|exceed(s|ed|ing)?)\b.{0,60}context|context (length|window|size).{0,60}(exceed|too)|(prompt|input|request) is too long|too many tokens/i,
  ],
  [503, /overloaded|high demand|\bcapacity\b(?! of \d)|temporarily unavailable|try again later/i],
];

/** Characters of a message: what it is about stands at its beginning, and a hostile one would take long. */
const MOST_READ = 2000;

/** Statuses of which every request may be one that fits the sentences better. */
const VAGUE_STATUSES: ReadonlySet<number> = new Set([400, 403, 404, 413, 422]);

/** Statuses of a few services, as those that all understand. */
const OTHER_STATUSES: Readonly<Record<number, number>> = { 424: 503, 425: 503, 498: 503, 499: 503 };

/**
 * Classes a failure by all that is known of it.
 * @param answered the HTTP status; null for what came in an answer that is fine as such
 */
export function classifyError(told: ToldError, answered: number | null): ErrorClass {
  return toClass(find(WORDS, told.words) ?? byStatus(told, answered ?? told.status));
}

function byStatus({ message, words }: ToldError, answered: number | null): number {
  if (answered !== null && !VAGUE_STATUSES.has(answered)) return OTHER_STATUSES[answered] ?? answered;
  const said = message === null ? undefined : find(SENTENCES, [message.slice(0, MOST_READ)]);
  if (said !== undefined) return said;
  const status = answered ?? find(VAGUE_WORDS, words) ?? 503;
  const isModel = status === 404 && /(?<!\/)model/i.test([message, ...words].join(' ')); // A path may have one in it.
  return isModel ? MODEL_GONE : status;
}

function find(table: typeof WORDS, texts: readonly string[]): number | undefined {
  return table.find(([, pattern]) => texts.some((text) => pattern.test(text)))?.[0];
}

function toClass(status: number): ErrorClass {
  return {
    code: toFailureCode(status),
    retryable: status === 408 || status === 409 || status === 429 || status >= 500,
  };
}

function toFailureCode(status: number): FailureCode {
  if (status === 429 || status === 402) return 'RATE_LIMITED';
  if (status === 401 || status === 403) return 'UNAUTHORIZED';
  if (status === 408 || status === 504) return 'TIMEOUT';
  if (status === MODEL_GONE) return 'MODEL_GONE';
  return status >= 500 ? 'UNAVAILABLE' : 'REJECTED';
}
