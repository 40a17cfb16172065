import * as z from 'zod';
import { CHAT_OPTIONS, MODALITIES } from '../capabilities.ts';

const modalities = z.array(z.enum(MODALITIES)).exactOptional();
const flag = z.boolean().exactOptional();
const count = z.int32().min(1).exactOptional();

/** What a configuration knows of a model; what it leaves out is as the upstream or the provider says. */
export const CapabilityOptions = z.strictObject({
  options: z
    .array(z.enum(Object.values(CHAT_OPTIONS)))
    .exactOptional()
    .describe('The options of a chat that it honours. A chat with another one goes to another model, or is refused.'),
  inputs: modalities.describe('What goes into it.'),
  outputs: modalities.describe('What comes out of it.'),
  tools: flag.describe('Whether it calls tools.'),
  structuredOutput: flag.describe('Whether it answers in JSON that keeps to a schema.'),
  reasoning: flag.describe('Whether it thinks before it answers.'),
  contextWindow: count.describe('How many tokens the messages and the answer may have together.'),
  maxOutputTokens: count.describe('How many tokens its answer may have.'),
  aspectRatios: flag.describe('Whether its pictures come in other shapes than 1:1; otherwise as its sizes tell.'),
  imagesPerCall: count.describe("How many pictures one call makes at most; otherwise the provider's maxImagesPerCall."),
});
