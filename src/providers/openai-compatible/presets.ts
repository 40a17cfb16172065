import type { ChatOption } from '../capabilities.ts';
import type { MediaPart } from '../chat.ts';
import type { ThinkTagsMode } from '../kit/think-tags.ts';
import type { CatalogueName } from './catalogue.ts';
import type { ChatDialect } from './chat-dialect.ts';

/** What is known of a server that speaks OpenAI's dialect. */
export interface Preset extends ChatDialect {
  /** For people; null: the provider's id is its name. */
  readonly name: string | null;
  /** The service's own page, for people. */
  readonly url: string | null;
  /** Null: it has to be configured. */
  readonly baseUrl: string | null;
  /** Whether it answers nobody without an API key. */
  readonly needsKey: boolean;
  /** The header of its key, which is a bearer token in `authorization`. */
  readonly keyHeader: 'authorization' | 'api-key';
  /** The protocol of its chats. */
  readonly api: (typeof CHAT_APIS)[number];
  /** Where chats are asked over `chat`, and pictures ordered, behind the base URL; `{model}` stands for its name. */
  readonly chatPath: string;
  /** Whether thinking stands in the text; where there is a field for it, tags are text. */
  readonly thinkTags: ThinkTagsMode;
  /** What it reads itself where it is linked to; over `responses` perhaps more. */
  readonly linkedMedia: readonly MediaPart['type'][];
  readonly responsesLinkedMedia?: readonly MediaPart['type'][];
  /** Whether it reads documents itself, and tells them to models that cannot: lists and catalogues tell of the models alone. */
  readonly readsFiles: boolean;
  /** Where its models are listed, behind the base URL. */
  readonly modelsPath: string;
  /** Where pictures are ordered, behind the base URL. */
  readonly imagesPath: string;
  /** The shapes that pictures come in: sizes, sent as `size`, or ratios, sent as `aspect_ratio`. */
  readonly sizes: readonly string[];
  /** How many pictures one call makes at most. */
  readonly maxImagesPerCall: number;
  /** The options of a chat that its API has no field for, or does nothing with. */
  readonly unsupported: readonly ChatOption[];
  /** Where it tells more of its models than in their list. */
  readonly details: DetailsSource | null;
  /** What the catalogue of models calls it. Null: it tells enough itself, or its models are whatever its owner calls so. */
  readonly catalogue: CatalogueName | null;
}

/** Where a server tells more of its models than in their list. */
export interface DetailsSource {
  /** Behind the base URL. */
  readonly path: string;
  /** Whether it is asked for each model, or once for another list. */
  readonly each: boolean;
}

export type PresetName = keyof typeof PRESETS;

/** The protocols that chats are asked over: `/chat/completions` and `/responses`. */
export const CHAT_APIS = ['chat', 'responses'] as const;

const SERVICE = {
  needsKey: true,
  keyHeader: 'authorization',
  api: 'chat',
  chatPath: '/chat/completions',
  maxTokensField: 'max_tokens',
  streamUsage: true,
  thinkTags: 'off',
  seedField: 'seed',
  toolChoiceRequired: 'required',
  toolChoiceNamed: true,
  toolCallIdLength: null,
  mediaInToolResults: false,
  mediaParts: 'openai',
  linkedMedia: ['image'],
  readsFiles: false,
  responseFormats: ['json_object', 'json_schema'],
  reasoningFields: ['reasoning_effort'],
  reasoningEfforts: ['none', 'low', 'medium', 'high'],
  reasoningHistory: 'none',
  modelsPath: '/models',
  imagesPath: '/images/generations',
  sizes: ['1024x1024', '1536x1024', '1024x1536'],
  maxImagesPerCall: 10,
  unsupported: [],
  details: null,
  catalogue: null,
} as const;
const OWN_SERVER = { ...SERVICE, needsKey: false, thinkTags: 'auto' } as const;

/** The servers that need no base URL in the configuration, by the `type` of their entry there. */
export const PRESETS = {
  // Its reasoning models refuse `max_tokens`: https://platform.openai.com/docs/api-reference/chat/create
  // Links to files: https://platform.openai.com/docs/guides/pdf-files?api-mode=responses
  openai: {
    ...SERVICE,
    name: 'OpenAI',
    url: 'https://platform.openai.com',
    baseUrl: 'https://api.openai.com/v1',
    api: 'responses',
    responsesLinkedMedia: ['image', 'file'],
    maxTokensField: 'max_completion_tokens',
    reasoningEfforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
    unsupported: ['TOP_K'],
    catalogue: 'openai',
  },
  // Lists models that put out text unless it is asked for others: https://openrouter.ai/docs/api_reference/models
  // Efforts: https://openrouter.ai/docs/guides/best-practices/reasoning-tokens; files: https://openrouter.ai/docs/features/multimodal/pdfs
  // Some makers of pictures refuse to make several at once: https://openrouter.ai/docs/api/api-reference/images/generate-an-image
  openrouter: {
    ...SERVICE,
    name: 'OpenRouter',
    url: 'https://openrouter.ai',
    baseUrl: 'https://openrouter.ai/api/v1',
    linkedMedia: ['image', 'file'],
    readsFiles: true,
    reasoningFields: ['reasoning'],
    reasoningEfforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    reasoningHistory: 'reasoning_details',
    modelsPath: '/models?output_modalities=text,image',
    imagesPath: '/images',
    sizes: ['1:1', '4:3', '3:4', '3:2', '2:3', '5:4', '4:5', '16:9', '9:16', '21:9', '9:21', '2:1', '1:2'],
    maxImagesPerCall: 1,
  },
  // Takes the penalties, and says that no model has them yet: https://console.groq.com/docs/api-reference
  groq: {
    ...SERVICE,
    name: 'Groq',
    url: 'https://groq.com',
    baseUrl: 'https://api.groq.com/openai/v1',
    unsupported: ['TOP_K', 'PRESENCE_PENALTY', 'FREQUENCY_PENALTY'],
    catalogue: 'groq',
  },
  // Sends usage unasked, and answers 422 to `stream_options`: https://github.com/avante-corp/avante.nvim/issues/2347
  // Refuses fields that it does not know, and a message of the user right behind the result of a tool: https://docs.mistral.ai/api/endpoint/chat
  // Files: https://docs.mistral.ai/capabilities/OCR/document_understanding
  mistral: {
    ...SERVICE,
    name: 'Mistral',
    url: 'https://mistral.ai',
    baseUrl: 'https://api.mistral.ai/v1',
    streamUsage: false,
    seedField: 'random_seed',
    toolChoiceRequired: 'any',
    toolCallIdLength: 9,
    mediaInToolResults: true,
    mediaParts: 'mistral',
    linkedMedia: ['image', 'file'],
    readsFiles: true,
    reasoningFields: ['prompt_mode'],
    reasoningHistory: 'thinking',
    unsupported: ['TOP_K'],
    catalogue: 'mistral',
  },
  // Thinks unless it is told not to, and has no schemas: https://api-docs.deepseek.com/guides/thinking_mode
  // Passes over what its reference does not name: https://api-docs.deepseek.com/api/create-chat-completion
  deepseek: {
    ...SERVICE,
    name: 'DeepSeek',
    url: 'https://www.deepseek.com',
    baseUrl: 'https://api.deepseek.com/v1',
    responseFormats: ['json_object'],
    reasoningFields: ['thinking', 'reasoning_effort'],
    reasoningEfforts: ['low', 'high', 'max'],
    reasoningHistory: 'reasoning_content',
    unsupported: ['SEED', 'TOP_K', 'PARALLEL_TOOL_CALLS'],
    catalogue: 'deepseek',
  },
  together: {
    ...SERVICE,
    name: 'Together',
    url: 'https://www.together.ai',
    baseUrl: 'https://api.together.xyz/v1',
    catalogue: 'togetherai',
  },
  // Refuses `size`: https://docs.x.ai/developers/model-capabilities/images/generation
  // What goes into a model stands in a list of its own: https://docs.x.ai/developers/rest-api-reference/inference/models
  xai: {
    ...SERVICE,
    name: 'xAI',
    url: 'https://x.ai',
    baseUrl: 'https://api.x.ai/v1',
    sizes: [
      ...['1:1', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16', '2:1', '1:2'],
      ...['19.5:9', '9:19.5', '20:9', '9:20'],
    ],
    unsupported: ['TOP_K'],
    details: { path: '/language-models', each: false },
    catalogue: 'xai',
  },
  // Passes over what this page does not name: https://docs.ollama.com/api/openai-compatibility
  ollama: {
    ...OWN_SERVER,
    name: 'Ollama',
    url: 'https://ollama.com',
    baseUrl: 'http://127.0.0.1:11434/v1',
    unsupported: ['TOP_K', 'PARALLEL_TOOL_CALLS'],
    details: { path: '/../api/show', each: true },
    linkedMedia: [],
  },
  vllm: { ...OWN_SERVER, name: 'vLLM', url: 'https://docs.vllm.ai', baseUrl: 'http://127.0.0.1:8000/v1' },
  llamacpp: {
    ...OWN_SERVER,
    name: 'llama.cpp',
    url: 'https://github.com/ggml-org/llama.cpp',
    baseUrl: 'http://127.0.0.1:8080/v1',
    toolChoiceNamed: false,
    linkedMedia: [],
  },
  // Takes no `json_object`: https://lmstudio.ai/docs/developer/openai-compat/structured-output
  lmstudio: {
    ...OWN_SERVER,
    name: 'LM Studio',
    url: 'https://lmstudio.ai',
    baseUrl: 'http://127.0.0.1:1234/v1',
    toolChoiceNamed: false,
    linkedMedia: [],
    responseFormats: ['json_schema'],
    details: { path: '/../api/v0/models', each: false },
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** Every other server. */
export const NO_PRESET: Preset = { ...OWN_SERVER, name: null, url: null, baseUrl: null };
