import { lookup as lookUp } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What stands for the outside world; only a test has another one. */
export interface Outside {
  /** All addresses of a name. */
  resolve(hostname: string): Promise<readonly string[]>;
  /** Whether an address is one of the public internet. */
  isPublic(address: string): boolean;
  port: number;
  /** Certificates that are trusted besides those of the machine. */
  ca?: string | undefined;
}

/** What a description may have at most, and how long it may take. */
const limits = { bytes: 5 * 1024, patience_ms: 3_000 } as const;

/**
 * Fetches a small document from an address that a stranger gave: by https and its own port, from the public internet alone, without
 * following anybody elsewhere. A name is looked up once, every one of its addresses has to be public, and the connection goes to one
 * of these very addresses: a name that changes its mind in between (DNS rebinding) leads nowhere. Throws for everything else.
 */
export const publicFetch =
  (outside: Outside): typeof fetch =>
  async (address, init) => {
    const url = new URL(String(address));
    if (url.protocol !== 'https:' || (url.port !== '' && url.port !== '443')) {
      throw new Error('a description is fetched by https, from port 443');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) === 0 ? await outside.resolve(host) : [host];
    const [chosen] = addresses;
    if (chosen === undefined || !addresses.every(outside.isPublic)) {
      throw new Error('a description is fetched from the public internet');
    }
    return get(url, { chosen, outside, accept: new Headers(init?.headers).get('accept') ?? '*/*' });
  };

function get(
  url: URL,
  { chosen, outside, accept }: { chosen: string; outside: Outside; accept: string },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: chosen,
      port: outside.port,
      path: url.pathname + url.search,
      servername: isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? url.hostname : '',
      headers: { host: url.host, accept, 'accept-encoding': 'identity', 'user-agent': 'Deskhand' },
      // The name has been looked up; whatever asks once more gets the same answer.
      lookup: always(chosen),
      signal: AbortSignal.timeout(limits.patience_ms),
      agent: false,
      ...(outside.ca === undefined ? {} : { ca: outside.ca }),
    });
    asking.once('error', reject);
    asking.once('response', answer => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.bytes) asking.destroy(new Error('a description has at most 5 KB'));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const headers = new Headers();
        for (const name of ['cache-control', 'content-type', 'expires'] as const) {
          const value = answer.headers[name];
          if (value !== undefined) headers.set(name, value);
        }
        const status = answer.statusCode ?? 0;
        // Whoever is sent elsewhere does not go.
        resolve(
          new Response(status === 200 ? Buffer.concat(chunks) : null, {
            status: status === 200 ? 200 : 502,
            headers,
          }),
        );
      });
    });
    asking.end();
  });
}

const always =
  (address: string): LookupFunction =>
  (_name, options, answer) => {
    const family = isIP(address);
    if (options.all) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };

const resolveAll = (hostname: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    lookUp(hostname, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });

/** Addresses that are not of the public internet (RFC 6890): this machine, private networks, and where clouds tell secrets. */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4');
// Of the sixth version everything but the part that is given out, and of that what leads into the fourth or to nobody.
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  closed.addSubnet(network, bits, 'ipv6');

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && open6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** As the server fetches. */
export const fetchPublic = publicFetch({ resolve: resolveAll, isPublic: isPublicAddress, port: 443 });
