import type { Attributes } from '@opentelemetry/api';
import type { Provider } from '../providers/provider.ts';
import { ATTRIBUTE } from './attributes.ts';
import { toProviderName } from './provider-names.ts';

/** A provider's entry in the configuration that it was made from. */
export type EntryOf = (provider: Provider) => object | undefined;

const known = new WeakMap<Provider, Attributes>();

/** Whose models they are, and where it is, as far as its entry says so. */
export function upstreamAttributes(provider: Provider, entryOf: EntryOf): Attributes {
  const attributes = known.get(provider) ?? read(provider.id, entryOf(provider));
  known.set(provider, attributes);
  return attributes;
}

function read(id: string, entry: object = {}): Attributes {
  const provider = { [ATTRIBUTE.provider]: toProviderName(id, entry) };
  const url = 'baseUrl' in entry ? URL.parse(String(entry.baseUrl)) : null;
  if (!url) return provider;
  return {
    ...provider,
    [ATTRIBUTE.serverAddress]: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    [ATTRIBUTE.serverPort]: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
  };
}
