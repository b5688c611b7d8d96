import { recordName, recordValue, zoneValue } from "#lib/letters/dkim/rules";
import { type Algorithm, type CheckResult, checkResults } from "#lib/letters/dkim/schema";
import { db, sql } from "#lib/machine/db";

/** `waiting`: not yet published. `ready`: published, may take over. `signing`. `silent`: in use, but its record vanished. `replaced`: another signs. */
export type KeyState = "waiting" | "ready" | "signing" | "silent" | "replaced";

type Row = {
  id: number;
  domain: string;
  selector: string;
  algorithm: string;
  publicKey: string;
  active: boolean;
  checkResult: string | null;
  checkedAt: Date | null;
  activatedAt: Date | null;
  createdAt: Date;
};

/** Domains that identities of real relays write in, and those that have keys; the private half never comes here. */
export async function listDkimDomains() {
  const [domains, keys] = await Promise.all([
    sql<{ domain: string }>`
      select lower(split_part(i.address, '@', 2)) as domain from identities i join relays r on r.id = i.relay_id
      where i.archived_at is null and r.archived_at is null and r.kind = 'smtp'
      union select domain from dkim_keys where retired_at is null order by 1`,
    db.dkimKey.findMany({
      where: { retiredAt: null },
      select: {
        id: true,
        domain: true,
        selector: true,
        algorithm: true,
        publicKey: true,
        active: true,
        checkResult: true,
        checkedAt: true,
        activatedAt: true,
        createdAt: true,
      },
      orderBy: { id: "desc" },
    }),
  ]);
  return domains.map(({ domain }) => ({
    domain,
    keys: keys.filter((key) => key.domain === domain).map(shown),
  }));
}

export type DkimDomain = Awaited<ReturnType<typeof listDkimDomains>>[number];

function shown(key: Row) {
  const algorithm: Algorithm = key.algorithm === "ed25519" ? "ed25519" : "rsa";
  const value = recordValue({ algorithm, publicKey: key.publicKey });
  return {
    id: key.id,
    selector: key.selector,
    algorithm,
    state: stateOf(key),
    result: checkResults.find((one) => one === key.checkResult) ?? (null as CheckResult | null),
    checkedAt: key.checkedAt,
    createdAt: key.createdAt,
    name: recordName(key.selector, key.domain),
    value,
    zone: zoneValue(value),
  };
}

function stateOf({ active, checkResult, activatedAt }: Row): KeyState {
  if (active) return checkResult === "right" ? "signing" : "silent";
  if (activatedAt) return "replaced";
  return checkResult === "right" ? "ready" : "waiting";
}
