import { describe, expect, test } from 'vitest';
import { overPost, overSse, type Request } from './helpers/clients.ts';
import { type Exchange, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { DONE, data, event } from './helpers/openai-server.ts';
import { startServer, type TestServer } from './helpers/server.ts';
import { CHAT, streams, type Told, told } from './helpers/told.ts';

const ask = (model = 'acme/m'): Request => ({
  query: CHAT,
  variables: { input: { model, messages: [{ role: 'USER', content: 'hi' }] } },
});

interface Setup {
  readonly entry?: object;
  readonly limits?: object;
}

async function startWith(play: Play, { entry = {}, limits = {} }: Setup = {}): Promise<TestServer> {
  const { url: baseUrl } = await startFakeUpstream(play);
  const acme = { type: 'openai-compatible', baseUrl: `${baseUrl}/v1`, models: ['m'], ...entry };
  return startServer({ config: { providers: { acme }, limits } });
}

const STREAM = { headers: { 'content-type': 'text/event-stream' } };
const hello = event({ content: 'Hello' });
const stop = event({}, 'stop');

/** Sends a body, and then ends it or does something else. */
const send =
  (body: string, then: (exchange: Exchange) => unknown = ({ end }) => end()): Play =>
  async (exchange) => {
    await exchange.begin(STREAM);
    await exchange.send(body);
    await then(exchange);
  };

type Case = readonly [title: string, play: Play, right: Told, setup?: Setup];

/** Runs each case over both transports. */
function describeCases(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const [name, run] of streams) {
      test.for(cases)(`%s (over ${name})`, async ([_title, play, right, setup]) => {
        expect(told(await run(await startWith(play, setup), ask()))).toMatchObject(right);
      });
    }
  });
}

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const counted = { promptTokens: 10, completionTokens: 2, totalTokens: 12 };
const finished = { text: 'Hello', finished: 'STOP', raw: 'stop' };

describeCases('an event that cannot be read fails the answer', [
  ['cut JSON', send(`${hello}data: {"choices":[{"del\n\n${stop}${DONE}`), { text: 'Hello', failed: 'BAD_RESPONSE' }],
  ['words', send(`${hello}data: rate limited\n\n${stop}${DONE}`), { text: 'Hello', failed: 'BAD_RESPONSE' }],
  [
    'NaN',
    send(`${hello}data: {"choices":[{"delta":{"content":"x"},"p":NaN}]}\n\n${stop}${DONE}`),
    { failed: 'BAD_RESPONSE' },
  ],
  ['before the first part', send(`data: {"choices":[{\n\n${hello}${stop}${DONE}`), { failed: 'BAD_RESPONSE' }],
  [
    'one of two in an event',
    send(`data: {"choices":[{"delta":{"content":"a"}}]}{"choices":[{"de\n\n${stop}`),
    { failed: 'BAD_RESPONSE' },
  ],
]);

describeCases('an answer that breaks off is none, whatever stands where its reason would', [
  [
    'null in letters',
    send(event({ content: 'Hello' }, 'null'), ({ breakOff }) => breakOff()),
    { text: 'Hello', failed: 'UNREACHABLE' },
  ],
  [
    'pieces that are called messages',
    send(
      data({ object: 'chat.completion.chunk', choices: [{ index: 0, message: { content: 'Hello' } }] }),
      ({ breakOff }) => breakOff(),
    ),
    { text: 'Hello', failed: 'UNREACHABLE' },
  ],
]);

describeCases('pieces of other forms are read', [
  ['an index in digits', send(`${data({ choices: [{ index: '0', delta: { content: 'Hello' } }] })}${stop}`), finished],
  ['one part that is in no list', send(`${event({ content: { type: 'text', text: 'Hello' } })}${stop}`), finished],
  [
    'a line of JSON each',
    send(`${'x'.repeat(20).replaceAll('x', event({ content: 'x' }))}${stop}`.replaceAll('data: ', '')),
    { ...finished, text: 'x'.repeat(20) },
  ],
]);

describeCases('what says nothing of an answer is passed over', [
  ['a ping object', send(`data: {"type":"ping"}\n\n${hello}data: {"ping":1}\n\n${stop}${DONE}`), finished],
  ['an event of the type ping', send(`event: ping\ndata: 2026-01-01\n\n${hello}${stop}${DONE}`), finished],
  [
    'a word that keeps the connection alive',
    send(`data: ping\n\n${hello}data: keep-alive\n\n${stop}${DONE}`),
    finished,
  ],
  ['an error without anything in it', send(`${event({ content: 'Hello' }, null, { error: {} })}${stop}`), finished],
  [
    'a reason that is null in letters',
    send(`${event({ content: 'Hel' }, 'null')}${event({ content: 'lo' }, 'none')}${stop}`),
    finished,
  ],
  [
    'the whole answer once more, at its end',
    send(
      `${event({ content: 'Hel' })}${event({ content: 'lo' })}${data({
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
        base_resp: { status_code: 0, status_msg: '' },
      })}`,
    ),
    finished,
  ],
  [
    'a usage that no count can be',
    send(`${hello}${event({}, 'stop', { usage: { ...usage, prompt_tokens: 3e9, completion_tokens: -1 } })}`),
    { ...finished, usage: { promptTokens: null, completionTokens: null, totalTokens: 12 } },
  ],
  ['how things stand', send(`data: {"status":"processing","message":"queued"}\n\n${hello}${stop}${DONE}`), finished],
  [
    'another answer of several',
    send(`${data({ choices: [{ index: 1, delta: { content: 'no' } }] })}${hello}${stop}${DONE}`),
    finished,
  ],
  [
    'a field that nobody knows',
    send(`${event({ content: 'Hello', mood: 'fine' })}mood: fine\n\n${stop}${DONE}`),
    finished,
  ],
]);

const line = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}`;
const glued = JSON.stringify({ choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'stop' }] });

describeCases('several texts in one event are each read', [
  ['two lines', send(`${line('Hel')}\n${line('lo')}\n\n${stop}${DONE}`), finished],
  ['two objects in one line', send(`${line('Hel')}${glued}\n\n${DONE}`), finished],
  ['an object behind a lost line end', send(`${line('Hel')}data: ${glued}\n\n${DONE}`), finished],
  ['an object and the end', send(`${line('Hel')}\n\ndata: ${glued}[DONE]\n\n`), finished],
  ['an object, and the end in a line of its own', send(`${line('Hel')}\n\ndata: ${glued}\ndata: [DONE]\n\n`), finished],
  ['no blank line at all', send(`${line('Hel')}\ndata: ${glued}\ndata: [DONE]\n`), finished],
  ['data: twice', send(`data: ${line('Hel')}\n\ndata: data: ${glued}\n\n${DONE}`), finished],
  [
    'one object in several lines',
    send(`data: {"choices":[\ndata: {"delta":\ndata: {"content":"Hello"}}]}\n\n${stop}`),
    finished,
  ],
  ['braces in a text', send(`${line('} {"a":1}{')}${glued}\n\n`), { text: '} {"a":1}{lo', finished: 'STOP' }],
]);

const limited = { failed: 'RATE_LIMITED', message: 'acme sent an error: Slow down', retryable: true };
const broken = { failed: 'UNAVAILABLE', retryable: true };
const inside = (chunk: string) => send(`${hello}${chunk}${DONE}`);

describeCases('a failure in whatever words is told as one', [
  [
    'an event error with a code',
    inside('event: error\ndata: {"code":"Throttling.RateQuota","message":"Slow down"}\n\n'),
    { ...limited, text: 'Hello' },
  ],
  [
    'an event error in words',
    inside('event: error\ndata: Too warm\n\n'),
    { ...broken, message: 'acme sent an error: Too warm' },
  ],
  [
    'a field error',
    inside('error: {"code":429,"message":"Slow down"}\n\n'),
    { failed: 'RATE_LIMITED', message: 'acme sent error 429: Slow down' },
  ],
  ['error_message', inside(data({ choices: null, error_type: 'RateLimitError', error_message: 'Slow down' })), limited],
  [
    'a status beside no answer',
    inside(data({ choices: null, base_resp: { status_code: 1002, status_msg: 'Slow down' } })),
    { ...broken, message: 'acme sent an error: Slow down' },
  ],
  [
    'error_msg',
    inside(data({ error_code: 18, error_msg: 'Too warm' })),
    { ...broken, message: 'acme sent an error: Too warm' },
  ],
  [
    'an error that is true',
    inside(data({ error: true, message: 'Too warm' })),
    { ...broken, message: 'acme sent an error: Too warm' },
  ],
  [
    'a document behind a line of a log',
    send(`${hello}[warn] retrying\n{"error":{"message":"Slow down","code":"rate_limit_exceeded"}}\n`),
    limited,
  ],
  [
    'a document behind many others',
    send(`${'{"type":"ping"}\n'.repeat(20)}{"error":{"message":"Slow down","code":"rate_limit_exceeded"}}\n`),
    limited,
  ],
  ['a bare code and message', inside(data({ code: 'rate_limit_exceeded', message: 'Slow down' })), limited],
  ['a list of one', inside('data: [{"error":{"code":429,"message":"Slow down"}}]\n\n'), { failed: 'RATE_LIMITED' }],
  [
    'a document behind text',
    send(`${hello}{\n  "error": {\n    "code": 503,\n    "message": "Busy"\n  }\n}`),
    { ...broken, message: 'acme sent error 503: Busy' },
  ],
  [
    'a document behind a ping',
    send(': ping\n\n{"error":{"message":"Slow down","code":"rate_limit_exceeded"}}'),
    limited,
  ],
  ['a document behind text, and no end', send(`${hello}{"error":{"code":503,"message":"Busy"}}\n`, () => {}), broken],
  ...['insufficient_system_resource', 'error_finish', 'network_error', 'overloaded', 'abort', 'error'].map(
    (word): Case => [
      `the finish reason ${word}`,
      inside(event({}, word)),
      { ...broken, text: 'Hello', message: expect.stringContaining(word) },
    ],
  ),
]);

describeCases('an error in a stream is the error that it is as a status', [
  [
    'context_length_exceeded',
    send(data({ error: { message: 'Too long', code: 'context_length_exceeded' } })),
    { failed: 'REJECTED', retryable: false },
  ],
  [
    'invalid_api_key',
    send(data({ error: { message: 'No', code: 'invalid_api_key', type: 'invalid_request_error' } })),
    { failed: 'UNAUTHORIZED', retryable: false },
  ],
  [
    'insufficient_quota',
    send(data({ error: { message: 'No', type: 'insufficient_quota' } })),
    { failed: 'RATE_LIMITED', retryable: true },
  ],
  [
    'model_not_found',
    send(data({ error: { message: 'No', code: 'model_not_found' } })),
    { failed: 'MODEL_GONE', retryable: false },
  ],
  [
    'status_code',
    send(data({ error: { message: 'No', status_code: 429 } })),
    { failed: 'RATE_LIMITED', retryable: true },
  ],
  ['overloaded_error', send(data({ error: { type: 'overloaded_error', message: 'Overloaded' } })), broken],
]);

const never = () => {};

describeCases('an answer that has told its end is complete, whatever comes then', [
  ['silence', send(hello + stop, never), finished, { limits: { finishGraceMs: 100 } }],
  [
    'heartbeats',
    send(hello + stop, async (exchange) => {
      while (!exchange.gone) await exchange.send(': still here\n\n');
    }),
    finished,
    { limits: { finishGraceMs: 100 } },
  ],
  ['a cut', send(hello + stop, ({ breakOff }) => breakOff()), finished],
  ['a reset', send(hello + stop, ({ reset }) => reset()), finished],
  [
    '[DONE] with one newline and an open connection',
    send(`${hello}data: [DONE]\n`, never),
    { text: 'Hello', finished: 'OTHER' },
  ],
  ['an error', send(`${hello}${stop}${data({ error: { message: 'Too late', code: 500 } })}`), finished],
  ['words', send(`${hello}${stop}data: bye\n\n`), finished],
  [
    'usage',
    send(`${hello}${stop}${data({ choices: [], usage })}`, never),
    { ...finished, usage: counted },
    { limits: { finishGraceMs: 1000 } },
  ],
  [
    'more text, and a reset',
    send(`${event({ content: 'Hel' }, 'stop')}${event({ content: 'lo' }, 'stop')}`, ({ reset }) => reset()),
    finished,
  ],
]);

describeCases('the first reason that tells more than an end stands', [
  [
    'length, then stop',
    send(`${event({ content: 'Hello' }, 'length')}${stop}${DONE}`),
    { finished: 'LENGTH', raw: 'length' },
  ],
  ['stop, then length', send(`${hello}${stop}${event({}, 'length')}${DONE}`), { finished: 'LENGTH', raw: 'length' }],
  ['MAX_TOKENS', send(`${hello}${event({}, 'MAX_TOKENS')}${DONE}`), { finished: 'LENGTH', raw: 'MAX_TOKENS' }],
  [
    'content_filter with words',
    send(`${hello}${event({}, 'content_filter: violence')}`),
    { finished: 'CONTENT_FILTER' },
  ],
  ['end_turn', send(`${hello}${event({}, 'end_turn')}`), { finished: 'STOP', raw: 'end_turn' }],
  [
    'a key',
    ({ headers, reply }) => reply({ body: `${hello}${event({}, `no ${headers.authorization}`)}` }),
    { finished: 'OTHER', raw: 'no ***' },
    { entry: { apiKey: 'sk-0123456789' } },
  ],
  ['eos', send(`${hello}${event({}, 'eos')}`), { finished: 'STOP', raw: 'eos' }],
  [
    'a call under its older name',
    send(`${event({ function_call: { name: 'f', arguments: '{}' } })}${stop}`),
    { finished: 'TOOL_CALLS', raw: 'stop' },
  ],
  [
    'calls and a stop',
    send(`${event({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f' } }] })}${stop}`),
    { finished: 'TOOL_CALLS' },
  ],
]);

describeCases('deadlines bound what they are named for', [
  [
    'heartbeats and no first part',
    send('', async (exchange) => {
      while (!exchange.gone) await exchange.send(': PROCESSING\n\n');
    }),
    { failed: 'TIMEOUT', retryable: true },
    { limits: { firstPartTimeoutMs: 200, idleTimeoutMs: 60_000 } },
  ],
  [
    'empty deltas and no first part',
    send('', async (exchange) => {
      while (!exchange.gone) await exchange.send(event({ role: 'assistant', content: '' }));
    }),
    { failed: 'TIMEOUT' },
    { limits: { firstByteTimeoutMs: 200 } },
  ],
  [
    'a first part later than the idle limit',
    send(event({ role: 'assistant', content: '' }), async ({ send, end }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await send(hello, stop);
      end();
    }),
    finished,
    { limits: { idleTimeoutMs: 20 } },
  ],
  [
    'an answer that goes on for too long',
    send(hello, async (exchange) => {
      while (!exchange.gone) await exchange.send(event({ content: ' again' }));
    }),
    { failed: 'TIMEOUT', message: 'acme did not finish within 200 ms' },
    { entry: { maxDurationMs: 200 } },
  ],
  ['deadlines of one provider', send(hello, never), { failed: 'TIMEOUT' }, { entry: { idleTimeoutMs: 50 } }],
  ['its first part', send('', never), { failed: 'TIMEOUT' }, { entry: { firstPartTimeoutMs: 50 } }],
]);

const texts = (...contents: string[]) => contents.map((content) => event({ content })).join('');

describeCases('thinking is told from the answer', [
  [
    'tags',
    send(`${texts('<think>', '\nWell', ' then\n', '</think>', '\n\nHello')}${stop}`),
    { ...finished, thinking: 'Well then' },
  ],
  [
    'tags cut anywhere',
    send(`${texts(...'<think>a < b</th</think> Hello')}${stop}`),
    { ...finished, thinking: 'a < b</th' },
  ],
  ['no thought in tags', send(`${texts('<think>\n\n</think>\n\nHello')}${stop}`), finished],
  ['tags further on', send(`${texts('Hello', ' <think>', 'no</think>')}${stop}`), { text: 'Hello <think>no</think>' }],
  ['blanks before it', send(`${texts(' ', '\n', 'Hello')}${stop}`), { text: ' \nHello', finished: 'STOP' }],
  [
    'very many blanks before it',
    send(`${texts(' ').repeat(200_000)}${texts('<think>Well</think>Hello')}${stop}`),
    { ...finished, thinking: 'Well' },
  ],
  ['what only begins like a tag', send(`${texts(' <thi', 's is fine>')}${stop}`), { text: ' <this is fine>' }],
  [
    'tags that do not close',
    send(`${texts('<think>', 'Well</thi')}${event({}, 'length')}`),
    { thinking: 'Well</thi', finished: 'LENGTH' },
  ],
  [
    'only the closing tag',
    send(`${texts('Well', '</think>', 'Hello')}${stop}`),
    { ...finished, thinking: 'Well' },
    { entry: { thinkTags: 'open' } },
  ],
  [
    'tags that are text',
    send(`${texts('<think>no</think>')}${stop}`),
    { text: '<think>no</think>' },
    { entry: { thinkTags: 'off' } },
  ],
  [
    'tags of one model',
    send(`${texts('<think>no</think>')}${stop}`),
    { text: '<think>no</think>' },
    { entry: { models: [{ name: 'm', thinkTags: 'off' }] } },
  ],
  [
    'a field, and tags off with it',
    send(`${event({ reasoning: 'Well' })}${texts('Hello')}${stop}`),
    { ...finished, thinking: 'Well' },
    { entry: { thinkTags: 'open' } },
  ],
  [
    'reasoning_details alone',
    send(
      `${event({ reasoning_details: [{ type: 'reasoning.summary', summary: 'Well' }], content: '' })}${hello}${stop}`,
    ),
    { ...finished, thinking: 'Well' },
  ],
  [
    'reasoning_details beside reasoning',
    send(`${event({ reasoning: 'Well', reasoning_details: [{ text: 'Well' }] })}${hello}${stop}`),
    { ...finished, thinking: 'Well' },
  ],
  [
    'parts',
    send(
      `${event({
        content: [
          { type: 'thinking', thinking: 'We' },
          { type: 'reasoning_text', text: 'll' },
          { type: 'output_text', text: 'Hello' },
        ],
      })}${stop}`,
    ),
    { ...finished, thinking: 'Well' },
  ],
]);

describeCases('usage is what was counted', [
  [
    'within the choice',
    send(`${hello}${data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] })}`),
    { ...finished, usage: counted },
  ],
  [
    'zeros at the end',
    send(
      `${hello}${event({}, 'stop', { usage })}${data({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } })}${DONE}`,
    ),
    { ...finished, usage: counted },
  ],
]);

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const images = (...items: unknown[]) => event({ content: '', images: items });
const inPng = `data:image/png;base64,${PNG}`;

describeCases('a picture of an answer is one, however it comes', [
  [
    'a text',
    send(`${images({ type: 'image_url', image_url: 'https://images.example/1.png' })}${stop}`),
    { images: ['https://images.example/1.png'], finished: 'STOP' },
  ],
  ['b64_json', send(`${images({ b64_json: PNG })}${stop}`), { images: [inPng], finished: 'STOP' }],
  ['data', send(`${images({ data: PNG, media_type: 'image/jpeg' })}${stop}`), { images: [inPng] }],
  ['a field image', send(`${event({ image: { url: inPng } })}${stop}`), { images: [inPng] }],
  [
    'a part',
    send(`${event({ content: [{ type: 'image_url', image_url: { url: inPng } }] })}${stop}`),
    { images: [inPng] },
  ],
  [
    'no picture',
    send(`${hello}${images({ b64_json: 'bm8gcGljdHVyZQ==' })}${stop}`),
    { text: 'Hello', failed: 'BAD_RESPONSE' },
  ],
]);

describeCases('text is text under other names', [
  [
    'that of a completion',
    send(`${data({ choices: [{ index: 0, text: 'Hello', finish_reason: null }] })}${stop}`),
    finished,
  ],
  ['that of a voice', send(`${event({ audio: { transcript: 'Hello' } })}${stop}`), finished],
]);

describeCases('what is bounded is what is kept', [
  [
    'much around little text',
    send(
      `${Array.from({ length: 50 }, () => event({ content: 'x' }, null, { padding: 'p'.repeat(400) })).join('')}${stop}`,
    ),
    { text: 'x'.repeat(50), finished: 'STOP' },
    { limits: { maxAnswerBytes: 2_000 } },
  ],
  [
    'too much text',
    send(`${texts(...Array(30).fill('x'.repeat(100)))}${stop}`),
    { failed: 'TOO_LARGE' },
    { limits: { maxAnswerBytes: 2_000 } },
  ],
  [
    'one event too large',
    send(`${hello}data: ${' '.repeat(3_000)}\n\n${stop}`),
    { failed: 'TOO_LARGE' },
    { limits: { maxAnswerBytes: 2_000 } },
  ],
  [
    'far too much around it',
    send(`${hello}${`: ${'p'.repeat(998)}\n`.repeat(40)}${stop}`),
    { failed: 'TOO_LARGE' },
    { limits: { maxAnswerBytes: 2_000 } },
  ],
]);

const refuse =
  (status: number, body: unknown, headers = {}): Play =>
  ({ reply }) =>
    reply({ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

/** A refusal, whose words are its title. */
const refused = (
  status: number,
  error: { readonly message: string; readonly code?: string; readonly type?: string },
  right: Told,
): Case => [`a ${status} in the words of ${JSON.stringify(error)}`, refuse(status, { error }), right];

describeCases('a status is told with the reason that the upstream gives', [
  [
    'in a list',
    refuse(400, [{ error: { message: 'Unknown name' } }]),
    { failed: 'REJECTED', message: 'acme answered 400: Unknown name' },
  ],
  [
    'in detail',
    refuse(422, { detail: [{ loc: ['body', 'seed'], msg: 'Input should be an integer' }] }),
    { message: 'acme answered 422: body.seed: Input should be an integer' },
  ],
  ['in a detail of text', refuse(400, { detail: 'No such thing' }), { message: 'acme answered 400: No such thing' }],
  [
    'in a message that is an object',
    refuse(422, { object: 'error', message: { detail: [{ msg: 'Too hot' }] } }),
    { message: 'acme answered 422: Too hot' },
  ],
  [
    'in errors',
    refuse(400, { errors: [{ message: 'Not like this' }] }),
    { message: 'acme answered 400: Not like this' },
  ],
  [
    'in a text among errors',
    refuse(400, { errors: ['Not like this'] }),
    { message: 'acme answered 400: Not like this' },
  ],
  [
    'behind a gateway',
    refuse(429, {
      error: { message: 'Provider returned error', metadata: { raw: '{"error":{"message":"Queue is full"}}' } },
    }),
    { failed: 'RATE_LIMITED', message: 'acme answered 429: Queue is full' },
  ],
  [
    'how long to wait',
    refuse(429, { error: 'Slow down' }, { 'retry-after': '7' }),
    { failed: 'RATE_LIMITED', retryAfterMs: 7_000 },
  ],
  [
    'how long to wait, in its body',
    refuse(429, { error: { code: 429, message: 'Slow down', details: [{ retryDelay: '34.5s' }] } }),
    { failed: 'RATE_LIMITED', retryAfterMs: 34_500 },
  ],
  [
    'how long to wait, in a stream',
    inside(data({ error: { code: 'rate_limit_exceeded', message: 'Slow down', retry_after: 20 } })),
    { ...limited, retryAfterMs: 20_000 },
  ],
  [
    'a wrong key as a 400',
    refuse(400, { error: 'Incorrect API key provided' }),
    { failed: 'UNAUTHORIZED', retryable: false },
  ],
  [
    'no credit as a 400',
    refuse(400, { error: { message: 'Your credit balance is too low' } }),
    { failed: 'RATE_LIMITED', retryable: false },
  ],
  [
    'no credit as a 403',
    refuse(403, { error: 'Your team has used all available credits' }),
    { failed: 'RATE_LIMITED' },
  ],
  [
    'a limit of tokens as a 413',
    refuse(413, { error: { message: 'Limit 6000 tokens per minute' } }),
    { failed: 'RATE_LIMITED', retryable: true },
  ],
  ['a 413 for its size', refuse(413, { error: { message: 'Too large' } }), { failed: 'REJECTED', retryable: false }],
  ['a 424', refuse(424, {}), { failed: 'UNAVAILABLE', retryable: true }],
  ['a 498', refuse(498, {}), { failed: 'UNAVAILABLE', retryable: true }],
  ['a 529', refuse(529, { error: { type: 'overloaded_error' } }), { failed: 'UNAVAILABLE', retryable: true }],
  [
    'a model as a 404',
    refuse(404, { error: "model 'm' not found, try pulling it first" }),
    { failed: 'MODEL_GONE', retryable: false },
  ],
  ['a model as a 410', refuse(410, {}), { failed: 'MODEL_GONE' }],
  [
    'a model as a 400',
    refuse(400, { error: { code: 'model_decommissioned', message: 'Gone' } }),
    { failed: 'MODEL_GONE' },
  ],
  [
    'no endpoints for a model',
    refuse(404, { error: { message: 'No endpoints found for m.' } }),
    { failed: 'MODEL_GONE' },
  ],
  [
    'a path that is not there',
    refuse(404, { detail: 'Not Found' }),
    { failed: 'REJECTED', message: 'acme answered 404 to POST /v1/chat/completions: Not Found' },
  ],
  ...[
    'Model Not Exist',
    '模型不存在，请检查模型代码。',
    'models/m is not found for API version v1beta',
    'The model `m` has been decommissioned and is no longer supported',
  ].map((message) => refused(400, { message }, { failed: 'MODEL_GONE' })),
  refused(403, { message: 'The model `m` is blocked', code: 'model_permission_blocked_org' }, { failed: 'MODEL_GONE' }),
  refused(403, { message: 'Denied.', code: 'Model.AccessDenied' }, { failed: 'MODEL_GONE' }),
  ...[
    'This model requires moderation and your input was flagged',
    'Content violates usage guidelines. Failed check: SAFETY_CHECK',
  ].map((message) => refused(403, { message }, { failed: 'REJECTED', retryable: false })),
  ...[
    'The model could not read the messages: the image at https://example.com/1.png was not found',
    "Not supported with this model. Tool 'm' does not exist",
    'Invalid model parameter: temperature is at most 1',
    "The prompt exceeds the model's capacity of 4096 tokens",
  ].map((message) => refused(400, { message }, { failed: 'REJECTED', retryable: false })),
  refused(400, { message: 'Too many', type: 'invalid_token_count' }, { failed: 'REJECTED' }),
  refused(400, { message: 'Not so', code: 'invalid_model_parameter' }, { failed: 'REJECTED' }),
  refused(403, { message: 'Your account was flagged' }, { failed: 'UNAUTHORIZED' }),
  refused(400, { message: 'The model is at capacity' }, { failed: 'UNAVAILABLE', retryable: true }),
  [
    'a message that is long and hostile',
    send(data({ error: { message: 'exceed'.repeat(1_000_000) } })),
    { failed: 'UNAVAILABLE' },
  ],
  ['a method that is not there', refuse(405, {}), { message: 'acme answered 405 to POST /v1/chat/completions' }],
]);

const good = send(hello + stop + DONE);

describe('the next model of an alias', () => {
  async function startPair(first: Play, entry: object = {}) {
    const upstreams = [await startFakeUpstream(first), await startFakeUpstream(good)];
    const [one, two] = upstreams.map(({ url }) => ({
      type: 'openai-compatible',
      baseUrl: `${url}/v1`,
      models: ['m', 'n'],
    }));
    const config = {
      providers: { one: { ...one, ...entry }, two },
      aliases: { either: ['one/m', 'two/m'], other: ['one/n', 'two/m'] },
    };
    return { server: await startServer({ config }), upstreams };
  }

  const failures: readonly (readonly [string, Play])[] = [
    ['a model that is not there', refuse(404, { error: { message: 'The model `m` does not exist' } })],
    ['a wrong key', refuse(400, { error: { message: 'API key not valid' } })],
    ['a 498', refuse(498, {})],
    ['a limit of tokens', refuse(413, { error: { code: 'rate_limit_exceeded' } })],
    ['an event that cannot be read', send('data: {\n\n')],
    ['an error in a stream', send(data({ error: { code: 'overloaded' } }))],
    ['a failure as a finish reason', send(event({}, 'network_error'))],
  ];

  for (const [name, run] of streams) {
    test.for(failures)(`is tried after %s (over ${name})`, async ([_title, first]) => {
      const { server, upstreams } = await startPair(first);
      expect(told(await run(server, ask('either')))).toMatchObject(finished);
      expect(upstreams.map(({ exchanges }) => exchanges.length)).toEqual([1, 1]);
    });
  }

  test('is tried after the tries that are configured of the first', async () => {
    const { server, upstreams } = await startPair(refuse(503, {}, { 'retry-after-ms': '1' }), { attempts: 2 });
    expect(told(await overSse(server, ask('either')))).toMatchObject(finished);
    expect(upstreams.map(({ exchanges }) => exchanges.length)).toEqual([2, 1]);
  });

  test('is tried at once after what will not pass', async () => {
    const { server, upstreams } = await startPair(refuse(401, {}), { attempts: 3 });
    expect(told(await overSse(server, ask('either')))).toMatchObject(finished);
    expect(upstreams.map(({ exchanges }) => exchanges.length)).toEqual([1, 1]);
  });

  test('is passed over for a living model of a provider that has a dead one', async () => {
    const { server, upstreams } = await startPair((exchange) =>
      JSON.parse(exchange.body).model === 'm' ? refuse(503, {})(exchange) : good(exchange),
    );
    for (let call = 0; call < 4; call++) await overSse(server, ask('either'));
    expect(upstreams.map(({ exchanges }) => exchanges.length)).toEqual([3, 4]);
    await overSse(server, ask('other'));
    expect(upstreams.map(({ exchanges }) => exchanges.length)).toEqual([4, 4]);
  });
});

describe('a whole answer', () => {
  const COMPLETE = `mutation ($input: ChatInput!) {
    completeChat(input: $input) { __typename ... on ChatAnswer { text finishReason } ... on ChatFailed { code } }
  }`;

  test.for([
    ['is cut', send(hello + stop, ({ breakOff }) => breakOff())],
    ['stays open', send(hello + stop, never)],
  ] as const)('is kept where its end was told and the connection %s', async ([_title, play]) => {
    const server = await startWith(play, { limits: { finishGraceMs: 100 } });
    const [result] = await overPost(server, { ...ask(), query: COMPLETE });
    expect(result).toEqual({
      data: { completeChat: { __typename: 'ChatAnswer', text: 'Hello', finishReason: 'STOP' } },
    });
  });

  test('leaves its provider healthy that was cut after its end', async () => {
    const server = await startWith(send(hello + stop, ({ reset }) => reset()));
    for (let call = 0; call < 3; call++) await overPost(server, { ...ask(), query: COMPLETE });
    const [result] = await overPost(server, { query: '{ provider(id: "acme") { health { status } } }' });
    expect(result).toEqual({ data: { provider: { health: { status: 'HEALTHY' } } } });
  });
});

test('what is configured to be sent as well stands behind what we send', async () => {
  const upstream = await startFakeUpstream(good);
  const entry = {
    type: 'openai-compatible',
    baseUrl: upstream.url,
    models: [{ name: 'm', extraBody: { top_k: 5, model: 'no' } }],
    extraBody: { top_k: 1, temperature: 0.5, chat_template_kwargs: { enable_thinking: false } },
  };
  const server = await startServer({ config: { providers: { acme: entry } } });
  const variables = { input: { model: 'acme/m', topP: 0.1, messages: [{ role: 'USER', content: 'hi' }] } };
  await overSse(server, { query: CHAT, variables });
  expect(JSON.parse((await upstream.exchange()).body)).toMatchObject({
    model: 'm',
    top_k: 5,
    temperature: 0.5,
    top_p: 0.1,
    chat_template_kwargs: { enable_thinking: false },
  });
});
