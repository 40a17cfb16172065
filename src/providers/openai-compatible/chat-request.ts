import type { ChatRequest, Tool, ToolChoice } from '../chat.ts';
import { withFormatInstructions } from '../kit/format-instructions.ts';
import type { ChatDialect } from './chat-dialect.ts';
import { toOpenAiMessages } from './messages.ts';
import { toReasoningFields } from './reasoning-effort.ts';
import { toResponseFormat } from './response-format.ts';

/**
 * The body of a chat, in the way of a server. What the caller did not give is undefined, and so left out of the JSON.
 * @throws ProviderError `REJECTED` for what no server of the dialect can be sent
 */
export function toOpenAiChat(request: ChatRequest, dialect: ChatDialect): Readonly<Record<string, unknown>> {
  const { messages, responseFormat, reasoningEffort } = request;
  const told = withFormatInstructions(messages, responseFormat, dialect.responseFormats);
  return {
    model: request.model,
    messages: toOpenAiMessages(told, dialect),
    stream: true,
    stream_options: dialect.streamUsage ? { include_usage: true } : undefined,
    temperature: request.temperature,
    top_p: request.topP,
    [dialect.maxTokensField]: request.maxTokens,
    stop: request.stop,
    [dialect.seedField]: request.seed,
    top_k: request.topK,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    ...toTools(request, dialect),
    response_format: toResponseFormat(responseFormat, dialect.responseFormats),
    ...(reasoningEffort && toReasoningFields(reasoningEffort, dialect)),
  };
}

/** Servers refuse a choice without tools. */
function toTools({ tools = [], toolChoice, parallelToolCalls }: ChatRequest, dialect: ChatDialect): object {
  if (tools.length === 0) return {};
  const named = toolChoice && 'tool' in toolChoice && !dialect.toolChoiceNamed ? toolChoice.tool : undefined;
  const offered = named === undefined ? tools : tools.filter(({ name }) => name === named);
  return {
    tools: offered.map(toTool),
    tool_choice: toolChoice && toToolChoice(toolChoice, dialect),
    parallel_tool_calls: parallelToolCalls,
  };
}

function toTool({ name, description, parameters = NO_PARAMETERS, strict }: Tool): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

/** Some servers demand a schema. */
const NO_PARAMETERS = { type: 'object', properties: {}, additionalProperties: false };

function toToolChoice(choice: ToolChoice, { toolChoiceRequired, toolChoiceNamed }: ChatDialect): unknown {
  if ('tool' in choice && toolChoiceNamed) return { type: 'function', function: { name: choice.tool } };
  const mode = 'tool' in choice ? 'REQUIRED' : choice.mode;
  return { AUTO: 'auto', NONE: 'none', REQUIRED: toolChoiceRequired }[mode];
}
