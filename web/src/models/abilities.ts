import { chosenModels } from './chosen.ts';
import { defaultModel, type Model, models, nameOf } from './models.ts';

type Capabilities = Model['capabilities'];

const honours = (option: NonNullable<Capabilities['options']>[number]) => (model: Model) =>
  model.capabilities.options?.includes(option);
const takes = (input: NonNullable<Capabilities['inputs']>[number]) => (model: Model) =>
  model.capabilities.inputs?.includes(input);

/** What a model may be able to do: what it is called, and whether it is; null or undefined where that is not known. */
const ABILITIES = {
  temperature: { words: 'be told a temperature', holds: honours('TEMPERATURE') },
  maxTokens: { words: 'be told how long to answer', holds: honours('MAX_TOKENS') },
  reasoningEffort: {
    words: 'be told how much to think',
    holds: (model: Model) => model.capabilities.reasoning !== false && honours('REASONING_EFFORT')(model),
  },
  tools: { words: 'call tools', holds: ({ kind, capabilities }: Model) => kind === 'CHAT' && capabilities.tools },
  structuredOutput: {
    words: 'be held to JSON',
    holds: ({ kind, capabilities }: Model) => kind === 'CHAT' && capabilities.structuredOutput,
  },
  image: { words: 'look at pictures', holds: takes('IMAGE') },
  audio: { words: 'listen to sound', holds: takes('AUDIO') },
  file: { words: 'read files', holds: takes('FILE') },
  files: {
    words: 'be shown pictures or files',
    holds: ({ capabilities: { inputs } }: Model) => inputs?.some((input) => input !== 'TEXT'),
  },
} as const;

export type Ability = keyof typeof ABILITIES;

export interface Limit {
  /** Whether none of the chosen models can do it, as far as is known. */
  readonly isOff: boolean;
  /** Which of them cannot, for people; null where all may. */
  readonly reason: string | null;
}

/** What is known to keep the chosen models from doing something. */
export function limitOf(ability: Ability): Limit {
  const { words, holds } = ABILITIES[ability];
  const chosen = chosenModels.value;
  const unable = chosen.filter((id) => {
    const model = id === null ? defaultModel('CHAT') : models.value.find((one) => one.id === id);
    return model !== undefined && holds(model) === false;
  });
  if (unable.length === 0) return { isOff: false, reason: null };
  return {
    isOff: unable.length === chosen.length,
    reason: `${unable.map(nameOf).join(' and ')} cannot ${words}.`,
  };
}
