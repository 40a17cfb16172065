import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { getOperationAST, parse } from 'graphql';
import { ENDPOINT } from '../client/endpoint.ts';
import { authorization } from '../client/key.ts';

/** Sends what GraphiQL runs: subscriptions over WebSocket, all else over HTTP, with the key on both. */
export function createFetcher(): Fetcher {
  const headers = authorization();
  const send = createGraphiQLFetcher({
    url: ENDPOINT,
    headers,
    subscriptionUrl: new URL(ENDPOINT, location.href.replace('http', 'ws')).href,
    wsConnectionParams: headers,
  });
  return (params, options = {}) => {
    const documentAST = parse(params.query);
    // For a moment after a change of tabs GraphiQL goes by the operation of the last one.
    const operation = getOperationAST(documentAST, params.operationName) ?? getOperationAST(documentAST);
    return send({ ...params, operationName: operation?.name?.value ?? null }, { ...options, documentAST });
  };
}
