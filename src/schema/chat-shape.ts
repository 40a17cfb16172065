import * as z from 'zod';
import type { ChatRequest } from '../gateway/chat/chat-request.ts';
import { badInput } from '../gateway/input-errors.ts';
import { REASONING_EFFORTS } from '../providers/capabilities.ts';
import type { ChatInput } from './chat-input.ts';
import { Name, optional, parseInput } from './input.ts';
import { Message } from './message-shape.ts';

/** @throws GraphQLError `BAD_USER_INPUT` */
export function toChatRequest(input: typeof ChatInput.$inferInput, maxMessages: number): ChatRequest {
  const request = parseInput(Chat, input);
  const { length } = request.messages;
  if (length > maxMessages) throw badInput('input.messages', `${length} messages, expected at most ${maxMessages}`);
  return request;
}

/** To go through its fields would take long, where there are many. */
const JsonObject = z.custom<Readonly<Record<string, unknown>>>(isJsonObject, 'expected an object');

const ToolName = z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 of the characters a-zA-Z0-9_-');

const Parameters = JsonObject.refine(
  ({ type = 'object' }) => type === 'object',
  'expected a schema of an object: `"type": "object"`',
);

const Tool = z.object({
  name: ToolName,
  description: optional(z.string()),
  parameters: optional(Parameters),
  strict: optional(z.boolean()),
});

const Tools = z.array(Tool).superRefine((tools, context) => {
  const names = new Set<string>();
  for (const [at, { name }] of tools.entries()) {
    if (!names.has(name)) {
      names.add(name);
      continue;
    }
    context.addIssue({ code: 'custom', path: [at, 'name'], message: `another tool is called '${name}'` });
  }
});

const ToolChoice = z.union([z.object({ mode: z.enum(['AUTO', 'NONE', 'REQUIRED']) }), z.object({ tool: z.string() })]);

const JsonSchema = z.object({
  name: optional(ToolName),
  description: optional(z.string()),
  schema: z.union([JsonObject, z.boolean()], { error: 'expected a JSON Schema' }),
  strict: optional(z.boolean()),
});

/** GraphQL has seen to it that there is exactly one of them. */
const ResponseFormat = z
  .object({ type: optional(z.enum(['TEXT', 'JSON'])), jsonSchema: optional(JsonSchema) })
  .transform(({ type = 'TEXT', jsonSchema }) =>
    jsonSchema ? { type: 'JSON_SCHEMA' as const, ...jsonSchema } : { type },
  );

const Penalty = z.number().min(-2, 'expected -2 to 2').max(2, 'expected -2 to 2');

const Chat = z
  .object({
    id: optional(
      z.string().min(1, 'expected an id that is not empty').max(100, 'expected an id of 100 characters at most'),
    ),
    messages: z.array(Message).min(1, 'expected at least one message'),
    model: optional(Name),
    provider: optional(Name),
    temperature: optional(z.number().min(0, 'expected 0 or more')),
    topP: optional(z.number().min(0, 'expected 0 to 1').max(1, 'expected 0 to 1')),
    maxTokens: optional(z.int().min(1, 'expected 1 or more')),
    stop: optional(z.array(z.string().min(1, 'expected a text that is not empty'))),
    seed: optional(z.int()),
    topK: optional(z.int().min(1, 'expected 1 or more')),
    presencePenalty: optional(Penalty),
    frequencyPenalty: optional(Penalty),
    reasoningEffort: optional(z.enum(REASONING_EFFORTS)),
    tools: optional(Tools),
    toolChoice: optional(ToolChoice),
    parallelToolCalls: optional(z.boolean()),
    responseFormat: optional(ResponseFormat),
    providerOptions: optional(z.record(z.string(), JsonObject, { error: 'expected an object' })),
    onFailure: optional(z.enum(['FAIL', 'RESTART'])),
  })
  .superRefine(({ tools = [], toolChoice, parallelToolCalls }, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    const names = tools.map(({ name }) => name);
    if (toolChoice && 'tool' in toolChoice && !names.includes(toolChoice.tool)) {
      problem('toolChoice.tool', `expected the name of one of the tools, got '${toolChoice.tool}'`);
    } else if (toolChoice && 'mode' in toolChoice && toolChoice.mode === 'REQUIRED' && names.length === 0) {
      problem('toolChoice.mode', 'expected tools with it');
    }
    if (parallelToolCalls && names.length === 0) problem('parallelToolCalls', 'expected tools with it');
  });

function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
