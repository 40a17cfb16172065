import type { ChatOptions } from '../../providers/capabilities.ts';
import type { ChatRequest as ProviderRequest } from '../../providers/chat.ts';
import { badInput } from '../input-errors.ts';
import type { JsonSchemas } from '../json-schemas.ts';
import type { Candidates, ModelChoice } from '../registry.ts';
import type { MessageInput } from './message-input.ts';

/** What a client asks. */
export interface ChatRequest
  extends ChatOptions,
    ModelChoice,
    Pick<ProviderRequest, 'tools' | 'toolChoice' | 'responseFormat'> {
  /** Chosen by the client: makes the chat resumable. */
  readonly id?: string | undefined;
  readonly messages: readonly MessageInput[];
  /** By the id of the provider that they are for. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  readonly onFailure?: FailurePolicy | undefined;
}

/** What happens when a model breaks off in the middle. */
export type FailurePolicy = 'FAIL' | 'RESTART';

/** What a model is asked, whichever it is. */
export type Asked = Omit<ProviderRequest, 'model' | 'providerOptions'>;

/** @throws GraphQLError `BAD_USER_INPUT` for a schema that cannot be compiled, with the validator's own words */
export async function checkSchemas({ tools = [], responseFormat }: Asked, schemas: JsonSchemas): Promise<void> {
  const checks = tools.map(({ parameters }, at) => ({
    path: `input.tools.${at}.parameters`,
    schema: parameters as unknown,
  }));
  if (responseFormat?.type === 'JSON_SCHEMA') {
    checks.push({ path: 'input.responseFormat.jsonSchema.schema', schema: responseFormat.schema });
  }
  for (const { path, schema } of checks) {
    const problem = schema === undefined ? undefined : await schemas.problemOf(schema);
    if (problem !== undefined) throw badInput(path, problem);
  }
}

/** @throws GraphQLError `BAD_USER_INPUT` for options that one of the providers does not understand */
export function checkProviderOptions(
  candidates: Candidates,
  providerOptions: ChatRequest['providerOptions'] = {},
): void {
  for (const { id, callOptions } of new Set(candidates.map(({ provider }) => provider))) {
    const [issue] = callOptions?.safeParse(providerOptions[id] ?? {}).error?.issues ?? [];
    if (issue) throw badInput(['input.providerOptions', id, ...issue.path].join('.'), issue.message);
  }
}
