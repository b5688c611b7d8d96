/** Which addresses a source may be fetched from: the public Internet, unless the administrator says otherwise. */
import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Not reachable from elsewhere, or standing for something that is not (RFC 6890, 6052, 3056, 4380, 2765, 7534, 7535, 9637). */
const closed = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // What a machine at Azure asks of its host: a public address that answers to it alone.
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  closed.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 32],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  closed.addSubnet(network, prefix, "ipv6");

/** An IPv4-mapped IPv6 address is judged as the IPv4 address it is. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return false;
  const mapped = family === 6 ? /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] : undefined;
  return mapped ? isPublic(mapped) : !closed.check(bare, family === 6 ? "ipv6" : "ipv4");
}

export class ForbiddenAddress extends Error {}

/**
 * A resolver for `http.request` that lets through only allowed addresses: what was checked is what is connected to,
 * so a name cannot answer one thing to the check and another to the connection.
 */
export const checkedLookup =
  (allowed: (address: string) => boolean): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const good = (found ?? []).filter(({ address }) => allowed(address));
      const [first] = good;
      if (error) callback(error, "", 0);
      else if (!first || good.length < found.length) callback(new ForbiddenAddress(host), "", 0);
      else if (options.all) callback(null, good);
      else callback(null, first.address, first.family);
    });
  };
