import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import { parseObject } from '../../src/providers/http/json.ts';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from './fake-upstream.ts';
import { createAcme } from './openai-server.ts';
import { createSettings, GREETING } from './provider-suite.ts';

export const MODEL = 'gpt-5.4';

/** Makes the provider `acme` of the type `openai`, which speaks this protocol; closed when the test has finished. */
export function createResponses(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  return createAcme({ type: 'openai', apiKey: 'sk-0123456789', models: [MODEL], ...entry }, settings);
}

/** The same, with an upstream that answers as it is told. */
export async function startResponses(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createResponses({ baseUrl: upstream.url, ...entry }) };
}

/** Starts a chat; greets where nothing else is to be said. */
export function ask(provider: Provider, request: Partial<ChatRequest> = {}): AsyncIterable<ChatPart> {
  if (!provider.streamChat) throw new Error(`expected ${provider.id} to chat`);
  return provider.streamChat({ model: MODEL, ...GREETING, ...request }, new AbortController().signal);
}

/** The text of `test/fixtures/responses/<name>`. */
export function readResponse(name: string): string {
  return readFileSync(new URL(`../fixtures/responses/${name}`, import.meta.url), 'utf8');
}

/** One event, as the vendor frames it. */
export function event(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...fields })}\n\n`;
}

export const START = event('response.created', {
  response: { id: 'resp_1', object: 'response', status: 'in_progress' },
});

export function textDelta(delta: string): string {
  return event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta });
}

export function end(status = 'completed', fields: object = {}): string {
  return event(`response.${status}`, { response: { id: 'resp_1', object: 'response', status, output: [], ...fields } });
}

/** Answers with these events, whole. */
export function answerWith(...events: readonly string[]): Play {
  return ({ reply }) => reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
}

type Item = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events of one item, in pieces where it has a text. */
function itemEvents(item: Item, output_index: number): string[] {
  const at = { output_index, item_id: `item_${output_index}` };
  const pieces = (type: string, text: string) =>
    (text.match(/.{1,8}/gsu) ?? []).map((delta) => event(type, { ...at, delta }));
  const [part] = (item.content ?? []) as readonly { readonly text: string }[];
  return [
    event('response.output_item.added', { ...at, item: { ...item, content: [], summary: [], arguments: '' } }),
    ...(item.type === 'message' ? pieces('response.output_text.delta', part?.text ?? '') : []),
    ...(item.type === 'function_call' ? pieces('response.function_call_arguments.delta', String(item.arguments)) : []),
    event('response.output_item.done', { ...at, item }),
  ];
}

/** The events of an answer of these items. */
export function answerEvents(items: readonly Item[]): string[] {
  return [START, ...items.flatMap(itemEvents), end('completed', { output: items })];
}

/**
 * A stand-in that refuses what the vendor does, in its words, and else gives one answer after another. Reasoning that it
 * gave has to come back as it was, before what it led to.
 */
export function standIn(answers: readonly (readonly Item[])[]): Play {
  let given = 0;
  return ({ body, reply }) => {
    const problem = problemOf(JSON.parse(body), answers.slice(0, given));
    if (problem) {
      const error = { error: { message: problem, type: 'invalid_request_error', param: null, code: null } };
      return reply({ status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(error) });
    }
    const items = answers[given++] ?? [];
    reply({ headers: { 'content-type': 'text/event-stream' }, body: answerEvents(items).join('') });
  };
}

interface Body {
  readonly model: string;
  readonly input: readonly (Item & { readonly role?: string })[];
  readonly [field: string]: unknown;
}

const KNOWN_FIELDS = [
  ...['model', 'input', 'stream', 'store', 'include', 'max_output_tokens', 'temperature', 'top_p', 'tools'],
  ...['tool_choice', 'parallel_tool_calls', 'reasoning', 'text', 'metadata', 'service_tier', 'prompt_cache_key'],
];
const KNOWN_ITEM_FIELDS: Readonly<Record<string, readonly string[]>> = {
  message: ['type', 'role', 'content'],
  function_call: ['type', 'call_id', 'name', 'arguments'],
  function_call_output: ['type', 'call_id', 'output'],
  reasoning: ['type', 'id', 'encrypted_content', 'summary', 'content'],
};
const PLAIN = /^gpt-4|^gpt-5[\d.]*-chat/;
const OWN = /^(gpt-|o\d)/;

/** Why the vendor refuses a request; null where it does not. */
function problemOf(body: Body, given: readonly (readonly Item[])[]): string | null {
  const unknown = Object.keys(body).find((field) => !KNOWN_FIELDS.includes(field));
  if (unknown) return `Unknown parameter: '${unknown}'.`;
  return modelProblem(body) ?? inputProblem(body.input) ?? orderProblem(body.input, given);
}

function modelProblem({ model, temperature, top_p, reasoning, include, input, store }: Body): string | null {
  const reasons = OWN.test(model) && !PLAIN.test(model);
  if (reasons && (temperature ?? top_p) !== undefined) return "Unsupported parameter: 'temperature'.";
  if (!reasons && reasoning !== undefined) return "Unsupported parameter: 'reasoning.effort'.";
  if (!reasons && Array.isArray(include)) return 'Encrypted content is not supported with this model.';
  if (reasons && input.some(({ role }) => role === 'system')) return 'Expected the role developer.';
  if (store !== false) return 'This account stores nothing.';
  return null;
}

function inputProblem(input: Body['input']): string | null {
  for (const [at, item] of input.entries()) {
    const known = KNOWN_ITEM_FIELDS[item.type ?? 'message'];
    const unknown = Object.keys(item).find((field) => known?.includes(field) === false);
    if (unknown) return `Unknown parameter: 'input[${at}].${unknown}'.`;
    if (item.type === 'reasoning' && !Array.isArray(item.summary)) return `Missing parameter: 'input[${at}].summary'.`;
    if (item.type === 'function_call' && !parseObject(String(item.arguments)))
      return `Expecting ',' delimiter: ${item.arguments}`;
    const isLoose = (type: string, other: string) =>
      item.type === type && !input.some((one) => one.type === other && one.call_id === item.call_id);
    if (isLoose('function_call_output', 'function_call')) return `No tool call found for ${item.call_id}.`;
    if (isLoose('function_call', 'function_call_output')) return `No tool output found for ${item.call_id}.`;
    if (item.type === 'reasoning' && (input[at + 1]?.role ?? 'assistant') !== 'assistant') {
      return `Item '${item.id}' of type 'reasoning' was provided without its required following item.`;
    }
  }
  return null;
}

/** Each answer whose calls come back has to come back whole, in its order. */
function orderProblem(input: Body['input'], given: readonly (readonly Item[])[]): string | null {
  for (const items of given) {
    const expected = items.map(toSent);
    const callIds = items.flatMap(({ call_id }) => (typeof call_id === 'string' ? [call_id] : []));
    const at = input.findIndex((item) => item.type === 'function_call' && callIds.includes(String(item.call_id)));
    if (at < 0) continue;
    const begin = at - items.findIndex(({ type }) => type === 'function_call');
    if (!isDeepStrictEqual(input.slice(begin, begin + items.length), expected)) {
      return `Item '${callIds[0]}' of type 'function_call' was provided without its required 'reasoning' item.`;
    }
  }
  return null;
}

/** An item as it has to come back. */
function toSent(item: Item): object {
  if (item.type === 'message') return { role: 'assistant', content: item.content };
  const { id, status, ...call } = item;
  return item.type === 'function_call' ? call : item;
}
