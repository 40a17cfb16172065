import type { ChatRequest, ResponseFormat, Tool, ToolChoice } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { type EffortWord, nearestEffort } from '../kit/effort-words.ts';
import { type Formats, withFormatInstructions } from '../kit/format-instructions.ts';
import { toInput } from './input.ts';

export interface ResponsesWays {
  /** Whether the model reasons; null where that is not known. */
  readonly reasoning: boolean | null;
  /** The words for efforts that it has. */
  readonly efforts: readonly EffortWord[];
  readonly formats: Formats;
  /** Whose continuations are understood. */
  readonly dialect: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The body of a chat: https://platform.openai.com/docs/api-reference/responses/create. What the caller did not give is
 * undefined, and so left out of the JSON.
 * @param extra what else is to be sent: where it stands in a field of ours, what it says besides is there too
 * @throws ProviderError `REJECTED` for what cannot be sent
 */
export function toResponsesRequest(request: ChatRequest, extra: Fields, ways: ResponsesWays): Fields {
  const { messages, responseFormat } = request;
  const { reasoning, formats, dialect } = ways;
  const told = withFormatInstructions(messages, responseFormat, formats);
  return {
    model: request.model,
    input: toInput(told, { systemRole: reasoning ? 'developer' : 'system', dialect }),
    stream: true,
    store: false,
    include: join(reasoning ? ['reasoning.encrypted_content'] : [], extra.include),
    max_output_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    ...toTools(request, extra.tools),
    reasoning: toReasoning(request, extra.reasoning, ways),
    text: toText(responseFormat, extra.text, formats),
  };
}

/** A choice without tools is refused. */
function toTools({ tools = [], toolChoice, parallelToolCalls }: ChatRequest, theirs: unknown): Fields {
  if (tools.length === 0) return {};
  return {
    tools: join(tools.map(toTool), theirs),
    tool_choice: toolChoice && toToolChoice(toolChoice),
    parallel_tool_calls: parallelToolCalls,
  };
}

/** Where nothing is said of it, the service takes a tool for strict. */
function toTool({ name, description, parameters = NO_PARAMETERS, strict = false }: Tool): object {
  return { type: 'function', name, description, parameters, strict };
}

const NO_PARAMETERS = { type: 'object', properties: {}, additionalProperties: false };

function toToolChoice(choice: ToolChoice): unknown {
  return 'tool' in choice ? { type: 'function', name: choice.tool } : choice.mode.toLowerCase();
}

/** A summary is left to those who ask for an effort, as some accounts may have none. */
function toReasoning({ reasoningEffort }: ChatRequest, theirs: unknown, ways: ResponsesWays): Fields | undefined {
  if (reasoningEffort === undefined || ways.reasoning === false) return undefined;
  const effort = nearestEffort(reasoningEffort, ways.efforts);
  const standard = ways.reasoning && effort !== 'none' ? { summary: 'auto' } : {};
  return { ...standard, ...(isObject(theirs) && theirs), effort };
}

/** The format that is asked for, as far as a server has it. */
function toText(format: ResponseFormat | undefined, theirs: unknown, formats: Formats): Fields | undefined {
  const ours = toFormat(format, formats);
  return ours && { ...(isObject(theirs) && theirs), format: ours };
}

function toFormat(format: ResponseFormat | undefined, formats: Formats): Fields | undefined {
  if (format?.type === 'JSON_SCHEMA' && formats.includes('json_schema')) {
    const { name = 'answer', description, schema, strict } = format;
    return { type: 'json_schema', name, description, schema, strict };
  }
  return format && format.type !== 'TEXT' && formats.includes('json_object') ? { type: 'json_object' } : undefined;
}

function join(ours: readonly unknown[], theirs: unknown): readonly unknown[] | undefined {
  const all = [...ours, ...(Array.isArray(theirs) ? theirs : [])];
  return all.length > 0 ? all : undefined;
}
