import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { readCertificates } from './http/certificates.ts';

/** Timers hold no longer time. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
  .refine((url) => !/#|\/\/[^/?]*@/.test(url), 'expected no fragment and no credentials in the URL; use headers');

export const headerValue = z.string().refine(
  accepts((value) => validateHeaderValue('x', value)),
  'expected a header value: no line break, no control character, Latin-1 only',
);

/** The transport sets these itself. */
const TRANSPORT_HEADERS = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

const headerName = z
  .string()
  .refine(accepts(validateHeaderName), 'expected a header name, such as x-api-key')
  .refine((name) => !TRANSPORT_HEADERS.includes(name.toLowerCase()), 'this header is set by the transport');

/** The options that every provider has. */
export const ProviderOptions = z.strictObject({
  enabled: z.boolean().default(true).describe('False leaves the provider out.'),
  working: z
    .boolean()
    .default(true)
    .describe('What is claimed of it. A provider that is not working is used only when it is named.'),
  maxConcurrent: z.int().min(1).nullable().default(null).describe('The calls that it takes at once. Null: no limit.'),
  shared: z
    .boolean()
    .default(false)
    .describe(
      'Whether maxConcurrent is of the calls of all nodes of a cluster together. Without a cluster it is so anyway.',
    ),
  maxQueued: z.int().min(0).default(100).describe('The calls that may wait for a place, where there is a limit.'),
  attempts: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe(
      'How often one of its models is tried, before the first part of an answer, where a failure may pass: with a pause in between, or the one it asks for.',
    ),
  queueTimeoutMs: z
    .int()
    .min(1)
    .max(MAX_TIMER_MS)
    .default(10_000)
    .describe('The longest that a call waits for a place.'),
});

const deadline = z.int().min(1).max(MAX_TIMER_MS).optional();

/** The options of a provider that calls an upstream over HTTP. */
export const UpstreamOptions = ProviderOptions.extend({
  firstPartTimeoutMs: deadline.describe('In place of limits.firstPartTimeoutMs, for this upstream.'),
  idleTimeoutMs: deadline.describe('In place of limits.idleTimeoutMs, for this upstream.'),
  maxDurationMs: z
    .int()
    .min(0)
    .max(MAX_TIMER_MS)
    .optional()
    .describe('In place of limits.maxDurationMs, for this upstream.'),
  proxy: z
    .url({ protocol: /^(https?|socks5?)$/, error: 'expected a proxy URL, such as http://127.0.0.1:3128' })
    .refine(accepts(decodeURIComponent), 'expected valid percent-encoding')
    .optional()
    .describe(
      'The proxy for this upstream. Without it HTTPS_PROXY, HTTP_PROXY and NO_PROXY count, unless the upstream is on this machine.',
    ),
  ca: z
    .string()
    .transform(readPemFile)
    .optional()
    .describe(
      'A PEM file. Its certificates are trusted for this upstream, beside those that Node trusts. Its path is relative to the working directory.',
    ),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .describe('Sent with every request; they win over the built-in ones.'),
  cookie: headerValue.optional().describe('The cookie header sent with every request.'),
});

/** Without a trailing slash, also in front of its query. */
export const upstreamUrl = httpUrl.transform((url) => url.replace(/^([^?]*?)\/*(\?.+)?\??$/, '$1$2'));

/** Where the upstream is: an `upstreamUrl`. */
export function baseUrl(standard: string) {
  return upstreamUrl.default(standard).describe('Where the upstream is. A query stands behind every path.');
}

function accepts(validate: (value: string) => void): (value: string) => boolean {
  return (value) => {
    try {
      validate(value);
      return true;
    } catch {
      return false; // The reason is the refinement's message.
    }
  };
}

function readPemFile(file: string, context: z.RefinementCtx): readonly string[] {
  try {
    return readCertificates(file);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
    return z.NEVER;
  }
}
