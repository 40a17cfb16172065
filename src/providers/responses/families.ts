import { type Capabilities, CHAT_OPTIONS, type ChatOption } from '../capabilities.ts';
import type { EffortWord } from '../kit/effort-words.ts';

/** What OpenAI's models of a family have in common. */
interface Family {
  readonly name: RegExp;
  readonly reasoning: boolean;
  /** The words for efforts that it has. */
  readonly efforts: readonly EffortWord[];
}

const PLAIN = { reasoning: false, efforts: [] } as const;

/** The first that fits counts; a model that nobody has heard of is like the newest. https://platform.openai.com/docs/models */
const FAMILIES: readonly Family[] = [
  { name: /^gpt-(3|4)|^chatgpt-4|^gpt-5[\d.]*-chat/, ...PLAIN },
  { name: /^(o\d|codex)/, reasoning: true, efforts: ['low', 'medium', 'high'] },
  { name: /^gpt-5(?!\.)/, reasoning: true, efforts: ['minimal', 'low', 'medium', 'high'] },
  { name: /^gpt-5\.1(?!-codex-max)/, reasoning: true, efforts: ['none', 'low', 'medium', 'high'] },
  { name: /^gpt-\d/, reasoning: true, efforts: ['none', 'low', 'medium', 'high', 'xhigh'] },
];

/** Undefined for models of others, the open ones of OpenAI among them. */
export function familyOf(model: string): Family | undefined {
  const own = model.slice(model.lastIndexOf('/') + 1);
  return FAMILIES.find(({ name }) => name.test(own));
}

/** What the protocol has no field for. */
export const NO_FIELD: readonly ChatOption[] = ['STOP', 'SEED', 'TOP_K', 'PRESENCE_PENALTY', 'FREQUENCY_PENALTY'];
/** What models that reason refuse besides. */
const NOT_REASONING: readonly ChatOption[] = ['TEMPERATURE', 'TOP_P'];

/** @param reasoning whether the model does; null where that is not known */
export function ofReasoning(reasoning: boolean | null): Partial<Capabilities> {
  return { reasoning, options: reasoning ? without(NOT_REASONING) : null };
}

/** What can be asked of a model over this protocol, of all that it can do, whoever says so. */
export function throughResponses({ options, inputs, ...others }: Capabilities): Capabilities {
  return {
    ...others,
    options: (options ?? Object.values(CHAT_OPTIONS)).filter((option) => !NO_FIELD.includes(option)),
    inputs: inputs?.filter((input) => input !== 'AUDIO') ?? null,
  };
}

function without(options: readonly ChatOption[]): readonly ChatOption[] {
  return Object.values(CHAT_OPTIONS).filter((option) => !options.includes(option));
}
