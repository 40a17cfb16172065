import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/loopback.ts';
import { badRequest, type Refusal } from './refusal.ts';

interface HostOptions {
  /** Where the server listens. */
  readonly host: string;
  /** The names, beside those of loopback, by which clients reach it. */
  readonly hosts: readonly string[];
}

export type CheckHost = (request: IncomingMessage) => Refusal | undefined;

/**
 * Which `Host` headers are answered. A page elsewhere can have its own name resolve to this machine ("DNS rebinding"),
 * and to its visitor's browser is then of our origin; but the name stays in `Host`. A server on loopback therefore answers
 * to names of loopback only, and to those that are listed.
 */
export function createHostCheck({ host, hosts }: HostOptions): CheckHost {
  const listed = new Set(hosts.map(nameOf));
  const isAnyFine = listed.size === 0 && !isLoopback(host);
  return ({ url = '', headersDistinct }) => {
    const { host: given = [] } = headersDistinct;
    const name = given.length === 1 ? nameOf(given[0] ?? '') : undefined;
    if (name === undefined) return badRequest('Expected one Host header: a name or an address, and perhaps a port');
    // A whole URL would bring another host along.
    if (!url.startsWith('/')) return badRequest('Expected a path as the target of the request');
    if (isAnyFine || listed.has(name) || isLoopback(name.replace(/^\[(.*)\]$/, '$1'))) return undefined;
    return badRequest(`This server does not answer to the host '${name}': server.hosts lists those that it does`, 421);
  };
}

/** As browsers write it: lower case, IPv4 in four numbers, no port. */
function nameOf(host: string): string | undefined {
  if (!/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host)) return undefined;
  return URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '');
}
