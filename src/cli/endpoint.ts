import { InvalidArgumentError } from 'commander';

/** The GraphQL endpoint of a server: "http://127.0.0.1:4000" is enough. Empty stays empty, as an environment variable may be. */
export function toEndpoint(text: string): string {
  if (text === '') return '';
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:4000');
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}
