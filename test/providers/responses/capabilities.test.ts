import { expect, test } from 'vitest';
import { linksReadBy, linkTo } from '../../helpers/messages.ts';
import { createResponses } from '../../helpers/responses-server.ts';

const capabilitiesOf = (model: object | string, entry: object = {}) =>
  createResponses({ baseUrl: 'http://127.0.0.1:1', models: [model], ...entry }).models[0]?.capabilities;

const REASONING = ['MAX_TOKENS', 'REASONING_EFFORT', 'PARALLEL_TOOL_CALLS'];
const OPTIONS = ['TEMPERATURE', 'TOP_P', ...REASONING];

test.for([
  ['gpt-5.4', { options: REASONING, reasoning: true, inputs: ['TEXT', 'IMAGE', 'FILE'] }],
  ['gpt-9', { options: REASONING, reasoning: true }],
  ['o4-mini', { options: REASONING, reasoning: true }],
  ['codex-mini-latest', { options: REASONING, reasoning: true }],
  ['gpt-4.1', { options: OPTIONS, reasoning: false }],
  ['gpt-5-chat-latest', { options: OPTIONS, reasoning: false }],
  ['openai/gpt-oss-20b', { options: OPTIONS, reasoning: null, inputs: null }],
  ['my-own', { options: OPTIONS, reasoning: null, inputs: null }],
] as const)('what can be asked of %s is known', ([model, known]) => {
  expect(capabilitiesOf(model)).toMatchObject(known);
});

test('the configuration knows better, but for what there is no field for', () => {
  const capabilities = { options: ['TEMPERATURE', 'SEED', 'STOP'], inputs: ['TEXT', 'AUDIO'], reasoning: false };
  expect(capabilitiesOf({ name: 'gpt-5.4', capabilities })).toMatchObject({
    options: ['TEMPERATURE'],
    inputs: ['TEXT'],
    reasoning: false,
  });
  const reasons = { name: 'my-own', capabilities: { reasoning: true } };
  expect(capabilitiesOf(reasons)).toMatchObject({ options: REASONING });
});

test('over the older protocol all is as it was', () => {
  const known = capabilitiesOf('gpt-5.4', { api: 'chat' });
  expect(known?.options).toEqual(expect.arrayContaining(['STOP', 'SEED', 'PRESENCE_PENALTY', 'FREQUENCY_PENALTY']));
});

test('files are read by the service where they are linked to, over this protocol only', () => {
  const entry = { baseUrl: 'http://127.0.0.1:1' };
  expect(linksReadBy(createResponses(entry))).toEqual(['image', 'file']);
  expect(linksReadBy(createResponses({ ...entry, api: 'chat' }))).toEqual(['image']);
  expect(linksReadBy(createResponses({ ...entry, linkedMedia: [] }))).toEqual([]);
  expect(linksReadBy(createResponses({ ...entry, type: 'lmstudio', api: 'responses' }))).toEqual([]);
});

test('a file that is said to be text is read here, as it is sent as text', () => {
  const { readsLink } = createResponses({ baseUrl: 'http://127.0.0.1:1' });
  const file = linkTo('file', 'https://files.example/1');
  expect(readsLink?.({ ...file, mediaType: 'text/csv; charset=utf-8' })).toBe(false);
  expect(readsLink?.({ ...file, mediaType: 'application/pdf' })).toBe(true);
});
