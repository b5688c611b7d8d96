/** Lists of addresses and networks that somebody writes: `10.0.0.5`, `10.0.0.0/8`, `2001:db8::/32`. */
import { BlockList, isIP } from "node:net";

/** Whether an address is one of `written`, or the first entry that is neither an address nor a network. */
export function readNetworks(
  written: readonly string[],
): { has: (address: string) => boolean } | { unreadable: string } {
  const list = new BlockList();
  for (const entry of written) if (!add(list, entry)) return { unreadable: entry };
  return {
    has: (address) => {
      const plain = plainAddress(address);
      return plain !== "" && list.check(plain, familyOf(plain));
    },
  };
}

function add(list: BlockList, entry: string): boolean {
  const [address = "", bits, ...more] = entry.split("/");
  const plain = plainAddress(address);
  if (!plain || more.length > 0) return false;
  const family = familyOf(plain);
  if (bits === undefined) list.addAddress(plain, family);
  // « 10.0.0.0/ » is no network of everybody.
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === "ipv6" ? 128 : 32))
    list.addSubnet(plain, Number(bits), family);
  else return false;
  return true;
}

/** As written once: IPv4 inside IPv6 is IPv4, without the zone of a link; "" for what is no address. */
export function plainAddress(address = ""): string {
  const plain = address
    .trim()
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/%.*$/, "");
  return isIP(plain) ? plain : "";
}

const familyOf = (plain: string) => (isIP(plain) === 6 ? "ipv6" : "ipv4");
