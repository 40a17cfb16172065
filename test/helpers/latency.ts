import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

/** How many milliseconds a small query takes, over a connection of its own. */
export async function latency({ url }: { readonly url: string }): Promise<number> {
  const begun = performance.now();
  const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' }, agent: false });
  request.end('{"query":"{ __typename }"}');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  if (response.statusCode !== 200) throw new Error(`expected an answer, got ${response.statusCode}`);
  return performance.now() - begun;
}
