import type { ChatRequest } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { toOutputSchema } from '../kit/output-schema.ts';
import { toHistory } from './messages.ts';
import type { AnthropicModel } from './models.ts';
import { toThinking } from './thinking.ts';
import { toTools } from './tools.ts';

export interface AnthropicRequest {
  readonly body: Readonly<Record<string, unknown>>;
  /** Of the header `anthropic-beta`. */
  readonly betas: readonly string[];
  /** The tool whose arguments are the answer, where the model has no other way to hold to a schema. */
  readonly answerTool: string | null;
}

/** Where neither the caller nor anything that is known of the model says how long an answer may be. */
const STANDARD_MAX_TOKENS = 4096;

/** What a chat is asked with: https://platform.claude.com/docs/en/api/messages */
export function toAnthropicRequest(
  request: ChatRequest,
  { ways, capabilities }: Pick<AnthropicModel, 'ways' | 'capabilities'>,
): AnthropicRequest {
  const { responseFormat: format, providerOptions = {} } = request;
  const { system, messages } = toHistory(request.messages);
  const maxTokens = request.maxTokens ?? capabilities.maxOutputTokens ?? STANDARD_MAX_TOKENS;
  const { thinking, effort } = toThinking(request.reasoningEffort, { ways, maxTokens, messages });
  const { tools, tool_choice, betas, answerTool } = toTools(request, ways);
  const instructions = format?.type === 'JSON' ? [JSON_INSTRUCTIONS] : [];
  const outputFormat =
    format?.type === 'JSON_SCHEMA' && answerTool === null
      ? { type: 'json_schema', schema: toOutputSchema(format.schema) }
      : undefined;
  const ours = {
    model: request.model,
    max_tokens: maxTokens,
    system: [...system, ...instructions],
    messages,
    stream: true,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop_sequences: request.stop,
    tools: [...tools, ...listOf(providerOptions.tools)],
    tool_choice,
    thinking,
    output_config: { ...objectOf(providerOptions.output_config), ...withoutAbsent({ effort, format: outputFormat }) },
  };
  return { body: { ...providerOptions, ...withoutAbsent(ours) }, betas, answerTool };
}

const JSON_INSTRUCTIONS = { type: 'text', text: 'Answer in JSON alone, without a code block.' };

/** What the caller did not ask for is not sent, nor is what is empty. */
function withoutAbsent(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(isObject(value) && isEmpty(value))),
  );
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): object {
  return isObject(value) ? value : {};
}
