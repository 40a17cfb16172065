/** The places in which whoever asks may name the span that an operation is a part of. What is nearest to it counts. */
export interface TraceParents {
  /** The `extensions` of the operation. */
  readonly extensions?: TraceParent | undefined;
  /** The parameters of its connection. */
  readonly connection?: TraceParent | undefined;
  /** The headers of its request. */
  readonly headers?: TraceParent | undefined;
}

/** `traceparent` and perhaps `tracestate`, as they were given: they may be malformed. */
export type TraceParent = Readonly<Record<string, string>>;

/** What a place says of a parent, without the rest of it. */
export function readParent(read: (name: string) => unknown): TraceParent | undefined {
  const parent = read('traceparent');
  if (typeof parent !== 'string') return undefined;
  const state = read('tracestate');
  return { traceparent: parent, ...(typeof state === 'string' && { tracestate: state }) };
}

export function parentInHeaders(headers: { get(name: string): string | null }): TraceParent | undefined {
  return readParent((name) => headers.get(name));
}

export function parentInExtensions(extensions: unknown): TraceParent | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return readParent((name) => (extensions as Readonly<Record<string, unknown>>)[name]);
}
