import * as z from 'zod';
import { REASONING_HISTORIES, type ReasoningHistory } from '../chat-completions/continuation.ts';
import { EFFORT_WORDS } from '../kit/effort-words.ts';

const REASONING_FIELDS = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'prompt_mode'] as const;
const HISTORIES = ['none', ...(Object.keys(REASONING_HISTORIES) as ReasoningHistory[])] as const;

/** What servers want differently in a chat. A preset tells all of it; an entry, or a model of one, says otherwise. */
const ChatDialect = z.object({
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).describe('What the server calls the longest answer.'),
  streamUsage: z.boolean().describe('False for a server that refuses stream_options.'),
  seedField: z.enum(['seed', 'random_seed']).describe('What the server calls the seed.'),
  toolChoiceRequired: z
    .enum(['required', 'any'])
    .describe('The word for "call at least one tool"; otherwise required, or any with mistral.'),
  toolChoiceNamed: z
    .boolean()
    .describe(
      'False for a server that takes no name as its tool_choice: the tool that has to be called is then sent alone. Otherwise true, or false with llamacpp and lmstudio.',
    ),
  toolCallIdLength: z
    .int()
    .min(6)
    .max(64)
    .nullable()
    .describe(
      'For a server that takes calls only with ids of so many letters and digits: other ids are made to fit. Null: any; otherwise 9 with mistral.',
    ),
  toolCallIdMaxLength: z
    .int()
    .min(16)
    .max(300)
    .nullable()
    .describe(
      'For a server that takes calls only with ids of so many characters at most: longer ones are made to fit. Null: any; otherwise 40 with openai and azure.',
    ),
  mediaInToolResults: z
    .boolean()
    .describe(
      'True for a server that takes pictures and files in the result of a tool, as mistral does; otherwise they go into a message of the user behind the results.',
    ),
  mediaParts: z
    .enum(['openai', 'mistral'])
    .describe(
      'How audio and files are sent: as `input_audio` with data and format and as `file`, or as a bare `input_audio` and as `document_url`.',
    ),
  responseFormats: z
    .array(z.enum(['json_object', 'json_schema']))
    .describe(
      'The types of response_format that the server takes. What it lacks is asked for in the instructions. Otherwise both, or json_object with deepseek, or json_schema with lmstudio.',
    ),
  reasoningFields: z
    .array(z.enum(REASONING_FIELDS))
    .min(1, 'expected at least one field')
    .describe(
      'How reasoning is asked for: `reasoning_effort: "low"`, `reasoning: {"effort": "low"}`, `thinking: {"type": "enabled"}`, `enable_thinking: true` or `prompt_mode: "reasoning"`; several are sent together.',
    ),
  reasoningEfforts: z
    .array(z.enum(EFFORT_WORDS))
    .min(1, 'expected at least one word')
    .describe('The words that the server has for efforts; the nearest is sent. Otherwise none, low, medium and high.'),
  reasoningHistory: z
    .enum(HISTORIES)
    .describe(
      'In what the server wants to see its reasoning again: `reasoning_content` (deepseek; only in turns with calls of tools), `reasoning_details` (openrouter), `thinking` parts (mistral), or none.',
    ),
});

type Options = z.output<typeof ChatDialect>;

export type ChatDialect = {
  readonly [Name in keyof Options]: Options[Name] extends readonly (infer Item)[] ? readonly Item[] : Options[Name];
};

/** Of an entry, or of a model of one. */
export const chatDialectOptions = ChatDialect.exactPartial().shape;
