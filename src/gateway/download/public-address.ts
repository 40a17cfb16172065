import { BlockList, isIP } from 'node:net';

// What IANA sets aside, and what only looks like another address: https://www.iana.org/assignments/iana-ipv4-special-registry
// and https://www.iana.org/assignments/iana-ipv6-special-registry (RFC 6890).
const IPV4 = [
  '0.0.0.0/8', // "this host": connects to loopback
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carriers' NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's own services: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '169.254.0.0/16', // link-local, the metadata of most clouds among it
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT relays
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];
const IPV6 = [
  '::/3', // ::, ::1, IPv4-mapped and -compatible, NAT64, discard-only
  '2001::/23', // protocol assignments: Teredo, benchmarking, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
  '4000::/2', // not assigned; segment routing
  '8000::/1', // not assigned; ULA, link-local, site-local, multicast
];

// Two lists: one alone would take 8.8.8.8 for ::ffff:8.8.8.8.
const notPublic = { 4: toBlockList(IPV4, 'ipv4'), 6: toBlockList(IPV6, 'ipv6') };

/** Whether an IP address, in any spelling that `node:net` knows, is public unicast. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const [bare = ''] = address.split('%'); // An IPv6 zone, such as fe80::1%eth0.
  const family = isIP(bare);
  if (family === 4) return !notPublic[4].check(bare, 'ipv4');
  if (family === 6) return !notPublic[6].check(bare, 'ipv6');
  return false;
}

function toBlockList(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
