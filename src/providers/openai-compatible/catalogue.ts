// What services do not tell of their models, from a package that comes with the server: nothing is asked for over the network.

import type { Model } from '@agentjido/llmdb';
import { type Capabilities, type ChatOption, MODALITIES, type Modality } from '../capabilities.ts';
import { toBound } from '../kit/count.ts';
import { withoutOptions } from './capabilities.ts';

/** One file each, of which none is loaded for whoever does not need it. */
const SERVICES = {
  openai: () => import('@agentjido/llmdb/providers/openai'),
  groq: () => import('@agentjido/llmdb/providers/groq'),
  mistral: () => import('@agentjido/llmdb/providers/mistral'),
  deepseek: () => import('@agentjido/llmdb/providers/deepseek'),
  togetherai: () => import('@agentjido/llmdb/providers/togetherai'),
  xai: () => import('@agentjido/llmdb/providers/xai'),
};

export type CatalogueName = keyof typeof SERVICES;

/** What is known of a service's model, by its name there. */
export type Catalogue = (name: string) => Partial<Capabilities>;

export const NO_CATALOGUE: Catalogue = () => ({});

interface CatalogueOptions {
  /** Null: the server's models are in none. */
  readonly catalogue: CatalogueName | null;
  readonly unsupported: readonly ChatOption[];
}

export async function loadCatalogue({ catalogue, unsupported }: CatalogueOptions): Promise<Catalogue> {
  if (catalogue === null) return NO_CATALOGUE;
  const { default: service } = await SERVICES[catalogue]();
  return (name) => fromEntry(service.find(name), { catalogue, unsupported });
}

/** Where modalities are missing, its sources knew the name alone, and the rest is what the catalogue takes for granted. */
function fromEntry(entry: Model | undefined, { catalogue, unsupported }: CatalogueOptions): Partial<Capabilities> {
  if (!entry?.modalities) return {};
  const { modalities, limits, capabilities, extra } = entry;
  const inputs = modalities.input ?? [];
  // All of its models that see pictures read PDF, named so or not: https://platform.openai.com/docs/guides/pdf-files
  const isPdfRead = catalogue === 'openai' && inputs.includes('image');
  return {
    ...(extra?.temperature === false && { options: withoutOptions([...unsupported, 'TEMPERATURE']) }),
    inputs: toModalities(isPdfRead ? [...inputs, 'pdf'] : inputs),
    outputs: toModalities(modalities.output),
    tools: capabilities?.tools?.enabled ?? null,
    structuredOutput: typeof extra?.structured_output === 'boolean' ? extra.structured_output : null,
    reasoning: capabilities?.reasoning?.enabled ?? null,
    contextWindow: toBound(limits?.context),
    maxOutputTokens: toBound(limits?.output),
  };
}

/** PDF is the document that it knows of. */
function toModalities(told: readonly string[] | null | undefined): readonly Modality[] | null {
  if (!told?.length) return null;
  return MODALITIES.filter((modality) => told.includes(modality === 'FILE' ? 'pdf' : modality.toLowerCase()));
}
