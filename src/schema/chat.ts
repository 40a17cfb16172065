import { builder } from './builder.ts';
import { ChatEventUnion, CompleteChatResult } from './chat-event.ts';
import { ChatInput } from './chat-input.ts';
import { toChatRequest } from './chat-shape.ts';

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
    subscribe: (_root, { input, after }, { gateway, caller, maxMessages }) =>
      gateway.streamChat(toChatRequest(input, maxMessages), caller, after ?? undefined),
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
