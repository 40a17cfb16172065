import { isObject, type Json } from '../http/json.ts';
import type { ModelKind } from '../provider.ts';

/** What a model is for. Null: it neither chats nor draws (embeddings, speech, moderation, ranking, video). */
type Use = ModelKind | null;

/**
 * What a model of a list is for: as the list tells, in one of the ways that servers have, or else as its name does.
 * One of which nothing is known chats.
 */
export function toModelUse(model: Json, id: string): Use {
  const { architecture, capabilities } = model;
  const told = [
    fromWords(model),
    fromCapabilities(capabilities),
    fromModalities(isObject(architecture) ? architecture : model),
  ].find((use) => use !== undefined);
  return told === undefined ? fromName(id) : told;
}

/** The words for it, whole, and those of which a part is enough. */
const WORDS: readonly (readonly [Use, RegExp])[] = [
  ['CHAT', /^(chat|chat[-_]completions?|completion|conversational|llm|vlm|language|text|code)$/],
  ['CHAT', /^(text-generation|(image|video|audio)-text-to-text|any-to-any)$/],
  ['IMAGE', /^(image|text[-_]to[-_]image|image[-_]generation)$/],
  [null, /embed|similarity|feature-extraction|moderation|classif|rank|audio|speech|tts|asr|stt|transcri|video/],
];

/** LM Studio, Together and Vercel have a `type`, GitHub and Hugging Face a `task`, LiteLLM a `mode`. */
function fromWords({ type, task, mode }: Json): Use | undefined {
  const words = [type, task, mode].flatMap((word) => (typeof word === 'string' ? [word.toLowerCase()] : []));
  return WORDS.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
}

/** Ollama and llama.cpp have a list, Mistral tells of each whether it chats: https://docs.mistral.ai/api/endpoint/models */
function fromCapabilities(capabilities: unknown): Use | undefined {
  if (Array.isArray(capabilities)) {
    if (capabilities.includes('completion')) return 'CHAT';
    return capabilities.includes('embedding') ? null : undefined;
  }
  if (!isObject(capabilities) || typeof capabilities.completion_chat !== 'boolean') return undefined;
  return capabilities.completion_chat ? 'CHAT' : null;
}

/** OpenRouter tells what goes in and what comes out: https://openrouter.ai/docs/api_reference/models */
function fromModalities({ input_modalities: input, output_modalities: output }: Json): Use | undefined {
  if (!Array.isArray(output) || output.length === 0) return undefined;
  if (Array.isArray(input) && input.length > 0 && !input.includes('text')) return null;
  if (output.includes('text')) return 'CHAT';
  return output.includes('image') ? 'IMAGE' : null;
}

/**
 * What well-known names do not chat, as words of an id: `mistral-embed`, not `embedded-chat`. Words that models which
 * chat bear too are not among them: `gpt-4o-audio-preview`, `gemini-2.5-flash-image` and `deepseek-ocr` do.
 */
const NAMES: readonly (readonly [Use, RegExp])[] = [
  [null, words('embed\\d?|embeddings?|embeddinggemma|minilm|paraphrase-multilingual|bge|gte|e5|rerank|reranker')],
  [null, words('whisper|tts|transcribe|realtime|kokoro|orpheus|sora|veo|imagine-video')],
  [null, words('moderation|guard|shieldgemma')],
  [null, words('davinci-002|babbage-002|gpt-3\\.5-turbo-instruct')], // Completions, and no chat.
  ['IMAGE', words('dall-e|gpt-image|chatgpt-image|imagen|grok-(imagine|\\d)-image|qwen-image|seedream')],
  ['IMAGE', words('flux\\.?\\d?|stable-diffusion|stable-image|sdxl|sd3|ideogram|recraft')],
];

function words(names: string): RegExp {
  return new RegExp(`(?<![a-z0-9])(${names})(?![a-z])`, 'i');
}

function fromName(id: string): Use {
  const known = NAMES.find(([, pattern]) => pattern.test(id));
  return known ? known[0] : 'CHAT';
}
