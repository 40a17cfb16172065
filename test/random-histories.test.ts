import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatMessage, ChatRequest } from '../src/providers/chat.ts';
import { overPost, type Result } from './helpers/clients.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';

const COMPLETE = `mutation ($input: ChatInput!) {
  completeChat(input: $input) { __typename ... on ChatAnswer { text } ... on ChatFailed { message } }
}`;

/** What a client sends of a message, and what a provider has to get of it. */
interface Said {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly got: ChatMessage;
}

const said = fc.string({ minLength: 1, unit: 'binary' }).map((content) => `.${content}`);
const asPart = (content: string) => ({ type: 'text', text: content }) as const;

const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const image = fc.constantFrom(png, 'https://example.com/cat.png').map((url) => ({
  sent: { image: { url, detail: 'HIGH' } },
  got: { type: 'image', url, mediaType: url === png ? 'image/png' : null, name: null, detail: 'HIGH' } as const,
}));
const part = fc.oneof(
  said.map((content) => ({ sent: { text: content }, got: asPart(content) })),
  image,
);
const parts = fc.array(part, { minLength: 1, maxLength: 4 });

const user: fc.Arbitrary<Said[]> = fc.oneof(
  said.map((content) => [
    { sent: { role: 'USER', content }, got: { role: 'USER' as const, parts: [asPart(content)] } },
  ]),
  parts.map((list) => [
    {
      sent: { role: 'USER', parts: list.map(({ sent }) => sent) },
      got: { role: 'USER' as const, parts: list.map(({ got }) => got) },
    },
  ]),
);

const argumentsOf = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()).map((given) => {
    const plain = JSON.parse(JSON.stringify(given)) as object;
    return { sent: { arguments: plain }, argumentsText: JSON.stringify(plain) };
  }),
  fc.string().map((argumentsText) => ({ sent: { argumentsText }, argumentsText })),
);
const call = fc.record({
  name: fc.stringMatching(/^[\w-]{1,64}$/),
  given: argumentsOf,
  result: said,
  isError: fc.boolean(),
});

/** An answer that calls tools, and their results in another order. */
const round: fc.Arbitrary<Said[]> = fc
  .record({
    ids: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }),
    calls: fc.array(call, { minLength: 4, maxLength: 4 }),
    content: fc.option(said, { nil: undefined }),
    seed: fc.integer(),
  })
  .map(({ ids, calls, content, seed }) => {
    const made = ids.map((id, at) => ({ id, ...(calls[at] as (typeof calls)[number]) }));
    const answer: Said = {
      sent: {
        role: 'ASSISTANT',
        ...(content === undefined ? {} : { content }),
        toolCalls: made.map(({ id, name, given }) => ({ id, name, ...given.sent })),
      },
      got: {
        role: 'ASSISTANT',
        parts: content === undefined ? [] : [asPart(content)],
        toolCalls: made.map(({ id, name, given }) => ({ callId: id, name, argumentsText: given.argumentsText })),
        continuation: null,
      },
    };
    const results = made.map(
      ({ id, name, result, isError }): Said => ({
        sent: { role: 'TOOL', toolCallId: id, content: result, isError },
        got: { role: 'TOOL', callId: id, name, parts: [asPart(result)], isError },
      }),
    );
    return [answer, ...(seed % 2 === 0 ? results : results.toReversed())];
  });

const history = fc
  .tuple(user, fc.array(fc.oneof(user, round), { maxLength: 6 }))
  .map(([first, others]) => [...first, ...others.flat()]);

test('what goes in as a history is what a provider gets', async () => {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(
    async function* (request) {
      requests.push(request);
      yield text('a');
      yield finish();
    },
    { readsLink: ({ type }) => type === 'image' },
  );
  const server = await startServer({ providers: [provider] });
  await fc.assert(
    fc.asyncProperty(history, async (messages) => {
      requests.length = 0;
      const input = { model: 'model', messages: messages.map(({ sent }) => sent) };
      const results: readonly Result[] = await overPost(server, { query: COMPLETE, variables: { input } });
      expect(results).toMatchObject([{ data: { completeChat: { __typename: 'ChatAnswer' } } }]);
      expect(requests[0]?.messages).toEqual(messages.map(({ got }) => got));
    }),
    { numRuns: 200 },
  );
});

test('a history with one thing wrong is refused with the path of it', async () => {
  const server = await startServer({
    providers: [
      scriptedProvider(async function* () {
        yield finish({ reason: 'LENGTH' });
      }),
    ],
  });
  const wrong = fc
    .tuple(history, fc.nat(), fc.constantFrom('role', 'result', 'call', 'content'))
    .map(([messages, at, what]) => {
      const sent = messages.map((message) => message.sent);
      const place = at % sent.length;
      const message = sent[place];
      if (what === 'role') return sent.with(place, { ...message, toolCallId: 'nobody', role: 'TOOL' });
      if (what === 'call') return sent.with(place, { ...message, toolCalls: [{ id: 'a', name: 'b' }] });
      if (what === 'content') return sent.with(place, { ...message, content: 'a', parts: [{ text: 'b' }] });
      return [...sent, { role: 'TOOL', toolCallId: 'nobody', content: 'rain' }];
    });
  await fc.assert(
    fc.asyncProperty(wrong, async (messages) => {
      const results = await overPost(server, { query: COMPLETE, variables: { input: { model: 'model', messages } } });
      expect(results).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
      expect(results[0]?.errors?.[0]?.extensions?.path).toMatch(/^input\.messages\.\d+\./);
    }),
    { numRuns: 200 },
  );
});
