import { expect, test } from 'vitest';
import { ask, refusal, startGemini } from '../../helpers/google-server.ts';
import { collect } from '../../helpers/provider-suite.ts';

const info = (reason: string) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
});
const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' };
const QUOTA = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaMetric: 'requests' }] };

test.for<[number, string, string, readonly object[], object]>([
  [
    400,
    'API key not valid. Please pass a valid API key.',
    'INVALID_ARGUMENT',
    [info('API_KEY_INVALID')],
    { code: 'UNAUTHORIZED', retryable: false },
  ],
  [
    400,
    'API key expired. Please renew the API key.',
    'INVALID_ARGUMENT',
    [info('API_KEY_INVALID')],
    { code: 'UNAUTHORIZED' },
  ],
  [
    400,
    'Please ensure that multiturn requests alternate.',
    'INVALID_ARGUMENT',
    [],
    { code: 'REJECTED', retryable: false },
  ],
  [400, 'User location is not supported for the API use.', 'FAILED_PRECONDITION', [], { code: 'REJECTED' }],
  [401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED', [], { code: 'UNAUTHORIZED' }],
  [403, 'Permission denied on resource project.', 'PERMISSION_DENIED', [], { code: 'UNAUTHORIZED' }],
  [
    404,
    'models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.',
    'NOT_FOUND',
    [],
    { code: 'MODEL_GONE' },
  ],
  [
    429,
    'You exceeded your current quota.',
    'RESOURCE_EXHAUSTED',
    [QUOTA, RETRY],
    { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 34_400 },
  ],
  [500, 'An internal error has occurred.', 'INTERNAL', [], { code: 'UNAVAILABLE', retryable: true }],
  [
    503,
    'The model is overloaded. Please try again later.',
    'UNAVAILABLE',
    [],
    { code: 'UNAVAILABLE', retryable: true },
  ],
  [
    504,
    'Deadline expired before operation could complete.',
    'DEADLINE_EXCEEDED',
    [],
    { code: 'TIMEOUT', retryable: true },
  ],
])(
  '%i %s: %s means what it says, as a status and within an answer',
  async ([status, message, word, details, expected]) => {
    const error = { code: status, message, status: word, details };
    const { provider } = await startGemini([
      ({ reply }) => reply({ ...refusal(message, status, word), body: JSON.stringify({ error }) }),
      ({ reply }) =>
        reply({ headers: { 'content-type': 'text/event-stream' }, body: `data: ${JSON.stringify({ error })}\n\n` }),
      ({ reply }) =>
        reply({ headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ error }], null, 2) }),
    ]);
    for (const how of ['answered', 'sent error', 'sent error']) {
      await expect(collect(ask(provider))).rejects.toMatchObject({
        ...expected,
        message: `Google ${how} ${status}: ${message}`,
      });
    }
  },
);

test('the key is in no message, though the upstream says it', async () => {
  const apiKey = 'AIzaSyD-0123456789abcdef';
  const { provider } = await startGemini(
    ({ headers, reply }) => reply(refusal(`Key ${headers['x-goog-api-key']} is blocked`, 403, 'PERMISSION_DENIED')),
    { apiKey },
  );
  const error = await collect(ask(provider)).catch((error: Error) => error);
  expect(error).toMatchObject({ code: 'UNAUTHORIZED', message: 'Google answered 403: Key *** is blocked' });
});
