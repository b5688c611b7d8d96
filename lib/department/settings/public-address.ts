/** Whether readers can come back: the address every unsubscribe link and one-click header begins with. */
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { isLoopback } from "#lib/machine/network/loopback";

/** Why no reader could use links that begin with this address; null when they can. */
export function faultOfAddress(publicUrl: string): "none" | "notHttps" | "loopback" | null {
  const url = URL.parse(publicUrl);
  if (!url?.hostname) return "none";
  // One-click unsubscribing is an https POST (RFC 8058, section 3.1).
  if (url.protocol !== "https:") return "notHttps";
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  const isHere = isLoopback(host) || host.endsWith(".localhost") || /^(?:0\.|\[::\]|\[::ffff:7f)/.test(host);
  return isHere ? "loopback" : null;
}

/** The address in force, without a slash at the end. */
export async function getPublicUrl(): Promise<string> {
  const [settings] = await sql<{ url: string | null }>`select public_url as url from settings where id = 1`;
  return (settings?.url || env.publicUrl).replace(/\/+$/, "");
}
