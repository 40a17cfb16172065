import type { ChatInput, ReasoningEffort, ToolChoiceInput, ToolInput } from '../gql/graphql.ts';

/** What JSON says, or what is wrong with it, and where. */
export type Parsed<Value> =
  | { readonly value: Value; readonly problem: null }
  | { readonly value: null; readonly problem: string };

/** JSON as it was entered. */
export type Entered<Value> = Parsed<Value> & { readonly text: string };

/** What is asked along with each question of a conversation. */
export interface Settings {
  readonly system: string;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** Null: as much as the model thinks fit. */
  readonly reasoningEffort: ReasoningEffort | null;
  readonly tools: Entered<readonly ToolInput[]>;
  /** Null: the model decides. */
  readonly toolChoice: ToolChoiceInput | null;
  readonly answerAs: 'TEXT' | 'JSON' | 'SCHEMA';
  /** What `SCHEMA` means. Null until one is entered. */
  readonly schema: Entered<unknown> | null;
  /** Whether another model starts over when one breaks off. */
  readonly restarts: boolean;
}

export const PLAIN: Settings = {
  system: '',
  temperature: null,
  maxTokens: null,
  reasoningEffort: null,
  tools: { text: '', value: [], problem: null },
  toolChoice: null,
  answerAs: 'TEXT',
  schema: null,
  restarts: false,
};

/** Why nothing can be asked with these settings; null where all is well. */
export function problemOf({ tools, toolChoice, answerAs, schema }: Settings): string | null {
  if (tools.problem !== null) return `Tools: ${tools.problem}`;
  const { tool } = toolChoice ?? {};
  if (tool != null && !tools.value.some(({ name }) => name === tool)) {
    return `Tools: '${tool}', which is to be called, is none of them`;
  }
  if (answerAs !== 'SCHEMA' || schema?.problem === null) return null;
  return `Schema of the answer: ${schema?.problem ?? 'there is none yet'}`;
}

/** The fields of a request that say the same, but for the instructions. A tool that has to be called is called once. */
export function toOptions(settings: Settings, isGoingOn: boolean): Omit<ChatInput, 'id' | 'messages'> {
  const { temperature, maxTokens, reasoningEffort, toolChoice, restarts } = settings;
  const tools = [...(settings.tools.value ?? [])];
  const isForced = toolChoice !== null && (toolChoice.tool != null || toolChoice.mode === 'REQUIRED');
  return {
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { maxTokens }),
    ...(reasoningEffort === null ? {} : { reasoningEffort }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(tools.length === 0 || toolChoice === null || (isForced && isGoingOn) ? {} : { toolChoice }),
    ...toResponseFormat(settings),
    ...(restarts ? { onFailure: 'RESTART' as const } : {}),
  };
}

function toResponseFormat({ answerAs, schema }: Settings): Pick<ChatInput, 'responseFormat'> {
  if (answerAs === 'TEXT') return {};
  if (answerAs === 'JSON') return { responseFormat: { type: 'JSON' } };
  return { responseFormat: { jsonSchema: { schema: schema?.value } } };
}
