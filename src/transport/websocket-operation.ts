import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { GraphQLServer } from './http.ts';
import type { Operation } from './operations.ts';
import type { Subscription } from './subscription.ts';
import type { Connection } from './websocket-connection.ts';

/** One operation over a WebSocket, ready to be executed. */
export interface PreparedOperation extends ExecutionArgs {
  readonly enveloped: ReturnType<GraphQLServer['getEnveloped']>;
  /** Sends what is subscribed to. */
  frames(subscription: Subscription): AsyncIterable<never>;
}

interface Preparing extends Pick<PreparedOperation, 'frames'> {
  readonly payload: SubscribePayload;
  /** Where other nodes have to be asked whether it is one too many: who leaves meanwhile leaves what has begun. */
  readonly refused: Promise<GraphQLError[] | undefined> | undefined;
}

/** Writes the results itself, as they are JSON already: only the end is left to the protocol. */
export function toFrames(subscription: Subscription, id: string, send: Connection['send']): AsyncIterable<never> {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const iterator = {
    async next() {
      await subscription.deliver((json) => send(`${head}${json}}`));
      return { done: true, value: undefined } as const;
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** The same steps as over HTTP. Errors of the document end the operation, not the connection. */
export async function prepare(
  graphql: GraphQLServer,
  caller: Operation,
  { payload: params, frames, refused }: Preparing,
): Promise<PreparedOperation | GraphQLError[]> {
  const refusal = refused && (await refused);
  if (refusal) {
    caller.end('RATE_LIMITED');
    return refusal;
  }
  const { query, operationName = null, variables: variableValues = null } = params;
  const enveloped = graphql.getEnveloped({ caller, params });
  const { schema, parse, validate, contextFactory } = enveloped;
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return [...errors];
  if (!getOperationAST(document, operationName)) {
    const code = 'OPERATION_RESOLUTION_FAILURE';
    return [new GraphQLError('Could not determine what operation to execute.', { extensions: { code } })];
  }
  return { schema, document, operationName, variableValues, contextValue: await contextFactory(), enveloped, frames };
}
