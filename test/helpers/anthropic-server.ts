import { isDeepStrictEqual } from 'node:util';
import { onTestFinished } from 'vitest';
import { createAnthropic } from '../../src/providers/anthropic/anthropic.ts';
import { AnthropicOptions } from '../../src/providers/anthropic/options.ts';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from './fake-upstream.ts';
import { createSettings, GREETING } from './provider-suite.ts';

export const MODEL = 'claude-opus-4-6';

/** Makes the provider `anthropic` from an entry of the configuration; closed when the test has finished. */
export function createClaude(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const options = AnthropicOptions.parse({ type: 'anthropic', models: [MODEL], ...entry });
  const provider = createAnthropic({ id: 'anthropic', ...options }, settings);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told. */
export async function startClaude(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createClaude({ baseUrl: upstream.url, ...entry }) };
}

/** Starts a chat; greets where nothing else is to be said. */
export function ask(provider: Provider, request: Partial<ChatRequest> = {}): AsyncIterable<ChatPart> {
  if (!provider.streamChat) throw new Error(`expected ${provider.id} to chat`);
  return provider.streamChat({ model: MODEL, ...GREETING, ...request }, new AbortController().signal);
}

/** One event, as the vendor frames it. */
export function event(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

export const PING = event('ping');
export const STOP = event('message_stop');

export function start(message: object = {}): string {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const standard = { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL, content: [], stop_reason: null };
  return event('message_start', { message: { ...standard, usage, ...message } });
}

export function end(stop_reason: string | null, usage: object = { output_tokens: 7 }): string {
  return event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage }) + STOP;
}

type Block = Readonly<Record<string, unknown>>;

/** The events of one block, each of them alone; what it says comes in pieces of so many characters. */
export function blockEvents(index: number, block: Block, pieceLength = 8): string[] {
  const empty = { text: '', thinking: '', signature: '', input: {} };
  const begun = Object.fromEntries(Object.entries(block).map(([key, value]) => [key, empty[key as 'text'] ?? value]));
  const pieces = (type: string, field: string, text: unknown) =>
    (String(text).match(new RegExp(`[^]{1,${pieceLength}}`, 'gu')) ?? []).map((piece) =>
      event('content_block_delta', { index, delta: { type, [field]: piece } }),
    );
  const input = isDeepStrictEqual(block.input, {}) ? '' : JSON.stringify(block.input);
  return [
    event('content_block_start', { index, content_block: begun }),
    ...('text' in block ? pieces('text_delta', 'text', block.text) : []),
    ...('thinking' in block ? pieces('thinking_delta', 'thinking', block.thinking) : []),
    ...('signature' in block ? pieces('signature_delta', 'signature', block.signature).slice(0) : []),
    ...('input' in block ? pieces('input_json_delta', 'partial_json', input) : []),
    event('content_block_stop', { index }),
  ];
}

/** The events of an answer of these blocks. */
export function answerEvents(blocks: readonly Block[], stopReason: string, usage?: object): string[] {
  return [start(), ...blocks.flatMap((block, index) => blockEvents(index, block)), end(stopReason, usage)];
}

/** Answers with these events, whole. */
export function answerWith(...events: readonly string[]): Play {
  return ({ reply }) => reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
}

interface ScriptedAnswer {
  readonly blocks: readonly Block[];
  readonly stopReason: string;
}

/**
 * A stand-in that refuses what the vendor does, in its words, and else gives one answer after another. What it gave has to
 * come back as it was.
 */
export function standIn(answers: readonly ScriptedAnswer[]): Play {
  const given: Block[][] = [];
  return ({ body, headers, reply }) => {
    const problem = problemOf(JSON.parse(body), given);
    const version = headers['anthropic-version'] === undefined ? 'anthropic-version: header is required' : null;
    if (problem ?? version) {
      const error = { type: 'error', error: { type: 'invalid_request_error', message: problem ?? version } };
      return reply({ status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(error) });
    }
    const { blocks, stopReason } = answers[given.length] ?? { blocks: [], stopReason: 'end_turn' };
    given.push([...blocks]);
    reply({ headers: { 'content-type': 'text/event-stream' }, body: answerEvents(blocks, stopReason).join('') });
  };
}

interface Body {
  readonly model: string;
  readonly max_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly [field: string]: unknown;
}

const NEWEST = /opus-(4-[789]|[5-9])|sonnet-[5-9]|fable/;
const SAMPLING = ['temperature', 'top_p', 'top_k'];
const KNOWN_FIELDS = [
  ...['model', 'max_tokens', 'messages', 'system', 'stream', 'stop_sequences', 'tools', 'tool_choice', 'metadata'],
  ...['thinking', 'output_config', 'cache_control', 'service_tier', ...SAMPLING],
];

/** Why the vendor refuses a request; null where it does not. */
function problemOf(body: Body, given: readonly (readonly Block[])[]): string | null {
  const { model, max_tokens, messages } = body;
  const unknown = Object.keys(body).find((field) => !KNOWN_FIELDS.includes(field));
  if (unknown) return `${unknown}: Extra inputs are not permitted`;
  if (max_tokens === undefined) return 'max_tokens: Field required';
  const sampling = SAMPLING.find((field) => field in body);
  if (sampling && NEWEST.test(model)) return `\`${sampling}\` is deprecated for this model.`;
  return (
    thinkingProblem(body) ??
    messages.map((_message, at) => messageProblem(messages, at, given)).find((problem) => problem !== null) ??
    null
  );
}

function thinkingProblem({ model, max_tokens = 0, thinking, tool_choice, messages }: Body): string | null {
  const { type, budget_tokens } = Object(thinking);
  if (type === 'enabled' && NEWEST.test(model)) return '"thinking.type.enabled" is not supported for this model.';
  if (type === 'adaptive' && /-4-5|-4-1|-3-/.test(model)) return 'adaptive thinking is not supported on this model';
  if (type === 'enabled' && !(budget_tokens >= 1024)) return 'thinking.enabled.budget_tokens: at least 1024';
  if (type === 'enabled' && budget_tokens >= max_tokens) return '`max_tokens` must be greater than the budget';
  const forced = ['any', 'tool'].includes(Object(tool_choice).type);
  if (forced && (type === 'enabled' || type === 'adaptive')) {
    return 'Thinking may not be enabled when tool_choice forces tool use.';
  }
  const last = messages.findLast(({ role }) => role === 'assistant')?.content[0]?.type;
  if (type === 'enabled' && messages.at(-1)?.content[0]?.type === 'tool_result' && !/thinking/.test(String(last))) {
    return `Expected \`thinking\` or \`redacted_thinking\`, but found \`${last}\`.`;
  }
  return null;
}

function messageProblem(messages: Body['messages'], at: number, given: readonly (readonly Block[])[]): string | null {
  const { role, content } = messages[at] ?? { role: '', content: [] };
  if (role !== ['user', 'assistant'][at % 2]) return `messages.${at}: roles must alternate`;
  if (content.length === 0) return `messages.${at}: all messages must have non-empty content`;
  for (const { type, text, id, input } of content) {
    if (type === 'text' && String(text).trim() === '') return 'messages: text content blocks must be non-empty';
    if (type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(String(id))) return `messages.${at}: tool_use.id: bad pattern`;
    if (type === 'tool_use' && (typeof input !== 'object' || Array.isArray(input))) return 'input should be an object';
  }
  const ids = (type: string, field: string, blocks: readonly Block[] = []) =>
    blocks.filter((block) => block.type === type).map((block) => block[field]);
  const calls = ids('tool_use', 'id', messages[at - 1]?.content);
  const results = ids('tool_result', 'tool_use_id', content);
  if (role === 'user' && !isDeepStrictEqual([...calls].sort(), [...results].sort())) {
    return 'tool_use ids were found without tool_result blocks immediately after';
  }
  if (content.slice(0, results.length).some(({ type }) => role === 'user' && type !== 'tool_result')) {
    return `messages.${at}: tool_result blocks must come first`;
  }
  const before = given.find((blocks) =>
    blocks.some(({ id }) => id !== undefined && ids('tool_use', 'id', content).includes(id)),
  );
  if (before && !isDeepStrictEqual(before, content)) {
    return `messages.${at}: \`thinking\` or \`redacted_thinking\` blocks in an assistant message cannot be modified`;
  }
  return null;
}
