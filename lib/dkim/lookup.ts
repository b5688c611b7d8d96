/** Asks DNS what is published for a key. */
import { Resolver } from "node:dns/promises";
import { judgeRecords, type PublicKey, recordName } from "#lib/dkim/rules";
import type { CheckResult } from "#lib/dkim/schema";

type Key = PublicKey & { domain: string; selector: string };

/** `servers`: addresses to ask instead of the machine's own resolvers, `127.0.0.1:5353`. */
export async function lookUpKey(key: Key, servers?: string[]): Promise<CheckResult> {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  try {
    const records = await resolver.resolveTxt(recordName(key.selector, key.domain));
    return judgeRecords(
      records.map((strings) => strings.join("")),
      key,
    );
  } catch (error) {
    // The name does not exist, or has no TXT. Anything else says nothing of the record.
    return /^(?:ENOTFOUND|ENODATA)$/.test((error as NodeJS.ErrnoException).code ?? "")
      ? "absent"
      : "unreachable";
  }
}
