import { AsyncLocalStorage } from 'node:async_hooks';

export type TraceHeaders = Readonly<Record<string, string>>;

/**
 * Carries the headers by which an upstream joins the trace of the call, from whoever traces it to the request, past
 * providers that need not know of it. Nothing enters it unless spans are sent, and until then it costs nothing.
 */
const current = new AsyncLocalStorage<TraceHeaders>();

/** Every request that `ask` begins is sent with these headers too. */
export function withTraceHeaders<T>(headers: TraceHeaders, ask: () => T): T {
  return current.run(headers, ask);
}

/** Those of the call that a request is a part of. To be asked for before anything is awaited. */
export function traceHeaders(): TraceHeaders | undefined {
  return current.getStore();
}
