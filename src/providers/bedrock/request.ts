import type { ChatRequest, ResponseFormat } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';
import { toOutputSchema } from '../kit/output-schema.ts';
import type { Ways } from './families.ts';
import { toHistory } from './messages.ts';
import type { BedrockModel } from './models.ts';
import { toReasoning } from './reasoning.ts';
import { toTools } from './tools.ts';

export interface BedrockRequest {
  readonly body: Json;
  /** The tool whose arguments are the answer, where the model has no other way to hold to a schema. */
  readonly answerTool: string | null;
}

/** Where neither the caller nor anything that is known of the model says how long an answer may be, for its reasoning to be a part of. */
const STANDARD_MAX_TOKENS = 8192;

/**
 * What a chat is asked with. What the caller did not give is undefined, and so left out of the JSON.
 * @throws ProviderError `REJECTED` for what cannot be sent
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export function toBedrockRequest(
  request: ChatRequest,
  { ways, capabilities }: Pick<BedrockModel, 'ways' | 'capabilities'>,
): BedrockRequest {
  const { responseFormat: format, providerOptions = {}, topK } = request;
  const { toolConfig, answerTool } = toTools(request, ways);
  const { system, messages } = toHistory(request.messages, { maker: ways.maker, hasTools: toolConfig !== undefined });
  const longest = request.maxTokens ?? capabilities.maxOutputTokens ?? STANDARD_MAX_TOKENS;
  const reasoning = toReasoning(request.reasoningEffort, { ways, maxTokens: longest, messages });
  const reasons = reasoning !== undefined && request.reasoningEffort !== 'NONE';
  const instructions = format?.type === 'JSON' ? [JSON_INSTRUCTIONS] : [];
  const body = merge(providerOptions, {
    system: system.length + instructions.length > 0 ? [...system, ...instructions] : undefined,
    messages,
    inferenceConfig: {
      maxTokens: reasons && ways.reasoning === 'budget' ? longest : request.maxTokens,
      temperature: request.temperature,
      topP: request.topP,
      stopSequences: request.stop,
    },
    toolConfig: toolConfig && answerTool !== null && reasons ? { ...toolConfig, toolChoice: AUTO } : toolConfig,
    outputConfig: answerTool === null ? toOutputConfig(format) : undefined,
    additionalModelRequestFields: { ...toTopK(topK, ways), ...reasoning },
  });
  return { body, answerTool };
}

const JSON_INSTRUCTIONS = { text: 'Answer in JSON alone, without a code block.' };

/** Nobody that reasons can be made to call a tool. */
const AUTO = { auto: {} };

function toOutputConfig(format: ResponseFormat | undefined): object | undefined {
  if (format?.type !== 'JSON_SCHEMA') return undefined;
  const { name, description, schema } = format;
  const jsonSchema = { schema: JSON.stringify(toOutputSchema(schema)), name, description };
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

function toTopK(topK: number | undefined, ways: Ways): object {
  if (topK === undefined || ways.topK === null) return {};
  return ways.topK === 'top_k' ? { top_k: topK } : { inferenceConfig: { topK } };
}

/** What the caller wants sent as well stands beside what we send, one level below too. What is empty is not sent. */
function merge(theirs: Json, ours: Json): Json {
  const merged = Object.entries(ours).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (!isRecord(value)) return [[key, value] as const];
    const own = Object.entries(value).filter(([, inner]) => inner !== undefined);
    const both = { ...(isRecord(theirs[key]) ? theirs[key] : {}), ...Object.fromEntries(own) };
    return Object.keys(both).length === 0 ? [] : [[key, both] as const];
  });
  return { ...theirs, ...Object.fromEntries(merged) };
}

function isRecord(value: unknown): value is Json {
  return isObject(value) && !Array.isArray(value);
}
