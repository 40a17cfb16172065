import { isDeepStrictEqual } from 'node:util';
import { onTestFinished } from 'vitest';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import { createGoogle } from '../../src/providers/google/google.ts';
import { GoogleOptions } from '../../src/providers/google/options.ts';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from './fake-upstream.ts';
import { problemOfSchema } from './google-schema.ts';
import { createSettings, GREETING } from './provider-suite.ts';

export const MODEL = 'gemini-3-flash-preview';

/** Makes the provider `google` from an entry of the configuration; closed when the test has finished. */
export function createGemini(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const options = GoogleOptions.parse({ type: 'google', apiKey: 'AIza-0123', models: [MODEL], ...entry });
  const provider = createGoogle({ id: 'google', ...options }, settings);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told. */
export async function startGemini(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createGemini({ baseUrl: upstream.url, ...entry }) };
}

/** Starts a chat; greets where nothing else is to be said. */
export function ask(provider: Provider, request: Partial<ChatRequest> = {}): AsyncIterable<ChatPart> {
  if (!provider.streamChat) throw new Error(`expected ${provider.id} to chat`);
  return provider.streamChat({ model: MODEL, ...GREETING, ...request }, new AbortController().signal);
}

type Part = Readonly<Record<string, unknown>>;

/** One event, as the vendor frames it. */
export function event(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}

/** One chunk of an answer. */
export function chunk(parts: readonly Part[], finishReason?: string, more: object = {}): string {
  return event({
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: parts.length, totalTokenCount: 9 + parts.length },
    modelVersion: MODEL,
    responseId: 'rDkQaQ',
    ...more,
  });
}

/** Answers with these events, whole. */
export function answerWith(...events: readonly string[]): Play {
  return ({ reply }) => reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
}

/** What the vendor answers in place of one. */
export function refusal(message: string, status = 400, word = 'INVALID_ARGUMENT') {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ error: { code: status, message, status: word } }, null, 2),
  };
}

/**
 * A stand-in that refuses what the vendor does, in its words, and else gives one answer after another, each part in an
 * event of its own. What it gave has to come back as it was.
 * @param before what it gave earlier
 */
export function standIn(answers: readonly (readonly Part[])[], before: readonly (readonly Part[])[] = []): Play {
  const given = [...before];
  return ({ body, url, reply }) => {
    const model = /\/models\/([^:]+):streamGenerateContent\?alt=sse$/.exec(url)?.[1];
    if (model === undefined) return reply(refusal(`${url} is not found for API version v1beta`, 404, 'NOT_FOUND'));
    const problem = problemOf(JSON.parse(body), decodeURIComponent(model), given);
    if (problem !== null) return reply(refusal(problem));
    const parts = answers[given.length - before.length] ?? [];
    given.push(parts);
    const events = parts.map((part, at) => chunk([part], at === parts.length - 1 ? 'STOP' : undefined));
    reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
  };
}

interface Content {
  readonly role?: string;
  readonly parts: readonly Part[];
}

interface Body {
  readonly contents?: readonly Content[];
  readonly systemInstruction?: Content;
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  readonly tools?: readonly { readonly functionDeclarations?: readonly Readonly<Record<string, unknown>>[] }[];
  readonly toolConfig?: unknown;
}

const FIELDS = ['contents', 'systemInstruction', 'generationConfig', 'tools', 'toolConfig', 'safetySettings'];
const CONFIG = [
  ...['temperature', 'topP', 'topK', 'maxOutputTokens', 'stopSequences', 'seed', 'presencePenalty', 'frequencyPenalty'],
  ...[
    'responseMimeType',
    'responseSchema',
    'responseJsonSchema',
    'thinkingConfig',
    'responseModalities',
    'imageConfig',
  ],
];

/** Why the vendor refuses a request; null where it does not. */
function problemOf(body: Body, model: string, given: readonly (readonly Part[])[]): string | null {
  const { contents = [], systemInstruction, generationConfig = {}, tools = [] } = body;
  const unknown = [
    ...Object.keys(body).filter((field) => !FIELDS.includes(field)),
    ...Object.keys(generationConfig).filter((field) => !CONFIG.includes(field)),
  ];
  if (unknown.length > 0) return `Invalid JSON payload received. Unknown name "${unknown[0]}": Cannot find field.`;
  if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified';
  if (systemInstruction && /^gemma/.test(model)) return `Developer instruction is not enabled for models/${model}`;
  if (Object(generationConfig.stopSequences).length > 5) return 'The number of stop sequences must be at most 5';
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const problems = [
    thinkingProblem(Object(generationConfig.thinkingConfig), model),
    ...declared.map(declarationProblem),
    generationConfig.responseSchema === undefined
      ? null
      : problemOfSchema(generationConfig.responseSchema, 'response_schema'),
    ...contents.map((_content, at) => contentProblem(contents, at, model, given)),
  ];
  return problems.find((problem) => problem !== null) ?? null;
}

function thinkingProblem({ thinkingLevel, thinkingBudget }: Part, model: string): string | null {
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    return 'You can only set only one of thinking budget and thinking level.';
  }
  if (thinkingLevel !== undefined && !/gemini-[3-9]/.test(model))
    return 'Thinking level is not supported for this model.';
  if (thinkingLevel === 'minimal' && /pro/.test(model))
    return 'Thinking level MINIMAL is not supported for this model.';
  if (thinkingBudget === 0 && /pro/.test(model)) return 'Budget 0 is invalid. This model only works in thinking mode.';
  return null;
}

function declarationProblem({ name, parameters }: Readonly<Record<string, unknown>>): string | null {
  if (!/^[a-zA-Z_][\w.:-]{0,63}$/.test(String(name))) {
    return 'Invalid function name. Must start with a letter or an underscore.';
  }
  if (parameters === undefined) return null;
  const { properties } = parameters as { readonly properties?: object };
  if (Object.keys(properties ?? {}).length === 0)
    return `${name}.parameters.properties: should be non-empty for OBJECT type`;
  return problemOfSchema(parameters, `${name}.parameters`);
}

function contentProblem(
  contents: readonly Content[],
  at: number,
  model: string,
  given: readonly (readonly Part[])[],
): string | null {
  const { role, parts } = contents[at] as Content;
  if (role !== 'user' && role !== 'model') return 'Please use a valid role: user, model.';
  if (role === contents[at - 1]?.role) return 'Please ensure that multiturn requests alternate between user and model.';
  if (parts.length === 0) return `contents[${at}].parts: must not be empty`;
  for (const part of parts) {
    const kinds = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse', 'executableCode'];
    const { functionCall, functionResponse, text, thoughtSignature, inlineData } = part;
    if (kinds.filter((kind) => part[kind] !== undefined).length !== 1)
      return "required oneof field 'data' must have one initialized field";
    if (text === '' && thoughtSignature === undefined)
      return 'Unable to submit request because it must have a text parameter.';
    if (inlineData !== undefined && !/^[^,:]+$/.test(String(Object(inlineData).data))) return 'Base64 decoding failed';
    for (const struct of [Object(functionCall).args, Object(functionResponse).response]) {
      if (struct !== undefined && (typeof struct !== 'object' || struct === null || Array.isArray(struct)))
        return 'expected a Struct';
    }
  }
  return role === 'user' ? resultProblem(parts, contents[at - 1]) : signatureProblem(parts, at, model, given);
}

const select = (kind: string, parts: readonly Part[] = []) =>
  parts.flatMap((part) =>
    part[kind] === undefined ? [] : [part[kind] as { readonly id?: string; readonly name: string }],
  );

/** Every call has its result in the next turn, by name and id, and nothing else has one. */
function resultProblem(parts: readonly Part[], before: Content | undefined): string | null {
  const toKeys = (list: readonly { readonly id?: string; readonly name: string }[]) =>
    list.map(({ id, name }) => `${id} ${name}`).toSorted();
  const calls = toKeys(select('functionCall', before?.parts));
  if (isDeepStrictEqual(calls, toKeys(select('functionResponse', parts)))) return null;
  return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
}

/** What was given has to come back as it was; what was not, with the value that lets it pass. */
function signatureProblem(
  parts: readonly Part[],
  at: number,
  model: string,
  given: readonly (readonly Part[])[],
): string | null {
  const earlier = given.find((answer) => saidIn(answer) === saidIn(parts));
  if (earlier) {
    const isSame = isDeepStrictEqual(withTextJoined(earlier), withTextJoined(parts));
    return isSame || !earlier.some(({ thoughtSignature }) => thoughtSignature) ? null : 'Corrupted thought signature.';
  }
  const first = parts.find(({ functionCall }) => functionCall !== undefined);
  if (!first || !/^gemini-[3-9]/.test(model)) return null;
  if (first.thoughtSignature === 'skip_thought_signature_validator') return null;
  return `Function call is missing a thought_signature in functionCall parts. Content ${at}.`;
}

function saidIn(parts: readonly Part[]): string {
  const text = parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join('');
  const calls = parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [Object(functionCall)]));
  return JSON.stringify([text, calls.map(({ name, args }) => [name, args])]);
}

/** A text in pieces is the same text, unless one of them is signed; thoughts and empty parts say nothing. */
function withTextJoined(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if ((part.thought || part.text === '') && !part.thoughtSignature) continue;
    if (last?.text !== undefined && part.text !== undefined && !last.thoughtSignature && !part.thoughtSignature) {
      joined[joined.length - 1] = { text: `${last.text}${part.text}` };
    } else joined.push(part);
  }
  return joined;
}
