import { BlockList, isIP } from 'node:net';
import type { EnvironmentProxies } from './settings.ts';

/**
 * The proxy of the environment through which this URL is reached; undefined for none. This machine is reached directly,
 * and so is what `NO_PROXY` lists: names, which stand for those below them too, addresses, `*` for any part, and networks
 * such as `10.0.0.0/8`; a port may follow.
 */
export function chooseProxy(
  url: string,
  { httpProxy, httpsProxy, noProxy = '' }: EnvironmentProxies,
): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isSecure = protocol === 'https:';
  const target = { host, port: port || (isSecure ? '443' : '80') };
  if (isThisMachine(host) || noProxy.split(/[\s,]+/).some((entry) => covers(entry, target))) return undefined;
  return (isSecure && httpsProxy) || httpProxy || undefined;
}

const thisMachine = new BlockList();
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4');
thisMachine.addAddress('0.0.0.0', 'ipv4');
thisMachine.addAddress('::1', 'ipv6');
thisMachine.addAddress('::', 'ipv6');

function isThisMachine(host: string): boolean {
  return /(^|\.)localhost$/.test(host) || isListed(thisMachine, host);
}

interface Target {
  /** In lower case, as a `URL` has it; an address without brackets. */
  readonly host: string;
  readonly port: string;
}

/** Whether an entry of `NO_PROXY` means this target. */
function covers(entry: string, target: Target): boolean {
  const { host, port } = readEntry(entry.toLowerCase());
  if (host === '' || (port !== undefined && port !== target.port)) return false;
  const [network = '', bits] = host.split('/');
  return bits === undefined ? hasName(target.host, host) : isWithin(target.host, network, bits);
}

/** `host`, `host:port`, `[address]:port`; the colons of an address alone are none in front of a port. */
function readEntry(entry: string): { host: string; port: string | undefined } {
  const [, bracketed, bare, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { host: bracketed ?? bare ?? entry.replace(/[[\]]/g, ''), port };
}

/** `*.example.com` is only what is below that name. */
function hasName(host: string, entry: string): boolean {
  const name = entry.replace(/\.$/, '');
  if (isIP(host) !== 0 && !name.includes('*')) return isWithin(host, name, isIP(name) === 4 ? '32' : '128');
  const parts = name.replace(/^\./, '').split('*');
  const pattern = parts.map((part) => part.replace(/[^\w-]/g, '\\$&')).join('.*');
  return new RegExp(name.startsWith('*') ? `^${pattern}$` : `^(.*\\.)?${pattern}$`).test(host);
}

function isWithin(host: string, network: string, bits: string): boolean {
  const list = new BlockList();
  try {
    list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
  } catch {
    return false; // No network is written like that.
  }
  return isListed(list, host);
}

function isListed(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
