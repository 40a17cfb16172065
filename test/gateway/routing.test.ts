import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../src/gateway/chat/chat-event.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { CHAT_OPTIONS } from '../../src/providers/capabilities.ts';
import type { ChatPart } from '../../src/providers/chat.ts';
import { type FailureCode, ProviderError } from '../../src/providers/errors.ts';
import { ProviderOptions } from '../../src/providers/options.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { createCaller, createTestGateway, finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';

type Script = readonly (ChatPart | FailureCode)[];

/** A provider that says the script, and counts how often it was asked. */
function says(id: string, script: Script, more: Partial<Provider> = {}) {
  const calls: unknown[] = [];
  const provider = scriptedProvider(
    async function* (request) {
      calls.push(request);
      for (const part of script) {
        if (typeof part === 'string') throw new ProviderError(part, `${id} failed`);
        yield part;
      }
    },
    { id, name: id, ...more },
  );
  return { provider, calls };
}

async function ask(gateway: Gateway, model = 'model', more = {}): Promise<ChatEvent[]> {
  const request = { model, messages: [{ role: 'USER', content: 'hello' }] as const, ...more };
  return Array.fromAsync(await gateway.streamChat(request, createCaller()));
}

const OPTIONS: Record<string, unknown> = {
  temperature: 0,
  topP: 0.5,
  maxTokens: 20,
  stop: ['END'],
  seed: 0,
  topK: 40,
  presencePenalty: 0,
  frequencyPenalty: -1,
  reasoningEffort: 'LOW',
  parallelToolCalls: false,
};

const good: Script = [text('a'), finish()];

describe('a model that several providers have', () => {
  test.for([
    'RATE_LIMITED',
    'UNAUTHORIZED',
    'BLOCKED',
    'TIMEOUT',
    'UNREACHABLE',
    'UNAVAILABLE',
    'BAD_RESPONSE',
    'TOO_LARGE',
  ] as const)('is asked of the next one after %s', async (code) => {
    const events = await ask(
      createTestGateway([says('a', [code]).provider, says('b', [code]).provider, says('c', good).provider]),
    );
    expect(events.map(({ type }) => type)).toEqual(['ChatStarted', 'ChatDelta', 'ChatFinished']);
    expect(events[0]).toMatchObject({
      seq: 0,
      model: { id: 'c/model' },
      attempts: [
        { model: { id: 'a/model' }, code, message: 'a failed', durationMs: expect.any(Number) },
        { model: { id: 'b/model' }, code, message: 'b failed' },
      ],
    });
  });

  test.for(['REJECTED', 'SHUTTING_DOWN'] as const)('is not asked of the next one after %s', async (code) => {
    const next = says('b', good);
    const events = await ask(createTestGateway([says('a', [code]).provider, next.provider]));
    expect(events).toMatchObject([{ type: 'ChatFailed', code, attempts: [{ model: { id: 'a/model' } }] }]);
    expect(next.calls).toEqual([]);
  });

  test('is not asked of the next one after the first part', async () => {
    const next = says('b', good);
    const events = await ask(createTestGateway([says('a', [text('a'), 'UNREACHABLE']).provider, next.provider]));
    expect(events.map(({ type }) => type)).toEqual(['ChatStarted', 'ChatDelta', 'ChatFailed']);
    expect(events.at(-1)).toMatchObject({ seq: 2, code: 'UNREACHABLE', attempts: [{ model: { id: 'a/model' } }] });
    expect(next.calls).toEqual([]);
  });

  test('starts over with the next one after the first part where the chat wants it', async () => {
    const gateway = createTestGateway([
      says('a', [text('a'), text('b'), 'UNREACHABLE']).provider,
      says('b', good).provider,
    ]);
    const events = await ask(gateway, 'model', { onFailure: 'RESTART' });
    const starts = events.filter(({ type }) => type === 'ChatStarted');
    expect(starts).toMatchObject([
      { model: { id: 'a/model' }, attempts: [] },
      { model: { id: 'b/model' }, attempts: [{ model: { id: 'a/model' }, code: 'UNREACHABLE' }] },
    ]);
    const rest = events.slice(events.indexOf(starts[1] as ChatEvent) + 1);
    expect(rest).toMatchObject([
      { type: 'ChatDelta', text: 'a', offset: 0 },
      { type: 'ChatFinished', length: 1 },
    ]);
    const failed = await ask(createTestGateway([says('a', [text('a'), 'TIMEOUT']).provider]), 'model', {
      onFailure: 'RESTART',
    });
    expect(failed.at(-1)).toMatchObject({ type: 'ChatFailed', code: 'TIMEOUT', attempts: [{ code: 'TIMEOUT' }] });
  });

  test('ends in the last failure, with every attempt, when all of them fail', async () => {
    const events = await ask(createTestGateway([says('a', ['TIMEOUT']).provider, says('b', ['UNAVAILABLE']).provider]));
    expect(events).toMatchObject([
      { type: 'ChatFailed', seq: 0, code: 'UNAVAILABLE', attempts: [{ code: 'TIMEOUT' }, { code: 'UNAVAILABLE' }] },
    ]);
  });

  test('is asked only of those that can honour the options', async () => {
    const simple = says('a', good, { models: [{ name: 'model', kind: 'CHAT', capabilities: { options: [] } }] });
    const gateway = createTestGateway([simple.provider, says('b', good).provider]);
    expect((await ask(gateway, 'model', { temperature: 1 }))[0]).toMatchObject({
      model: { id: 'b/model' },
      attempts: [],
    });
    expect(simple.calls).toEqual([]);
    await expect(ask(gateway, 'a/model', { temperature: 1 })).rejects.toThrow(
      "input.temperature: 'a/model' cannot honour it",
    );
  });

  test.for(Object.entries(CHAT_OPTIONS))(
    'is not asked of one that is known not to honour %s',
    async ([field, option]) => {
      const known = Object.values(CHAT_OPTIONS).filter((other) => other !== option);
      const { provider, calls } = says('a', good, {
        models: [{ name: 'model', kind: 'CHAT', capabilities: { options: known } }],
      });
      const { [field]: refused, ...others } = OPTIONS;
      expect((await ask(createTestGateway([provider]), 'model', others)).at(-1)).toMatchObject({
        type: 'ChatFinished',
      });
      expect(calls).toMatchObject([others]);
      const gateway = createTestGateway([provider]);
      await expect(ask(gateway, 'model', { [field]: refused })).rejects.toMatchObject({
        message: `input.${field}: 'a/model' cannot honour it; leave it out or choose another model`,
        extensions: { code: 'BAD_USER_INPUT', path: `input.${field}` },
      });
    },
  );

  test.for([undefined, {}, { options: null }])(
    'is asked with every option where it is not known which it honours: %j',
    async (capabilities) => {
      const { provider, calls } = says('a', good, {
        models: [{ name: 'model', kind: 'CHAT', ...(capabilities && { capabilities }) }],
      });
      await ask(createTestGateway([provider]), 'model', OPTIONS);
      expect(calls).toMatchObject([OPTIONS]);
    },
  );

  test('is not asked of an image model with an option, whatever is said of that', async () => {
    const capabilities = { options: Object.values(CHAT_OPTIONS) };
    const { provider } = says('a', [], { models: [{ name: 'painter', kind: 'IMAGE', capabilities }] });
    await expect(ask(createTestGateway([provider]), 'painter', { seed: 1 })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', path: 'input.seed' },
    });
  });

  test('is asked last of one that is down, so that few calls reach it', async () => {
    const broken = says('a', ['UNREACHABLE']);
    const gateway = createTestGateway([broken.provider, says('b', good).provider]);
    for (let round = 0; round < 20; round++) expect((await ask(gateway)).at(-1)?.type).toBe('ChatFinished');
    expect(broken.calls).toHaveLength(3);
    expect(gateway.health(broken.provider)).toMatchObject({ status: 'DOWN', retryAt: expect.any(Date) });
    expect((await ask(gateway, 'a/model')).at(-1)).toMatchObject({ type: 'ChatFailed', code: 'UNREACHABLE' });
    expect(broken.calls).toHaveLength(4); // There is no other: it is asked all the same.
  });
});

test('tries the models of an alias in the order of the configuration', async () => {
  const aliases = { fast: ['b/model', 'a/model'] };
  const gateway = createTestGateway([says('a', good).provider, says('b', ['TIMEOUT']).provider], { aliases });
  expect((await ask(gateway, 'fast'))[0]).toMatchObject({
    model: { id: 'a/model' },
    attempts: [{ model: { id: 'b/model' } }],
  });
});

test('makes a picture with the next model when the first cannot', async () => {
  const painter = (id: string, outcome: FailureCode | null) =>
    says(id, [], {
      models: [{ name: 'painter', kind: 'IMAGE', capabilities: { imagesPerCall: 4 } }],
      async generateImages({ prompt, count }) {
        if (outcome) throw new ProviderError(outcome, `${id} failed`);
        return Array.from({ length: count }, (_, at) => ({
          url: `https://example.com/${id}/${count}/${at}`,
          alt: prompt,
        }));
      },
    }).provider;
  const order = { model: 'painter', prompt: 'a cat', aspectRatio: { width: 1, height: 1 }, count: 10 };
  const caller = createCaller();
  const made = await createTestGateway([painter('a', 'TIMEOUT'), painter('b', null)]).generateImages(order, caller);
  expect(made).toMatchObject({ type: 'GeneratedImages', model: { id: 'b/painter' } });
  const urls = made.type === 'GeneratedImages' ? made.images.map(({ url }) => url) : [];
  expect(urls.map((url) => url.split('/').at(-2))).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 2, 2].map(String));
  const failed = await createTestGateway([
    painter('a', 'TIMEOUT'),
    painter('b', 'REJECTED'),
    painter('c', null),
  ]).generateImages(order, caller);
  expect(failed).toMatchObject({
    type: 'ImageFailed',
    code: 'REJECTED',
    attempts: [{ code: 'TIMEOUT' }, { code: 'REJECTED' }],
  });
});

describe('an order of pictures', () => {
  const order = { model: 'painter', prompt: 'a cat', aspectRatio: { width: 1, height: 1 } };
  const start = (limits: object, perCall: number | null) => {
    const counts: number[] = [];
    let running = 0;
    let most = 0;
    const { provider } = says('a', [], {
      models: [{ name: 'painter', kind: 'IMAGE', capabilities: { imagesPerCall: perCall } }],
      async generateImages({ prompt, count }) {
        counts.push(count);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return [{ url: 'https://example.com/1.png', alt: prompt }]; // One, however many are asked for.
      },
    });
    const gateway = createTestGateway([provider], { accessOptionsOf: () => ProviderOptions.parse(limits) });
    return {
      make: (count: number) => gateway.generateImages({ ...order, count }, createCaller()),
      counts,
      most: () => most,
    };
  };

  test('is asked for again until it is complete', async () => {
    const { make, counts } = start({}, 10);
    expect(await make(3)).toMatchObject({ type: 'GeneratedImages', images: [{}, {}, {}] });
    expect(counts).toEqual([3, 2, 1]);
  });

  test('is made in one call where it is not known how many that takes', async () => {
    const { make, counts } = start({}, null);
    expect(await make(10)).toMatchObject({ type: 'GeneratedImages' });
    expect(counts[0]).toBe(10);
  });

  describe('of another shape than a square', () => {
    const wide = { ...order, aspectRatio: { width: 16, height: 9 }, count: 1 };
    const painter = (id: string, aspectRatios: boolean | null) =>
      says(id, [], {
        models: [{ name: 'painter', kind: 'IMAGE', capabilities: { aspectRatios } }],
        generateImages: async ({ prompt }) => [{ url: 'https://example.com/1.png', alt: prompt }],
      }).provider;

    test.for([true, null])('is made by the first model of which it is not known that it cannot: %s', async (known) => {
      const gateway = createTestGateway([painter('a', false), painter('b', known)]);
      expect(await gateway.generateImages(wide, createCaller())).toMatchObject({ model: { id: 'b/painter' } });
    });

    test('is a mistake where there is none', async () => {
      const gateway = createTestGateway([painter('a', false), painter('b', false)]);
      await expect(gateway.generateImages(wide, createCaller())).rejects.toMatchObject({
        message: expect.stringMatching(/^input\.aspectRatio: 'a\/painter' makes pictures of one shape only/),
        extensions: { code: 'BAD_USER_INPUT', path: 'input.aspectRatio' },
      });
    });
  });

  test('takes its turns where there is one place and no line', async () => {
    const { make, most } = start({ maxConcurrent: 1, maxQueued: 0, queueTimeoutMs: 1 }, 1);
    expect(await make(4)).toMatchObject({ type: 'GeneratedImages', images: [{}, {}, {}, {}] });
    expect(most()).toBe(1);
  });

  test('takes all the places that are free', async () => {
    const { make, most } = start({ maxConcurrent: 3 }, 1);
    expect(await make(6)).toMatchObject({ type: 'GeneratedImages', images: Array(6).fill({}) });
    expect(most()).toBe(3);
    expect(await make(1)).toMatchObject({ type: 'GeneratedImages' });
  });
});

describe('a provider that takes one call at a time', () => {
  const limits = ProviderOptions.parse({ maxConcurrent: 1, maxQueued: 1 });

  test('gets the next call when the one before has ended', async () => {
    let running = 0;
    let most = 0;
    const provider = scriptedProvider(async function* () {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      yield text('a');
      running--;
      yield finish();
    });
    const gateway = createTestGateway([provider], { accessOptionsOf: () => limits });
    const ends = await Promise.all([ask(gateway), ask(gateway)]);
    expect(ends.map((events) => events.at(-1)?.type)).toEqual(['ChatFinished', 'ChatFinished']);
    expect(most).toBe(1);
  });

  test('is passed over when its line is full, which is no failure of its own', async () => {
    const slow = says('a', good);
    const gateway = createTestGateway([slow.provider, says('b', good).provider], {
      accessOptionsOf: ({ id }) => ({ ...limits, maxConcurrent: id === 'a' ? 1 : null }),
    });
    const answers = await Promise.all([ask(gateway), ask(gateway), ask(gateway)]);
    expect(answers.map(([started]) => started?.type === 'ChatStarted' && started.model.id)).toEqual([
      'a/model',
      'a/model',
      'b/model',
    ]);
    expect(answers[2]?.[0]).toMatchObject({
      attempts: [{ code: 'RATE_LIMITED', message: 'a is busy: 1 calls run and 1 wait' }],
    });
    expect(gateway.health(slow.provider)).toMatchObject({ status: 'HEALTHY', lastFailureAt: null });
  });

  test('is passed over by those who waited for it while it went down', async () => {
    const broken = says('a', ['UNAVAILABLE']);
    const gateway = createTestGateway([broken.provider, says('b', good).provider], {
      accessOptionsOf: ({ id }) => ProviderOptions.parse({ maxConcurrent: id === 'a' ? 1 : null }),
    });
    const ends = await Promise.all(Array.from({ length: 10 }, () => ask(gateway)));
    expect(ends.map((events) => events.at(-1)?.type)).toEqual(Array(10).fill('ChatFinished'));
    expect(broken.calls).toHaveLength(3);
  });

  test('frees the place of a caller who leaves', async () => {
    const { provider } = says('a', good);
    const gateway = createTestGateway([provider], { accessOptionsOf: () => limits });
    const chat = await gateway.streamChat(
      { model: 'model', messages: [{ role: 'USER', content: 'hello' }] },
      createCaller(),
    );
    await chat.next();
    await chat.return?.();
    expect((await ask(gateway)).at(-1)?.type).toBe('ChatFinished');
  });
});

describe('changes of health', () => {
  test('reach everyone who listens, those of one provider that wait as one', async () => {
    const a = says('a', ['TIMEOUT']);
    const b = says('b', good);
    const gateway = createTestGateway([a.provider, b.provider]);
    const controller = new AbortController();
    const listener = gateway.healthChanges(controller.signal);
    const first = listener.next();
    await ask(gateway);
    await ask(gateway);
    expect((await first).value).toBe(a.provider);
    expect((await listener.next()).value).toBe(b.provider);
    expect((await listener.next()).value).toBe(a.provider);
    const waiting = listener.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('end at once when the listener returns', async () => {
    const listener = createTestGateway([]).healthChanges(new AbortController().signal);
    const waiting = listener.next();
    await listener.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
