import * as z from 'zod';
import { MAX_CALL_ID_LENGTH } from '../providers/chat.ts';
import { optional } from './input.ts';

const Url = z.string().refine(isMediaUrl, 'expected an http(s) link, a data: URI, or a link of POST /media');

function isMediaUrl(url: string): boolean {
  return /^(data|media):/i.test(url) || (/^https?:\/\//i.test(url) && URL.canParse(url));
}

const MediaType = z
  .string()
  .max(100, 'expected a media type of 100 characters at most')
  .regex(/^[\w.+-]+\/[\w.+-]+\s*(;|$)/, 'expected a media type such as application/pdf');

const File = z.object({ url: Url, mediaType: optional(MediaType), name: optional(z.string().max(300)) });

const Part = z.object({
  text: optional(z.string()),
  image: optional(z.object({ url: Url, detail: optional(z.enum(['AUTO', 'LOW', 'HIGH'])) })),
  audio: optional(File),
  file: optional(File),
});

const ToolCall = z.object({
  id: z
    .string()
    .min(1, 'expected an id that is not empty')
    .max(MAX_CALL_ID_LENGTH, `expected an id of ${MAX_CALL_ID_LENGTH} characters at most`),
  name: z.string().min(1, 'expected a name that is not empty').max(300, 'expected a name of 300 characters at most'),
  arguments: optional(z.unknown()),
  argumentsText: optional(z.string()),
});

/** What GraphQL's types say of a message, without its nulls. Which fields go together is looked at where it is used. */
export const Message = z.object({
  role: z.enum(['SYSTEM', 'USER', 'ASSISTANT', 'TOOL']),
  content: optional(z.string()),
  parts: optional(z.array(Part)),
  toolCalls: optional(z.array(ToolCall)),
  toolCallId: optional(z.string()),
  isError: optional(z.boolean()),
  continuation: optional(z.string()),
});
