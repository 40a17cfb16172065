import type { ChatRequest, Tool, ToolChoice } from '../chat.ts';
import { toOpenApiSchema } from './openapi-schema.ts';
import type { ToolNames } from './tool-names.ts';

/** What the model may call: https://ai.google.dev/gemini-api/docs/function-calling (read 2026-11-27) */
export function toTools(
  { tools = [], toolChoice }: ChatRequest,
  names: ToolNames,
): { readonly tools?: readonly object[]; readonly toolConfig?: object } {
  if (tools.length === 0) return {};
  const functionCallingConfig = toCallingConfig(toolChoice, tools, names);
  return {
    tools: [{ functionDeclarations: tools.map((tool) => toDeclaration(tool, names)) }],
    ...(functionCallingConfig && { toolConfig: { functionCallingConfig } }),
  };
}

function toDeclaration({ name, description, parameters }: Tool, names: ToolNames): object {
  const schema = parameters && toOpenApiSchema(parameters, `The parameters of '${name}'`);
  const isEmpty = schema?.properties === undefined && schema?.anyOf === undefined; // Which is refused.
  return { name: names.toTheirs(name), description, parameters: isEmpty ? undefined : schema };
}

/** Where the model may choose, VALIDATED holds it to the schemas. */
function toCallingConfig(choice: ToolChoice | undefined, tools: readonly Tool[], names: ToolNames): object | undefined {
  if (choice && 'tool' in choice) return { mode: 'ANY', allowedFunctionNames: [names.toTheirs(choice.tool)] };
  const isStrict = tools.some(({ strict }) => strict);
  if (choice === undefined) return isStrict ? { mode: 'VALIDATED' } : undefined;
  return { mode: { AUTO: isStrict ? 'VALIDATED' : 'AUTO', NONE: 'NONE', REQUIRED: 'ANY' }[choice.mode] };
}
