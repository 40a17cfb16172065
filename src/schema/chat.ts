import * as z from 'zod';
import type { ChatRequest } from '../gateway/gateway.ts';
import { badInput } from '../gateway/input-errors.ts';
import { builder, type Context } from './builder.ts';
import { ChatEventUnion, CompleteChatResult } from './chat-event.ts';
import { Name, optional, parseInput } from './input.ts';

const ChatRole = builder.enumType('ChatRole', {
  description: 'Who says a message.',
  values: {
    SYSTEM: { description: 'The instructions that stand above the conversation.' },
    USER: { description: 'The person.' },
    ASSISTANT: { description: 'The model: an earlier answer.' },
  } as const,
});

const ChatMessageInput = builder.inputType('ChatMessageInput', {
  description: 'One message of a conversation.',
  fields: (t) => ({
    role: t.field({ type: ChatRole, required: true, description: 'Who says it.' }),
    content: t.string({ required: true, description: 'What is said.' }),
  }),
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

const ChatInput = builder.inputType('ChatInput', {
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
    onFailure: t.field({
      type: FailurePolicyEnum,
      defaultValue: 'FAIL',
      description: 'What happens when a model breaks off in the middle.',
    }),
  }),
});

builder.subscriptionField('chat', (t) =>
  t.field({
    type: ChatEventUnion,
    description:
      'Streams one answer, ending with `ChatFinished` or `ChatFailed`. Starts a chat, or joins the one that has this ' +
      '`input.id`; with `after` it only joins. When its last reader unsubscribes, the upstream is let go at once.',
    args: {
      input: t.arg({ type: ChatInput, required: true, description: 'What is asked.' }),
      after: t.arg.int({
        description:
          'The `seq` of the last event that was heard, of the chat with this `input.id`: only those after it are sent. ' +
          'Nothing is started for it: where the chat is not there any more the error is `CHAT_NOT_FOUND`, and without ' +
          'an `input.id`, or where the chat has not come so far, `BAD_USER_INPUT`.',
      }),
    },
    subscribe: (_root, { input, after }, context) => streamChat(input, after ?? undefined, context),
    resolve: (event) => event,
  }),
);

builder.mutationField('completeChat', (t) =>
  t.field({
    type: CompleteChatResult,
    description: 'The whole answer at once, for clients that do not subscribe.',
    args: { input: t.arg({ type: ChatInput, required: true, description: 'What is asked.' }) },
    resolve: (_root, { input }, { gateway, caller, maxMessages }) =>
      gateway.completeChat(toChatRequest(input, maxMessages), caller),
  }),
);

builder.mutationField('cancelChat', (t) =>
  t.boolean({
    description:
      'Stops a running chat, from any connection: it ends in `ChatFinished` with `CANCELLED` for all who read it. ' +
      'False if there is none with this id that the caller may stop.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'The `ChatStarted.id` of the chat, or the `input.id` it was given.',
      }),
    },
    resolve: (_root, { id }, { gateway, caller }) => gateway.cancelChat(id, caller.owner),
  }),
);

/** Who comes back with `after` has a chat, or has lost it: no list of models changes that. */
async function streamChat(
  input: typeof ChatInput.$inferInput,
  after: number | undefined,
  { gateway, caller, maxMessages }: Context,
) {
  const request = toChatRequest(input, maxMessages);
  if (after === undefined) await gateway.seekModel(request, caller);
  return gateway.streamChat(request, caller, after);
}

/** @throws GraphQLError `BAD_USER_INPUT` */
function toChatRequest(input: typeof ChatInput.$inferInput, maxMessages: number): ChatRequest {
  const request = parseInput(ChatRequestShape, input);
  const { length } = request.messages;
  if (length > maxMessages) throw badInput('input.messages', `${length} messages, expected at most ${maxMessages}`);
  return request;
}

const ChatRequestShape = z.object({
  id: optional(
    z.string().min(1, 'expected an id that is not empty').max(100, 'expected an id of 100 characters at most'),
  ),
  messages: z
    .array(z.object({ role: z.enum(['SYSTEM', 'USER', 'ASSISTANT']), content: z.string() }))
    .min(1, 'expected at least one message')
    .refine(
      (messages) => messages.some(({ content }) => content.trim() !== ''),
      'expected a message that is not blank',
    ),
  model: optional(Name),
  provider: optional(Name),
  temperature: optional(z.number().min(0, 'expected 0 or more')),
  topP: optional(z.number().min(0, 'expected 0 to 1').max(1, 'expected 0 to 1')),
  maxTokens: optional(z.int().min(1, 'expected 1 or more')),
  stop: optional(z.array(z.string().min(1, 'expected a text that is not empty'))),
  seed: optional(z.int()),
  onFailure: optional(z.enum(['FAIL', 'RESTART'])),
});
