import * as fc from 'fast-check';

const QUERIES = [
  '{ __typename }',
  'query ($id: ID!) { model(id: $id) { id } provider(id: $id) { id } }',
  'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename ... on ChatAnswer { text } } }',
  'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename } }',
  'mutation ($id: ID!) { cancelChat(id: $id) }',
  'subscription ($input: ChatInput!, $after: Int) { chat(input: $input, after: $after) { __typename } }',
];

const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
const or = <T>(right: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: value });

const link = or(fc.constantFrom('data:image/png;base64,iVBORw0KGgo=', 'media:none', 'http://127.0.0.1:9/a.png'));
const part = fc.record(
  {
    text: or(fc.string()),
    image: or(fc.record({ url: link, detail: or(fc.constant('LOW')) })),
    file: or(fc.record({ url: link, mediaType: or(fc.string()), name: or(fc.string()) })),
  },
  { requiredKeys: [] },
);
const callId = or(fc.constantFrom('a', 'b'));
const call = fc.record(
  { id: callId, name: or(fc.constant('weather')), arguments: or(fc.constant({})), argumentsText: or(fc.string()) },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    role: or(fc.constantFrom('USER', 'SYSTEM', 'ASSISTANT', 'TOOL')),
    content: or(fc.string()),
    parts: or(fc.array(or(part), { maxLength: 3 })),
    toolCalls: or(fc.array(or(call), { maxLength: 3 })),
    toolCallId: callId,
    isError: or(fc.boolean()),
    continuation: or(fc.string()),
  },
  { requiredKeys: [] },
);
const tool = fc.record(
  { name: or(fc.constantFrom('weather', 'time')), parameters: or(fc.constant({ type: 'object' })) },
  { requiredKeys: [] },
);

const input = fc.record(
  {
    id: or(fc.uuid()),
    messages: or(fc.array(or(message), { maxLength: 4 })),
    tools: or(fc.array(or(tool), { maxLength: 3 })),
    toolChoice: or(fc.constantFrom({ mode: 'AUTO' }, { tool: 'weather' })),
    responseFormat: or(fc.constantFrom({ type: 'JSON' }, { jsonSchema: { schema: { type: 'object' } } })),
    reasoningEffort: or(fc.constantFrom('NONE', 'HIGH')),
    providerOptions: or(fc.record({ local: or(fc.record({ script: value })) })),
    model: or(fc.constantFrom('local/eliza', 'local/script', 'local/pattern', 'eliza')),
    provider: or(fc.constant('local')),
    temperature: or(fc.double()),
    topP: or(fc.double()),
    maxTokens: or(fc.integer()),
    stop: or(fc.array(fc.string(), { maxLength: 3 })),
    seed: or(fc.integer()),
    onFailure: or(fc.constantFrom('FAIL', 'RESTART')),
    prompt: or(fc.string()),
    aspectRatio: or(fc.constantFrom('1:1', '16:9', '0:1')),
    count: or(fc.integer({ min: 0, max: 3 })),
  },
  { requiredKeys: ['messages'] },
);

const variables = fc.record({ input: or(input), id: value, after: or(fc.integer()) }, { requiredKeys: [] });

/** What is nearly a request, or is one. */
export const request = fc.record(
  { query: or(fc.constantFrom(...QUERIES)), variables: or(variables), operationName: value, extensions: value },
  { requiredKeys: ['query'] },
);

/** A body of JSON, or one that a byte is missing of. */
export const body: fc.Arbitrary<string> = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: request }, { weight: 1, arbitrary: value }), fc.integer({ min: 0, max: 20 }))
  .map(([sent, cut]) => {
    const text = JSON.stringify(sent);
    return cut === 0 ? text.slice(0, -1) : text;
  });

/** What the WebSocket protocol takes for a request: whether its variables are right is for GraphQL to say. */
const accepted = fc.record({ query: fc.oneof(fc.constantFrom(...QUERIES), fc.string()), variables });

const id = fc.string({ minLength: 1 });

/** A message of the WebSocket protocol. One of about a hundred is none, and closes the socket. */
export const frame: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 70, arbitrary: fc.record({ id, type: fc.constant('subscribe'), payload: accepted }) },
    { weight: 20, arbitrary: fc.record({ id, type: fc.constant('complete') }) },
    { weight: 10, arbitrary: fc.record({ type: fc.constantFrom('ping', 'pong') }) },
    { weight: 1, arbitrary: fc.record({ id: value, type: or(fc.constantFrom('next', 'error')), payload: value }) },
  )
  .map((sent) => JSON.stringify(sent));
