import type * as z from 'zod';
import type { UpstreamSettings } from './http/settings.ts';
import type { ProviderOptions } from './options.ts';
import type { Provider } from './provider.ts';

/** A kind of provider: what can be configured of it, and how one is made. */
export interface ProviderDefinition<Options extends z.ZodType = z.ZodType> {
  /** The schema of its entry in the configuration; an empty entry must be enough. */
  readonly options: Options;
  create(options: z.output<Options>, settings: UpstreamSettings): Provider;
}

/** Gives a definition its exact type. */
export function defineProvider<Options extends z.ZodType<z.output<typeof ProviderOptions>>>(
  definition: ProviderDefinition<Options>,
): ProviderDefinition<Options> {
  return definition;
}
