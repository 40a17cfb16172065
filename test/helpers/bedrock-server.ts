import { createHash, createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { onTestFinished } from 'vitest';
import { createBedrock } from '../../src/providers/bedrock/bedrock.ts';
import { BedrockOptions } from '../../src/providers/bedrock/options.ts';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Exchange, type Play, startFakeUpstream } from './fake-upstream.ts';
import { createSettings, GREETING } from './provider-suite.ts';

export const MODEL = 'us.anthropic.claude-opus-4-6-v1:0';
export const KEYS = {
  accessKeyId: 'AKIA0123456789ABCDEF',
  secretAccessKey: 'secret/0123456789+abcdefghijklmnopqrstuv',
  sessionToken: 'token+0123456789/ABCDEFGHIJKLMNOPQRSTUV==',
};

/** Makes the provider `bedrock` from an entry of the configuration; closed when the test has finished. */
export function createRock(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const standard = { type: 'bedrock', region: 'us-east-1', models: [MODEL] };
  const provider = createBedrock({ id: 'bedrock', ...BedrockOptions.parse({ ...standard, ...entry }) }, settings);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told. */
export async function startRock(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createRock({ baseUrl: upstream.url, ...KEYS, ...entry }) };
}

/** Starts a chat; greets where nothing else is to be said. */
export function ask(provider: Provider, request: Partial<ChatRequest> = {}): AsyncIterable<ChatPart> {
  if (!provider.streamChat) throw new Error(`expected ${provider.id} to chat`);
  return provider.streamChat({ model: MODEL, ...GREETING, ...request }, new AbortController().signal);
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

/** One frame, as the vendor's own library writes it. */
export function frame(headers: Readonly<Record<string, string>>, body: string): Uint8Array {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }] as const);
  return codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(body) });
}

/** An event; padded, as the vendor's are. */
export function event(type: string, fields: object = {}, p = 'abcdef'): Uint8Array {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return frame(headers, JSON.stringify({ ...fields, p }));
}

export function exception(type: string, message: string): Uint8Array {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return frame(headers, JSON.stringify({ message }));
}

export const START = event('messageStart', { role: 'assistant' });

export const delta = (index: number, delta: object) => event('contentBlockDelta', { contentBlockIndex: index, delta });
export const blockStop = (index: number) => event('contentBlockStop', { contentBlockIndex: index });
export const stop = (stopReason: string) => event('messageStop', { stopReason });

export const USAGE = { inputTokens: 10, outputTokens: 7, totalTokens: 17 };
export const metadata = (usage: object = USAGE) => event('metadata', { usage, metrics: { latencyMs: 1 } });

export type Block = Readonly<Record<string, unknown>>;

/** The events of one block, what it says in pieces. */
export function blockEvents(index: number, { text, toolUse, reasoningContent }: Block): Uint8Array[] {
  const pieces = (whole: unknown) => String(whole ?? '').match(/.{1,8}/gsu) ?? [];
  const { toolUseId, name, input } = Object(toolUse);
  const { reasoningText, redactedContent } = Object(reasoningContent);
  const json = isDeepStrictEqual(input, {}) ? '' : JSON.stringify(input);
  return [
    ...(toolUse
      ? [event('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId, name } } })]
      : []),
    ...(toolUse ? pieces(json).map((input) => delta(index, { toolUse: { input } })) : []),
    ...pieces(reasoningText?.text).map((text) => delta(index, { reasoningContent: { text } })),
    ...(reasoningText?.signature ? [delta(index, { reasoningContent: { signature: reasoningText.signature } })] : []),
    ...(redactedContent ? [delta(index, { reasoningContent: { redactedContent } })] : []),
    ...pieces(text).map((text) => delta(index, { text })),
    blockStop(index),
  ];
}

/** The events of an answer of these blocks. */
export function answerEvents(blocks: readonly Block[], stopReason: string, usage?: object): Uint8Array[] {
  const said = blocks.flatMap((block, index) => blockEvents(index, block));
  return [START, ...said, stop(stopReason), metadata(usage)];
}

export const STREAM = { 'content-type': 'application/vnd.amazon.eventstream' };

/** Answers with these events, whole. */
export function answerWith(...events: readonly Uint8Array[]): Play {
  return ({ reply }) => reply({ headers: STREAM, body: Buffer.concat(events) });
}

interface ScriptedAnswer {
  readonly blocks: readonly Block[];
  readonly stopReason: string;
}

/**
 * A stand-in that refuses what the vendor does, in its words, and else gives one answer after another. What it gave has to
 * come back as it was, and every request has to be signed.
 */
export function standIn(answers: readonly ScriptedAnswer[]): Play {
  const given: Block[][] = [];
  return (exchange) => {
    const refuse = (status: number, message: string) =>
      exchange.reply({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
    if (!isSigned(exchange)) return refuse(403, 'The request signature we calculated does not match the signature');
    const problem = problemOf(JSON.parse(exchange.body), given);
    if (problem !== null) return refuse(400, problem);
    const { blocks, stopReason } = answers[given.length] ?? { blocks: [], stopReason: 'end_turn' };
    given.push([...blocks]);
    answerWith(...answerEvents(blocks, stopReason))(exchange);
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Whether a request bears the signature that it should, worked out here step by step. */
export function isSigned({ method, url, headers, body }: Exchange, region = 'us-east-1'): boolean {
  const { authorization = '', 'x-amz-date': date = '' } = headers as Record<string, string>;
  const [, names = '', signature] = /SignedHeaders=([^,]+), Signature=(\w+)$/.exec(authorization) ?? [];
  const [path = '', query = ''] = url.split('?');
  const encodedTwice = path.split('/').map(encodeURIComponent).join('/');
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, encodedTwice, query, signed.join(''), names, sha256(body)].join('\n');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/bedrock/aws4_request`;
  const key = [day, region, 'bedrock', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${KEYS.secretAccessKey}`);
  const expected = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
  const isOurs = authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${KEYS.accessKeyId}/${scope}, `);
  return isOurs && headers['x-amz-security-token'] === KEYS.sessionToken && signature === expected;
}

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly toolConfig?: unknown;
  readonly [field: string]: unknown;
}

const FIELDS = ['messages', 'system', 'inferenceConfig', 'toolConfig', 'outputConfig', 'additionalModelRequestFields'];

/** Why the vendor refuses a request; null where it does not. */
function problemOf(body: Body, given: readonly (readonly Block[])[]): string | null {
  const unknown = Object.keys(body).find((field) => !FIELDS.includes(field));
  if (unknown) return `${unknown} is not a known field`;
  const blocks = body.messages.flatMap(({ content }) => content);
  if (body.toolConfig === undefined && blocks.some((block) => 'toolUse' in block || 'toolResult' in block)) {
    return 'The toolConfig field must be defined when using toolUse and toolResult content blocks.';
  }
  const problems = body.messages.map((_message, at) => messageProblem(body.messages, at, given));
  return problems.find((problem) => problem !== null) ?? null;
}

function messageProblem(messages: Body['messages'], at: number, given: readonly (readonly Block[])[]): string | null {
  const { role, content } = messages[at] ?? { role: '', content: [] };
  if (role !== ['user', 'assistant'][at % 2]) return 'A conversation must alternate between user and assistant roles.';
  if (content.length === 0) return `The content field in the Message object at messages.${at} is empty.`;
  if (content.some(({ text }) => typeof text === 'string' && text.trim() === '')) return 'The text field is blank.';
  const ids = (blocks: readonly Block[], kind: string) =>
    blocks.flatMap((block) => (block[kind] ? [Object(block[kind]).toolUseId as string] : []));
  const wrong = ids(content, 'toolUse').find((id) => !/^[a-zA-Z0-9_.:-]{1,64}$/.test(id));
  if (wrong !== undefined) return `Value '${wrong}' at toolUseId failed to satisfy constraint`;
  const called = ids(messages[at - 1]?.content ?? [], 'toolUse');
  if (role === 'user' && !isDeepStrictEqual(called, ids(content, 'toolResult'))) {
    return 'Expected toolResult blocks for the toolUse blocks of the turn before';
  }
  const before = given.find((blocks) => ids(blocks, 'toolUse').some((id) => ids(content, 'toolUse').includes(id)));
  if (before && !isDeepStrictEqual(before, content)) {
    return `messages.${at}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified`;
  }
  return null;
}
