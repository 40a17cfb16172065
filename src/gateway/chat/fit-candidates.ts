import { CHAT_OPTIONS, type ChatOptions, type Modality } from '../../providers/capabilities.ts';
import type { InputPart } from '../../providers/chat.ts';
import { imagePrompt } from '../../providers/kit/prompt.ts';
import { badInput } from '../input-errors.ts';
import type { Model } from '../model.ts';
import type { Candidates } from '../registry.ts';
import type { Asked } from './chat-request.ts';

/**
 * Those of the models that can do what is asked.
 * @throws GraphQLError `BAD_USER_INPUT` when there are none.
 */
export function fitCandidates(candidates: Candidates, asked: Asked): Candidates {
  const [first, ...others] = candidates.filter((model) => obstacle(model, asked) === undefined);
  if (first) return [first, ...others];
  throw obstacle(candidates[0], asked);
}

/** Why a model cannot be asked this. */
function obstacle(model: Model, asked: Asked): Error | undefined {
  if (model.kind === 'IMAGE' && imagePrompt(asked.messages) === '') {
    return badInput('input.messages', `'${model.id}' makes pictures: expected the user to say last what of`);
  }
  const field = OBSTACLES.map((find) => find(model, asked)).find((found) => found !== undefined);
  if (field === undefined) return undefined;
  return badInput(`input.${field}`, `'${model.id}' cannot honour it; leave it out or choose another model`);
}

/** Each gives the path of what a model is known not to do. */
const OBSTACLES: readonly ((model: Model, asked: Asked) => string | undefined)[] = [
  ({ capabilities: { options } }, asked) =>
    FIELDS.find((field) => isAsked(asked, field) && options?.includes(CHAT_OPTIONS[field]) === false),
  (model, { tools = [] }) => (tools.length > 0 && !mayCall(model) ? 'tools' : undefined),
  (model, { messages }) => {
    if (mayCall(model)) return undefined;
    const at = messages.findIndex((message) => message.role === 'ASSISTANT' && message.toolCalls.length > 0);
    return at < 0 ? undefined : `messages.${at}.toolCalls`;
  },
  ({ kind, capabilities: { structuredOutput } }, { responseFormat }) => {
    const isText = responseFormat === undefined || responseFormat.type === 'TEXT';
    return !isText && (kind === 'IMAGE' || structuredOutput === false) ? 'responseFormat' : undefined;
  },
  ({ capabilities: { reasoning } }, { reasoningEffort = 'NONE' }) =>
    reasoning === false && reasoningEffort !== 'NONE' ? 'reasoningEffort' : undefined,
  ({ kind, capabilities }, { messages }) => {
    const inputs = kind === 'IMAGE' ? null : capabilities.inputs;
    for (const [at, { parts }] of messages.entries()) {
      const part = parts.findIndex(({ type }) => inputs?.includes(MODALITY_OF[type]) === false);
      if (part >= 0) return `messages.${at}.parts.${part}`;
    }
    return undefined;
  },
];

const FIELDS = Object.keys(CHAT_OPTIONS) as readonly (keyof ChatOptions)[];

/** Not to think is what a model does that cannot. */
function isAsked(asked: Asked, field: keyof ChatOptions): boolean {
  return asked[field] !== undefined && !(field === 'reasoningEffort' && asked[field] === 'NONE');
}

const MODALITY_OF: Readonly<Record<InputPart['type'], Modality>> = {
  text: 'TEXT',
  image: 'IMAGE',
  audio: 'AUDIO',
  file: 'FILE',
};

function mayCall({ kind, capabilities }: Model): boolean {
  return kind === 'CHAT' && capabilities.tools !== false;
}
