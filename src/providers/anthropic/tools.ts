import type { ChatRequest, ResponseFormat, Tool, ToolChoice } from '../chat.ts';
import { toFit } from '../kit/call-ids.ts';
import { toOutputSchema } from '../kit/output-schema.ts';
import type { Ways } from './families.ts';

interface Tools {
  readonly tools: readonly object[];
  readonly tool_choice?: object | undefined;
  /** Of the header `anthropic-beta`. */
  readonly betas: readonly string[];
  /** The tool whose arguments are the answer. */
  readonly answerTool: string | null;
}

/** What the model may call: https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools */
export function toTools(request: ChatRequest, { formats }: Ways): Tools {
  const { tools = [], responseFormat: format, toolChoice, parallelToolCalls } = request;
  const answer = format?.type === 'JSON_SCHEMA' && !formats ? toAnswerTool(format, tools) : null;
  const offered = tools.map(toTool);
  if (answer === null && tools.length === 0) return { ...toEarlierTools(request), betas: [], answerTool: null };
  return {
    tools: answer ? [...offered, answer] : offered,
    tool_choice: toToolChoice(answer ? withAnswer(request, answer.name) : toolChoice, parallelToolCalls),
    betas: tools.some(({ strict }) => strict) ? [STRICT_TOOLS] : [],
    answerTool: answer?.name ?? null,
  };
}

const STRICT_TOOLS = 'structured-outputs-2025-11-13';

/** A model is held to strict ones as it is to formats. */
function toTool({ name, description, parameters = NO_PARAMETERS, strict }: Tool): object {
  return { name, description, input_schema: strict ? toOutputSchema(parameters) : parameters, strict };
}

const NO_PARAMETERS = { type: 'object', properties: {}, additionalProperties: false };

function toToolChoice(choice: ToolChoice | undefined, parallelToolCalls: boolean | undefined): object | undefined {
  if (choice && 'mode' in choice && choice.mode === 'NONE') return { type: 'none' };
  const single = parallelToolCalls === false;
  if (choice === undefined) return single ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  const which = 'tool' in choice ? { type: 'tool', name: choice.tool } : { type: TYPES[choice.mode] };
  return single ? { ...which, disable_parallel_tool_use: true } : which;
}

const TYPES = { AUTO: 'auto', NONE: 'none', REQUIRED: 'any' } as const;

function toAnswerTool(
  { description, schema }: Extract<ResponseFormat, { type: 'JSON_SCHEMA' }>,
  tools: readonly Tool[],
) {
  let name = 'answer';
  while (tools.some((tool) => tool.name === name)) name += '_';
  return { name, description: description ?? 'Gives the answer.', input_schema: schema };
}

/** The answer is one more tool: it has to be called where no other is to be, and otherwise is one of those that may. */
function withAnswer({ tools = [], toolChoice }: ChatRequest, answer: string): ToolChoice {
  if (tools.length === 0) return { tool: answer };
  if (toolChoice === undefined || 'tool' in toolChoice) return toolChoice ?? { mode: 'REQUIRED' };
  return toolChoice.mode === 'NONE' ? { tool: answer } : { mode: 'REQUIRED' };
}

/** A history with calls is refused where there are no tools. */
function toEarlierTools({ messages }: ChatRequest): Pick<Tools, 'tools' | 'tool_choice'> {
  const calls = messages.flatMap((message) => (message.role === 'ASSISTANT' ? message.toolCalls : []));
  const names = new Set(calls.map(({ name }) => toFit(name)));
  if (names.size === 0) return { tools: [] };
  return {
    tools: [...names].map((name) => ({ name, input_schema: { type: 'object' } })),
    tool_choice: { type: 'none' },
  };
}
