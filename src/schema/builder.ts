import SchemaBuilder from '@pothos/core';
import type { Caller } from '../gateway/caller.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ImageFiles } from '../gateway/image/image-files.ts';
import type { Model } from '../gateway/model.ts';
import type { Image } from '../providers/chat.ts';
import type { Provider } from '../providers/provider.ts';

/** What every resolver gets. */
export interface Context {
  readonly gateway: Gateway;
  readonly caller: Caller;
  readonly maxMessages: number;
  readonly imageFiles: ImageFiles;
  /** Of this operation. */
  readonly maxImagesPerRequest: number;
}

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Objects: { Model: Model; Provider: Provider; Image: Image };
  Scalars: { DateTime: { Input: never; Output: Date }; JSON: { Input: unknown; Output: unknown } };
}>({ defaultFieldNullability: false });

builder.queryType({ description: 'What can be asked for.' });
builder.mutationType({ description: 'What is made in one go.' });
builder.subscriptionType({ description: 'What arrives piece by piece.' });

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
});

builder.scalarType('DateTime', {
  description: 'A moment, as an ISO 8601 string in UTC: `2026-11-21T09:30:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (moment) => moment.toISOString(),
});
