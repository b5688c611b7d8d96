/**
 * Who is asking, and under which of our addresses: decision 11. Any header is the caller's word, so only what the
 * connection itself says is believed, or what a proxy named in SRC_TRUSTED_PROXIES adds.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { Explained } from "#lib/machine/explained";
import { plainAddress, readNetworks } from "#lib/machine/network/networks";

type Trust = (address: string) => boolean;

export type Arrival = {
  /** The two ends of the connection, as the socket tells them. */
  peer: string | undefined;
  local: string | undefined;
  headers: IncomingHttpHeaders;
};

export type Addresses = {
  trusted: Trust;
  /** SRC_PUBLIC_URL: whoever installs says so, and nothing else is believed beside it. */
  told: string | undefined;
  /** The public address of Settings, or the default one. */
  known: string;
};

/** `host` has its port unless it is the scheme's own. */
type Place = { scheme: "http" | "https"; host: string };

/** `client` is a network address, or "unknown". */
export type Seen = Place & { client: string };

/** Of an address in a proxy list: `10.0.0.5`, `10.0.0.0/8` or `fd00::/8`. Throws Explained for anything else. */
export function trust(proxies: readonly string[]): Trust {
  const networks = readNetworks(proxies);
  if ("unreadable" in networks) throw unreadable(networks.unreadable);
  return networks.has;
}

/** What the environment says of addresses, understood. Throws Explained for what cannot be. */
export function readAddresses(told: { toldPublicUrl?: string; trustedProxies: string[] }) {
  const { toldPublicUrl: url, trustedProxies } = told;
  const { protocol } = URL.parse(url ?? "https://here.invalid") ?? {};
  if (protocol !== "http:" && protocol !== "https:") throw notAnAddress(url ?? "");
  return { trusted: trust(trustedProxies), told: url };
}

export function seen({ peer, local, headers }: Arrival, { trusted, told, known }: Addresses): Seen {
  const direct = plainAddress(peer);
  const ours = place(told ?? known);
  if (trusted(direct)) {
    const client = clientBehind(headers["x-forwarded-for"], direct, trusted);
    return { client, ...placeBehind(headers, ours) };
  }
  const client = direct || "unknown";
  const host = hostIn(headers.host);
  // Where nobody told the public address, a name that is certainly ours will do: it cannot lead to a stranger.
  const own = told === undefined && host && host !== ours.host && isOwn(host, local);
  return own ? { client, scheme: "http", host } : { client, ...ours };
}

/** Whose request it is, in any code behind lib/machine/web/front.ts: that wrote it over whatever the caller sent. */
export const clientAddress = (headers: Record<string, string | undefined>): string =>
  headers["x-src-peer"] || "unknown";

/** From our end: proxies we trust are passed over, the first other address is who asked them. */
function clientBehind(forwarded: string | string[] | undefined, peer: string, trusted: Trust): string {
  let client = peer;
  for (const hop of String(forwarded ?? "")
    .split(",")
    .reverse()) {
    const address = plainAddress(hop);
    if (!address) return client;
    client = address;
    if (!trusted(address)) return client;
  }
  return client;
}

/** What the proxy says, by default our own address; a proxy that does not speak of TLS is taken to have it where we do. */
function placeBehind(headers: IncomingHttpHeaders, ours: Place): Place {
  const host = hostIn(last(headers["x-forwarded-host"]) || headers.host) ?? ours.host;
  const said = last(headers["x-forwarded-proto"]).toLowerCase();
  const scheme = said === "https" || said === "http" ? said : host === ours.host ? ours.scheme : "http";
  // Browsers leave the scheme's own port out of the Origin we compare with.
  return place(`${scheme}://${host}`);
}

function isOwn(host: string, local: string | undefined): boolean {
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, "");
  const end = plainAddress(local);
  const loopback = end === "::1" || end.startsWith("127.");
  return (
    name === end ||
    name === hostname().toLowerCase() ||
    (loopback && (name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."))))
  );
}

const last = (value: string | string[] | undefined) =>
  String(value ?? "")
    .split(",")
    .at(-1)
    ?.trim() ?? "";

/** A host with its port, in lower case; null for anything a URL would read otherwise. */
function hostIn(value = ""): string | null {
  const host = value.toLowerCase();
  if (!/^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.test(host)) return null;
  return URL.canParse(`http://${host}`) ? host : null;
}

function place(url: string): Place {
  const { protocol, host } = new URL(url);
  return { scheme: protocol === "https:" ? "https" : "http", host };
}

const unreadable = (written: string) =>
  new Explained(
    `SRC_TRUSTED_PROXIES contient « ${written} » : on attend des adresses ou des réseaux (10.0.0.5, 10.0.0.0/8), séparés par des virgules.`,
    `SRC_TRUSTED_PROXIES contains "${written}": addresses or networks (10.0.0.5, 10.0.0.0/8) are expected, separated by commas.`,
  );

const notAnAddress = (written: string) =>
  new Explained(
    `SRC_PUBLIC_URL contient « ${written} » : on attend l’adresse que tapent les gens, par exemple https://crm.example`,
    `SRC_PUBLIC_URL contains "${written}": the address people type is expected, for example https://crm.example`,
  );
