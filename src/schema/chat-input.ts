import type { ReasoningEffort } from '../providers/capabilities.ts';
import { builder } from './builder.ts';
import { ChatMessageInput } from './message-input.ts';
import { ResponseFormatInput, ToolChoiceInput, ToolInput } from './tool-input.ts';

const ReasoningEffortEnum = builder.enumType('ReasoningEffort', {
  description:
    'How much a model thinks before it answers. What an upstream has no word for becomes the nearest that it has.',
  values: {
    NONE: { description: 'Not at all.' },
    MINIMAL: { description: 'Hardly.' },
    LOW: { description: 'Little.' },
    MEDIUM: { description: 'As much as is usual.' },
    HIGH: { description: 'Much.' },
    MAX: { description: 'As much as it can.' },
  } satisfies Record<ReasoningEffort, object>,
});

const FailurePolicyEnum = builder.enumType('FailurePolicy', {
  description: 'What happens when a model breaks off in the middle of its answer.',
  values: {
    FAIL: { description: 'The chat ends in `ChatFailed`.' },
    RESTART: {
      description: 'The next model that there is starts over, with a `ChatStarted` that voids what came before.',
    },
  } as const,
});

export const ChatInput = builder.inputType('ChatInput', {
  description: 'A conversation to be continued, and by whom.',
  fields: (t) => ({
    id: t.id({
      description:
        'Chosen by the client (a UUID), once for each chat: after a lost connection the same input with the same id ' +
        'joins the chat that it began, and the answer is paid for once.',
    }),
    messages: t.field({
      type: [ChatMessageInput],
      required: true,
      description: 'The conversation so far, oldest first; at least one message.',
    }),
    model: t.string({
      description: "A `Model.id`, a bare name or an alias. None: the provider's default, or the server's.",
    }),
    provider: t.id({ description: 'A `Provider.id`: only its models.' }),
    temperature: t.float({
      description: 'How freely words are chosen: 0 hardly, 1 as trained. What is allowed is up to the model.',
    }),
    topP: t.float({ description: 'Only the likeliest words that have this probability together, 0 to 1.' }),
    maxTokens: t.int({ description: "The longest answer, in the model's tokens (words, for `local/eliza`)." }),
    stop: t.stringList({ description: 'The answer ends before any of these texts.' }),
    seed: t.int({ description: 'The same seed gives, as far as the model can, the same answer.' }),
    topK: t.int({ description: 'Only so many of the likeliest words.' }),
    presencePenalty: t.float({ description: 'How much words that came already are avoided, −2 to 2.' }),
    frequencyPenalty: t.float({ description: 'How much words that came often are avoided, −2 to 2.' }),
    reasoningEffort: t.field({
      type: ReasoningEffortEnum,
      description: 'How much the model thinks before it answers.',
    }),
    tools: t.field({ type: [ToolInput], description: 'What the model may call.' }),
    toolChoice: t.field({
      type: ToolChoiceInput,
      description: 'Which of the tools are called. None: the model decides.',
    }),
    parallelToolCalls: t.boolean({ description: 'Whether one answer may call several.' }),
    responseFormat: t.field({
      type: ResponseFormatInput,
      description: 'What the answer is. None: text. Otherwise `object` of the end has it as JSON.',
    }),
    providerOptions: t.field({
      type: 'JSON',
      description:
        'What an upstream is to be sent as well, by the id of its provider: `{"openrouter": {"provider": {"sort": "price"}}}`. ' +
        'Our own fields win, and providers that do not answer are passed over.',
    }),
    onFailure: t.field({
      type: FailurePolicyEnum,
      defaultValue: 'FAIL',
      description: 'What happens when a model breaks off in the middle.',
    }),
  }),
});
