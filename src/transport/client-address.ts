import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** Where the client of a request is; undefined where its connection is closed already. */
export type AddressOf = (request: IncomingMessage) => string | undefined;

/**
 * Each proxy appends the address that asks it to X-Forwarded-For, so the last ones are those that our own wrote. What
 * stands before them, anyone may have written.
 * @param hops how many proxies are ours; with 0 the header is not read
 */
export function createAddressOf(hops: number): AddressOf {
  if (hops === 0) return ({ socket }) => socket.remoteAddress;
  return (request) =>
    proxyAddr
      .all(request, (_address, hop) => hop < hops)
      .map(toAddress)
      // A proxy that does not tell ("unknown", "unix:") leaves the nearest one that does.
      .findLast((address) => address !== undefined);
}

/** Some proxies write the port too. */
function toAddress(text: string | undefined = ''): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([\da-f:.]+)\](?::\d+)?|([\d.]+):\d+)$/i.exec(text) ?? [];
  const address = bracketed ?? withPort ?? text;
  return isIP(address) ? address : undefined;
}
