import { InvalidArgumentError } from 'commander';

/** The GraphQL endpoint of a server: "http://127.0.0.1:4000", or the path that it serves under, is enough. Empty stays empty, as an environment variable may be. */
export function toEndpoint(text: string): string {
  if (text === '') return '';
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:4000');
  }
  if (!/\/graphql\/?$/.test(url.pathname)) url.pathname = url.pathname.replace(/\/?$/, '/graphql');
  return url.href;
}
