// Vectors of AWS's Signature Version 4 test suite (aws4_testsuite).
import { expect, test } from 'vitest';
import { createSigner } from '../../../src/providers/bedrock/sign.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const DATE = new Date('2015-08-30T12:36:00Z');
const TOKEN =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const KEPT = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test.for<[string, string, string, { headers?: Record<string, string>; body?: string }, string]>([
  ['get-vanilla', 'GET', '/', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    {},
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  ['get-unreserved', 'GET', `/${KEPT}`, {}, '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f'],
  ['post-vanilla', 'POST', '/', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-vanilla-query',
    'POST',
    '/?Param1=value1',
    {},
    '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  ],
  [
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    { headers: FORM, body: 'Param1=value1' },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
])('signs %s as AWS publishes it', async ([_name, method, path, request, signature]) => {
  const sign = createSigner({ service: 'service', region: 'us-east-1', credentials: KEYS });
  const url = new URL(`https://example.amazonaws.com${path}`);
  const signed = ['content-type', 'host', 'x-amz-date'].filter(
    (name) => name in (request.headers ?? {}) || name[0] !== 'c',
  );
  expect(await sign({ method, url, ...request }, DATE)).toEqual({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed.join(';')}, Signature=${signature}`,
    'x-amz-date': '20150830T123600Z',
  });
});

test('signs a session token as AWS publishes it (post-sts-header-before)', async () => {
  const credentials = { ...KEYS, sessionToken: TOKEN };
  const sign = createSigner({ service: 'service', region: 'us-east-1', credentials });
  const headers = await sign({ method: 'POST', url: new URL('https://example.amazonaws.com/') }, DATE);
  expect(headers['x-amz-security-token']).toBe(TOKEN);
  expect(headers.authorization).toContain(
    'SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  );
});
