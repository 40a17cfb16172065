import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import { isLoopback } from '../config/loopback.ts';

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

/** Headers by which a proxy tells that it asks for somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Whether a request comes from this machine, and is not one that a proxy here makes for somebody elsewhere. What no proxy of
 * ours vouches for is from elsewhere.
 */
export function createIsLocal(hops: number): (request: IncomingMessage) => boolean {
  return (request) => {
    if (!isLocalAddress(request.socket.remoteAddress)) return false;
    if (FORWARDED.every((name) => request.headers[name] === undefined)) return true;
    const [, ...told] = proxyAddr.all(request, (_address, hop) => hop < hops);
    return isLocalAddress(toAddress(told.at(-1)));
  };
}

function isLocalAddress(address = ''): boolean {
  return isLoopback(address.replace(/^::ffff:/i, ''));
}

/** Some proxies write the port too. */
function toAddress(text: string | undefined = ''): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([\da-f:.]+)\](?::\d+)?|([\d.]+):\d+)$/i.exec(text) ?? [];
  const address = bracketed ?? withPort ?? text;
  return isIP(address) ? address : undefined;
}
