import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  type GraphQLError,
  type GraphQLFormattedError,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import type { Caller } from '../gateway/caller.ts';
import { createEventTemplates } from './event-template.ts';
import type { MaskGraphQLError } from './mask-error.ts';

/**
 * A subscription under way. It is no async iterable: whatever hooks wrap around one costs every token a few promises
 * more, so the transports take the results straight from here.
 */
export class Subscription {
  readonly #events: AsyncIterable<unknown>;
  readonly #execute: (event: unknown) => ExecutionResult | Promise<ExecutionResult>;
  readonly #tell: (error: unknown) => GraphQLFormattedError;
  readonly caller: Caller;
  /** Called once all results are through. */
  onEnd: (() => void) | undefined;

  /** @param tell makes of an error what its client is told */
  constructor(
    args: ValidatedSubscriptionArgs,
    events: AsyncIterable<unknown>,
    tell: (error: unknown) => GraphQLFormattedError,
  ) {
    this.caller = (args.contextValue as { readonly caller: Caller }).caller;
    this.#events = events;
    this.#execute = (event) => executeSubscriptionEvent({ ...args, rootValue: event });
    this.#tell = tell;
  }

  /** Hands each result on as JSON. Where `write` returns a promise, the next event is not asked for until it resolves. */
  async deliver(write: (json: string) => Promise<void> | undefined): Promise<void> {
    const fillIn = createEventTemplates(this.#execute);
    try {
      for await (const event of this.#events) {
        const written = write(fillIn(event) ?? this.#print(await this.#execute(event)));
        if (written) await written;
      }
    } catch (error) {
      await write(this.#print({ errors: [error] }));
    } finally {
      this.onEnd?.();
    }
  }

  #print({ errors, ...result }: Omit<ExecutionResult, 'errors'> & { readonly errors?: readonly unknown[] }): string {
    return JSON.stringify(errors ? { errors: errors.map(this.#tell), ...result } : result);
  }
}

export type Subscribe = (args: ExecutionArgs) => Promise<ExecutionResult | Subscription>;

/** Subscribes as GraphQL does; only what carries the results to the client is our own. */
export function createSubscribe(maskError: MaskGraphQLError): Subscribe {
  return async (args) => {
    const validated = validateSubscriptionArgs(args);
    if (!('schema' in validated)) return { errors: validated };
    const events = await createSourceEventStream(validated);
    if (!(Symbol.asyncIterator in events)) return events;
    // A stream may be open for long, and its events need nothing of the request that began it.
    const {
      request: _request,
      params: _params,
      req: _req,
      res: _res,
      ...contextValue
    } = args.contextValue as object & Record<string, unknown>;
    const { requestId } = (contextValue as { readonly caller: Caller }).caller;
    const tell = (error: unknown) => toTold(maskError(error, requestId), requestId);
    return new Subscription({ ...validated, contextValue }, events, tell);
  };
}

/**
 * An error as its client is told of it. Yoga keeps HTTP statuses and notes of its own in the extensions, which are nothing
 * for clients.
 */
export function toTold(error: GraphQLError, requestId: string | undefined): GraphQLFormattedError {
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _http, unexpected: _unexpected, ...own } = extensions;
  const told = requestId === undefined ? own : { ...own, requestId };
  return Object.keys(told).length > 0 ? { ...rest, extensions: told } : rest;
}
