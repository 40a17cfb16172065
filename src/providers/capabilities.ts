/** What may be asked of a chat model beyond its messages. An absent option is left to the upstream. */
export interface ChatOptions {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** The longest answer, in the upstream's own tokens. */
  readonly maxTokens?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  /** Whether one answer may call several tools. */
  readonly parallelToolCalls?: boolean | undefined;
}

export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

/** How much a model thinks before it answers, from the least. */
export const REASONING_EFFORTS = ['NONE', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'MAX'] as const;

/** What a model can be asked for. Null: not known, and what is not known is passed on for the upstream to decide. */
export interface Capabilities {
  /** The options of a chat that it honours. The others are refused before it is called. */
  readonly options: readonly ChatOption[] | null;
  readonly inputs: readonly Modality[] | null;
  readonly outputs: readonly Modality[] | null;
  readonly tools: boolean | null;
  /** Answers in JSON that keep to a schema. */
  readonly structuredOutput: boolean | null;
  readonly reasoning: boolean | null;
  /** In its own tokens, as is `maxOutputTokens`. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  /** False where pictures come in one shape only: any ratio but 1:1 is refused before it is called. */
  readonly aspectRatios: boolean | null;
  /** How many pictures one call makes at most. More are asked for in several calls at once. */
  readonly imagesPerCall: number | null;
}

/** Every option of a chat, by its field in a request. */
export const CHAT_OPTIONS = {
  temperature: 'TEMPERATURE',
  topP: 'TOP_P',
  maxTokens: 'MAX_TOKENS',
  stop: 'STOP',
  seed: 'SEED',
  topK: 'TOP_K',
  presencePenalty: 'PRESENCE_PENALTY',
  frequencyPenalty: 'FREQUENCY_PENALTY',
  reasoningEffort: 'REASONING_EFFORT',
  parallelToolCalls: 'PARALLEL_TOOL_CALLS',
} as const satisfies Readonly<Record<keyof ChatOptions, string>>;

export type ChatOption = (typeof CHAT_OPTIONS)[keyof ChatOptions];

/** What goes into a model, or comes out of it. */
export const MODALITIES = ['TEXT', 'IMAGE', 'AUDIO', 'FILE'] as const;

export type Modality = (typeof MODALITIES)[number];

/** Of a chat model that gets the messages and nothing else: it honours no option. */
export const TEXT_ONLY = {
  options: [],
  inputs: ['TEXT'],
  outputs: ['TEXT'],
  tools: false,
  structuredOutput: false,
  reasoning: false,
} as const satisfies Partial<Capabilities>;

/** Of each capability what the first source says that knows it: the configuration, the upstream's list, a catalogue, the provider's file. */
export function mergeCapabilities(...sources: readonly (Partial<Capabilities> | undefined)[]): Capabilities {
  function first<Key extends keyof Capabilities>(key: Key): Capabilities[Key] | null {
    return sources.find((source) => source?.[key] != null)?.[key] ?? null;
  }
  return {
    options: first('options'),
    inputs: first('inputs'),
    outputs: first('outputs'),
    tools: first('tools'),
    structuredOutput: first('structuredOutput'),
    reasoning: first('reasoning'),
    contextWindow: first('contextWindow'),
    maxOutputTokens: first('maxOutputTokens'),
    aspectRatios: first('aspectRatios'),
    imagesPerCall: first('imagesPerCall'),
  };
}
