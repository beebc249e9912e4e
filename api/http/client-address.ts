import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Addresses of proxies whose word is taken for where a request comes from. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** So many places of `X-Forwarded-For` are looked at, from its end. */
const mostHops = 20;

/**
 * The proxies of TRUSTED_PROXIES: addresses and ranges (`10.0.0.0/8`), separated by commas. Answers the first entry that is
 * neither, as `wrong`.
 */
export function readProxies(text: string): { proxies: TrustedProxies } | { wrong: string } {
  const list = new BlockList();
  for (const entry of text.split(/[\s,]+/).filter(part => part !== '')) {
    if (!addEntry(list, entry)) return { wrong: entry };
  }
  return { proxies: { has: address => isIP(address) !== 0 && list.check(address, familyOf(address)) } };
}

export const noProxies: TrustedProxies = { has: () => false };

function addEntry(list: BlockList, entry: string): boolean {
  const [address = '', bits, more] = entry.split('/');
  if (isIP(address) === 0 || more !== undefined) return false;
  if (bits === undefined) {
    list.addAddress(address, familyOf(address));
    return true;
  }
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  // A range of everything would believe anybody.
  if (!(prefix >= 1 && prefix <= (isIP(address) === 4 ? 32 : 128))) return false;
  list.addSubnet(address, prefix, familyOf(address));
  return true;
}

const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/**
 * Where a request comes from: the address at the other end of the connection or, when that is a trusted proxy, the
 * last one in `X-Forwarded-For` that is none. What anybody else says of where they come from is not read.
 */
export function clientAddress(request: IncomingMessage, proxies: TrustedProxies): string {
  let at = plainAddress(request.socket.remoteAddress ?? '') ?? '';
  if (!proxies.has(at)) return at;
  const said = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(said) ? said.join(',') : (said ?? '')).split(',').slice(-mostHops);
  for (const hop of hops.reverse()) {
    const address = plainAddress(hop.trim());
    if (address === undefined) return at;
    at = address;
    if (!proxies.has(at)) return at;
  }
  return at;
}

/** Without a port and brackets, and IPv4 as IPv4: `::ffff:203.0.113.7` is 203.0.113.7. Undefined for what is no address. */
function plainAddress(text: string): string | undefined {
  const inBrackets = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const address = inBrackets ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return isIP(plain) === 0 ? undefined : plain;
}
