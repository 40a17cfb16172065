import type { ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OwnerOf } from './keys.ts';
import type { MaskGraphQLError } from './mask-error.ts';
import type { GraphQLOperation } from './operation-span.ts';
import type { Operation, Operations } from './operations.ts';
import { requestIdOf } from './request-id.ts';
import { Subscription } from './subscription.ts';
import { parentInExtensions, parentInHeaders } from './trace-parents.ts';

/** The part of a context that only this plugin knows of. */
interface OperationContext {
  readonly caller: Operation;
  /** There when HTTP comes over a socket. */
  readonly res?: ServerResponse;
}

/**
 * Follows every operation from its arrival to its end. Over WebSocket the context brings the operation along, and its
 * transport ends it; over HTTP it begins here and ends, at the latest, with the response.
 */
export function useOperations(
  operations: Pick<Operations, 'begin'>,
  ownerOf: OwnerOf,
  maskError: MaskGraphQLError,
): Plugin {
  const of = (context: object) => context as OperationContext;

  /** Masks its errors, as whoever would do so later knows of no request. */
  function end(caller: Operation, { errors, ...result }: ExecutionResult): ExecutionResult {
    const told = errors ? { errors: errors.map((error) => maskError(error, caller.requestId)), ...result } : result;
    caller.end(toCode(told));
    return told;
  }

  return {
    onEnveloped({ context }) {
      if (!context || of(context).caller) return;
      const { request } = context;
      const { signal, headers } = request;
      const { res } = of(context);
      const authorization = headers.get('authorization');
      const owner = ownerOf(authorization) ?? '';
      const leave = () => caller.leave('LOST');
      const drop = () => (res ? void res.destroy() : leave());
      const caller = operations.begin({
        transport: 'http',
        requestId: requestIdOf(request),
        owner,
        authorization,
        beside: 0,
        parents: { extensions: parentInExtensions(context.params.extensions), headers: parentInHeaders(headers) },
        drop,
      });
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      res?.once('close', () => {
        caller.end(res.statusCode < 400 ? undefined : `HTTP_${res.statusCode}`);
        leave(); // Whatever it began and nobody reads.
      });
      Object.assign(context, { caller });
    },
    onContextBuilding: ({ context }) => of(context).caller.admitted,
    onParse({ context }) {
      return ({ result }) => {
        if (result instanceof GraphQLError) {
          result.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
          of(context).caller.end(String(result.extensions.code));
        } else if (result && 'definitions' in result) {
          const operation = getOperationAST(result, context.params.operationName);
          if (operation) of(context).caller.describe(nameOf(operation), toGraphQL(operation));
          else of(context).caller.describe('unknown');
        }
      };
    },
    onValidate({ context }) {
      return ({ valid }) => {
        if (!valid) of(context).caller.end('GRAPHQL_VALIDATION_FAILED');
      };
    },
    onExecute({ args }) {
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult(end(of(args.contextValue).caller, result));
        },
      };
    },
    onSubscribe({ args }) {
      return {
        onSubscribeResult({ result, setResult }) {
          const { caller, res } = of(args.contextValue);
          if (!(result instanceof Subscription)) setResult(end(caller, result as ExecutionResult));
          else if (!res && args.contextValue.request) result.onEnd = () => caller.end();
        },
      };
    },
  };
}

/** Such as `subscription Chat`; without a name of its own, the fields it asks for. */
function nameOf({ operation, name, selectionSet }: OperationDefinitionNode): string {
  const fields = selectionSet.selections.flatMap((field) => (field.kind === 'Field' ? [field.name.value] : []));
  return `${operation} ${name?.value ?? fields.slice(0, 3).join(', ')}`.slice(0, MAX_NAME);
}

function toGraphQL({ operation: type, name }: OperationDefinitionNode): GraphQLOperation {
  return { type, name: name?.value.slice(0, MAX_NAME) };
}

const MAX_NAME = 100;

/** The first error's code, if there is one. What GraphQL itself finds wrong with variables gets the code of such mistakes. */
function toCode({ data, errors }: ExecutionResult): string | undefined {
  const [error] = errors ?? [];
  if (!error) return undefined;
  if (data === undefined && error.extensions.code === undefined) {
    Object.assign(error.extensions, { code: 'BAD_USER_INPUT', path: variablePathOf(error.message) });
  }
  return String(error.extensions.code ?? 'INTERNAL_SERVER_ERROR');
}

/** The input field that a message of GraphQL means, such as `input.messages.0.role`. */
function variablePathOf(message: string): string | undefined {
  const [, variable, place = '', problem = ''] = INVALID_VARIABLE.exec(message) ?? [];
  if (variable === undefined) return undefined;
  const [, field] = /^Expected value of type "\w+" (?:not )?to include \w+ field "(\w+)"/.exec(problem) ?? [];
  return [variable + place.replaceAll(/\[(\d+)\]/g, '.$1'), field].filter(Boolean).join('.');
}

const INVALID_VARIABLE = /^Variable "\$(\w+)" has invalid value(?: at ([^:]+))?: (.*)/s;
