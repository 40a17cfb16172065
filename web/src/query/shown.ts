import { stringifyDocument } from '@urql/core';

/** An operation as it goes over the wire. */
export interface Shown {
  readonly title: string;
  readonly kind: 'subscription' | 'mutation';
  readonly query: string;
  readonly variables: object;
}

export function toShown(
  kind: Shown['kind'],
  title: string,
  document: Parameters<typeof stringifyDocument>[0],
  variables: object,
): Shown {
  return { kind, title, query: stringifyDocument(document), variables };
}
