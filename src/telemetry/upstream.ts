import type { Attributes } from '@opentelemetry/api';
import * as z from 'zod';
import type { Provider } from '../providers/provider.ts';
import { ATTRIBUTE } from './attributes.ts';

/** A provider's entry in the configuration that it was made from. */
export type EntryOf = (provider: Provider) => unknown;

const Entry = z.object({ type: z.string().optional(), baseUrl: z.url().optional() });

/** The names that the conventions have for services, by the types of entries; any other is called by its id. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  deepseek: 'deepseek',
  google: 'gcp.gemini',
  groq: 'groq',
  mistral: 'mistral_ai',
  openai: 'openai',
  xai: 'x_ai',
};

const known = new WeakMap<Provider, Attributes>();

/** Whose models they are, and where it is, as far as its entry says so. */
export function upstreamAttributes(provider: Provider, entryOf: EntryOf): Attributes {
  const attributes = known.get(provider) ?? read(provider.id, entryOf(provider));
  known.set(provider, attributes);
  return attributes;
}

function read(id: string, entry: unknown): Attributes {
  const { type = '', baseUrl } = Entry.safeParse(entry).data ?? {};
  const provider = Object.hasOwn(WELL_KNOWN, type) ? WELL_KNOWN[type] : id;
  if (baseUrl === undefined) return { [ATTRIBUTE.provider]: provider };
  const { hostname, port, protocol } = new URL(baseUrl);
  return {
    [ATTRIBUTE.provider]: provider,
    [ATTRIBUTE.serverAddress]: hostname.replace(/^\[(.*)\]$/, '$1'),
    [ATTRIBUTE.serverPort]: Number(port || (protocol === 'https:' ? 443 : 80)),
  };
}
