import type { ChatRequest, ResponseFormat, Tool, ToolChoice } from '../chat.ts';
import { toOutputSchema } from '../kit/output-schema.ts';
import type { Ways } from './families.ts';

interface Tools {
  /** Undefined where nothing may be called: an empty one is refused, and there is no word for it. */
  readonly toolConfig: { readonly tools: readonly object[]; readonly toolChoice?: object | undefined } | undefined;
  /** The tool whose arguments are the answer, where the model has no other way to hold to a schema. */
  readonly answerTool: string | null;
}

/** What the model may call: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html */
export function toTools(request: ChatRequest, ways: Ways): Tools {
  const { responseFormat: format, toolChoice } = request;
  const tools = toolChoice && 'mode' in toolChoice && toolChoice.mode === 'NONE' ? [] : (request.tools ?? []);
  const answer =
    format?.type === 'JSON_SCHEMA' && ways.structured !== 'format' ? toAnswerTool(format, request.tools ?? []) : null;
  const offered = answer ? [...tools, answer] : tools;
  if (offered.length === 0) return { toolConfig: undefined, answerTool: null };
  const choice = answer ? withAnswer(tools, toolChoice, answer.name) : toolChoice;
  return {
    toolConfig: { tools: offered.map(toToolSpec), toolChoice: choice && toToolChoice(choice) },
    answerTool: answer?.name ?? null,
  };
}

/** A model is held to strict ones as it is to formats. */
function toToolSpec({ name, description, parameters = NO_PARAMETERS, strict }: Tool): object {
  const json = strict ? toOutputSchema(parameters) : parameters;
  return { toolSpec: { name, description: description || undefined, inputSchema: { json }, strict } };
}

const NO_PARAMETERS = { type: 'object', properties: {} };

function toToolChoice(choice: ToolChoice): object {
  if ('tool' in choice) return { tool: { name: choice.tool } };
  return choice.mode === 'REQUIRED' ? { any: {} } : { auto: {} };
}

function toAnswerTool(
  { description, schema }: Extract<ResponseFormat, { type: 'JSON_SCHEMA' }>,
  tools: readonly Tool[],
): Tool {
  let name = 'answer';
  while (tools.some((tool) => tool.name === name)) name += '_';
  return { name, description: description ?? 'Gives the answer.', parameters: schema as Tool['parameters'] };
}

/** The answer is one more tool: it has to be called where no other may be, and otherwise is one of those. */
function withAnswer(tools: readonly Tool[], choice: ToolChoice | undefined, answer: string): ToolChoice {
  if (tools.length === 0) return { tool: answer };
  return choice && 'tool' in choice ? choice : { mode: 'REQUIRED' };
}
