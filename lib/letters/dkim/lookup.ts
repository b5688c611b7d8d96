/** Asks DNS what is published. */
import { Resolver } from "node:dns/promises";
import { judgeRecords, type PublicKey, recordName } from "#lib/letters/dkim/rules";
import type { CheckResult } from "#lib/letters/dkim/schema";

type Key = PublicKey & { domain: string; selector: string };

/**
 * TXT records of a name, each whole; null when DNS says nothing. `servers`: addresses to ask instead of the machine's
 * own resolvers, `127.0.0.1:5353`.
 */
export async function findTxt(name: string, servers?: string[]): Promise<string[] | null> {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  try {
    return (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
  } catch (error) {
    // The name does not exist, or has no TXT. Anything else says nothing of the record.
    return /^(?:ENOTFOUND|ENODATA)$/.test((error as NodeJS.ErrnoException).code ?? "") ? [] : null;
  }
}

/** What is published for a key. */
export async function lookUpKey(key: Key, servers?: string[]): Promise<CheckResult> {
  const records = await findTxt(recordName(key.selector, key.domain), servers);
  return records ? judgeRecords(records, key) : "unreachable";
}
