import * as z from 'zod';
import { MAX_TIMER_MS } from '../options.ts';
import { CapabilityOptions } from './capability-options.ts';

const DISCOVER = 'discover';

export const modelName = z.string().min(1, 'expected the name of a model');

/** What can be configured of every chat model. */
export const ModelOptions = z.strictObject({
  name: modelName.describe("The upstream's own name."),
  aliases: z.array(z.string().min(1)).default([]).describe('Other names that reach it.'),
  capabilities: CapabilityOptions.optional().describe('What it can be asked for, where that is known better here.'),
});

/** The options of a provider whose models are configured or discovered. @param Model extends `ModelOptions` */
export function modelOptions<Model extends z.ZodType<z.output<typeof ModelOptions>>>(Model: Model) {
  const models = z
    .array(
      z
        .union([modelName, Model], { error: 'expected the name of a model, or an object with it' })
        .transform((model): z.output<Model> => (typeof model === 'string' ? Model.parse({ name: model }) : model)),
    )
    .min(1, 'expected at least one model');
  return {
    models: z
      .union([z.literal(DISCOVER), models], { error: `expected "${DISCOVER}", or a list of models` })
      .default(DISCOVER)
      .describe('Its models; or "discover": those that it lists, asked for again and again.'),
    defaultModel: modelName.optional().describe('The model that is used when only the provider is named.'),
    discoverIntervalMs: z
      .int()
      .min(1)
      .max(MAX_TIMER_MS)
      .default(300_000)
      .describe('How often it is asked for its models.'),
  };
}

/** What an entry says that its options cannot tell alone. */
interface Entry {
  readonly models?: unknown;
  readonly defaultModel?: unknown;
}

/** Refuses a model that is there twice, and a default that is none of them. Any option may be missing or wrong. */
export function checkModels({ models, defaultModel }: Entry, context: z.RefinementCtx): void {
  const listed = z.array(z.looseObject({ name: z.string() })).safeParse(models).data;
  if (listed === undefined) return;
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  const names = listed.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) problem('models', `expected each model once, got '${twice}' again`);
  if (typeof defaultModel === 'string' && !names.includes(defaultModel)) {
    problem('defaultModel', `expected one of the models, got '${defaultModel}'`);
  }
}
