import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { parseObject } from '../../src/providers/http/json.ts';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import { askChatCompletions } from '../../src/providers/openai-compatible/chat-completions-api.ts';
import { createOpenAiCompatible } from '../../src/providers/openai-compatible/openai-compatible.ts';
import { OpenAiOptions } from '../../src/providers/openai-compatible/options.ts';
import { askResponses } from '../../src/providers/openai-compatible/responses-api.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from './fake-upstream.ts';
import { createSettings } from './provider-suite.ts';

/** Makes the provider `acme` from an entry of the configuration; closed when the test has finished. */
export function createAcme(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const options = OpenAiOptions.parse({ type: 'openai-compatible', models: ['acme-1'], ...entry });
  const ask = options.api === 'responses' ? askResponses : askChatCompletions;
  const provider = createOpenAiCompatible({ id: 'acme', ...options }, settings, ask);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told. */
export async function startAcme(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createAcme({ baseUrl: upstream.url, ...entry }) };
}

/** The text of `test/fixtures/openai-compatible/<name>`. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/openai-compatible/${name}`, import.meta.url), 'utf8');
}

/** One event: a choice with this delta. */
export function event(delta: object | null | undefined, finishReason?: string | null, more: object = {}): string {
  return data({ choices: [{ index: 0, delta, finish_reason: finishReason }], ...more });
}

export function data(content: unknown): string {
  return `data: ${JSON.stringify(content)}\n\n`;
}

export const DONE = 'data: [DONE]\n\n';

/** Answers with these events, whole. */
export function answerWith(...events: readonly string[]): Play {
  return ({ reply }) => reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
}

/**
 * A stand-in that refuses what servers of this dialect do, and else gives one answer after another.
 * @param id what the id of a call may be
 */
export function standIn(answers: readonly (readonly string[])[], id = /./): Play {
  let given = 0;
  return (exchange) => {
    const message = problemOf(JSON.parse(exchange.body).messages, id);
    if (message === null) return answerWith(...(answers[given++] ?? []))(exchange);
    const body = JSON.stringify({ error: { message, type: 'invalid_request_error' } });
    exchange.reply({ status: 400, headers: { 'content-type': 'application/json' }, body });
  };
}

interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** Why a history is refused; null where it is not. */
function problemOf(messages: readonly Message[], id: RegExp): string | null {
  for (const [at, { role, content, tool_calls: calls = [], tool_call_id }] of messages.entries()) {
    const name = calls.find((call) => !/^[a-zA-Z0-9_-]{1,64}$/.test(call.function.name))?.function.name;
    if (name !== undefined) return `Invalid 'messages[${at}].tool_calls.function.name': ${name}`;
    const broken = calls.find((call) => !parseObject(call.function.arguments))?.function.arguments;
    if (broken !== undefined) return `Expecting ',' delimiter: ${broken}`;
    const wrong = calls.find((call) => !id.test(call.id))?.id;
    if (wrong !== undefined) return `Invalid 'messages[${at}].tool_calls.id': ${wrong}`;
    if (role === 'assistant' && content === null && calls.length === 0) return `messages[${at}].content is missing`;
    const results = messages.slice(at + 1, at + 1 + calls.length).map((result) => result.tool_call_id);
    if (calls.some((call) => !results.includes(call.id)))
      return `messages[${at}].tool_calls must be followed by results`;
    const asked = messages.slice(0, at).findLast(({ role }) => role !== 'tool')?.tool_calls ?? [];
    if (role === 'tool' && !asked.some((call) => call.id === tool_call_id))
      return `messages[${at}]: a result of no call`;
  }
  return null;
}
