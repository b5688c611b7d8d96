import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { notify } from "#lib/department/notices/mutations";
import { lookUpKey } from "#lib/letters/dkim/lookup";
import { selectorOf } from "#lib/letters/dkim/rules";
import type { Algorithm, CheckResult } from "#lib/letters/dkim/schema";
import { nextId, sql, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { seal } from "#lib/machine/seal";

/** A key not yet in use: first its record must be published. One of each kind waits at a time. */
export async function createKey(
  domain: string,
  by: By,
  now = new Date(),
  algorithm: Algorithm = "rsa",
): Promise<Result<{ id: number }, "notOurs" | "alreadyWaiting">> {
  const [ours] = await sql`
    select 1 from identities i join relays r on r.id = i.relay_id
    where i.archived_at is null and r.kind = 'smtp' and r.archived_at is null
      and lower(split_part(i.address, '@', 2)) = ${domain} limit 1`;
  if (!ours) return refused("notOurs");
  const { privateKey, publicKey } = await pairs[algorithm]();
  const made = ({ id }: { id: number }) => actOn("domain.keyCreated", id, by, { domain });
  return audited(made, async (client) => {
    const query = sqlOn(client);
    await query`select pg_advisory_xact_lock(hashtextextended(${`dkim:${domain}`}, 0))`;
    const keys = await query<{ selector: string; waiting: boolean }>`
      select selector, activated_at is null and retired_at is null and algorithm = ${algorithm} as waiting
      from dkim_keys where domain = ${domain}`;
    if (keys.some((key) => key.waiting)) return refused("alreadyWaiting");
    const selector = selectorOf(
      now,
      keys.map((key) => key.selector),
    );
    const id = await nextId("dkim_keys", client);
    await query`
      insert into dkim_keys (id, domain, selector, algorithm, sealed_private_key, public_key)
      values (${id}, ${domain}, ${selector}, ${algorithm}, ${seal(privateKey, "dkim_keys.sealed_private_key", id)},
        ${publicKey})`;
    return { ...ok, id };
  });
}

type Pair = { privateKey: string; publicKey: string };
const generate = promisify(generateKeyPair);
const pem = { type: "pkcs8", format: "pem" } as const;
const der = { type: "spki", format: "der" } as const;

const pairs: Record<Algorithm, () => Promise<Pair>> = {
  /** 2048 bits: RFC 8301, section 3.2. */
  rsa: async () => {
    const made = await generate("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: der,
      privateKeyEncoding: pem,
    });
    return { privateKey: made.privateKey, publicKey: made.publicKey.toString("base64") };
  },
  ed25519: async () => {
    const made = await generate("ed25519", { publicKeyEncoding: der, privateKeyEncoding: pem });
    // The 32 bytes of the key end its SubjectPublicKeyInfo (RFC 8410, section 4).
    return { privateKey: made.privateKey, publicKey: made.publicKey.subarray(-32).toString("base64") };
  },
};

/**
 * Looks the record up and remembers what was found. The first key of its kind signs from the moment it is found
 * right. DNS that does not answer changes nothing; a key in use whose record vanished stops signing, and people are
 * told once.
 * @unaudited DNS decides, not who looks; the row keeps what was found, and when.
 */
export async function checkKey(
  id: number,
  servers?: string[],
): Promise<Result<{ result: CheckResult }, "notFound">> {
  const [key] = await sql<{ domain: string; selector: string; algorithm: Algorithm; publicKey: string }>`
    select domain, selector, algorithm, public_key as "publicKey" from dkim_keys where id = ${id} and retired_at is null`;
  if (!key) return refused("notFound");
  const result = await lookUpKey(key, servers);
  await transaction(async (client) => {
    const query = sqlOn(client);
    await query`select pg_advisory_xact_lock(hashtextextended(${`dkim:${key.domain}`}, 0))`;
    if (result === "unreachable")
      return void (await query`
      update dkim_keys set checked_at = clock_timestamp(),
        check_result = case when check_result = 'right' then 'right' else 'unreachable' end
      where id = ${id} and retired_at is null`);
    const [was] = await query<{ vanished: boolean }>`
      select active and check_result = 'right' and ${result}::text <> 'right' as vanished from dkim_keys
      where id = ${id} and retired_at is null for update`;
    await query`
      update dkim_keys k set check_result = ${result}, checked_at = clock_timestamp(),
        published_at = case when ${result}::text = 'right' then coalesce(published_at, clock_timestamp()) else published_at end,
        active = active or first.is_first, activated_at = case when first.is_first then clock_timestamp() else activated_at end
      from (select ${result}::text = 'right' and not exists (
        select 1 from dkim_keys o where o.domain = ${key.domain} and o.algorithm = ${key.algorithm} and o.activated_at is not null and o.retired_at is null) as is_first) first
      where k.id = ${id} and retired_at is null`;
    if (was?.vanished) await notify({ kind: "dkimVanished", data: { domain: key.domain } }, client);
  });
  return { ...ok, result };
}

/** Hours between two looks at a record that is right; the others are looked at more often. */
const HOURS = 24;

/**
 * The worker's task: looks again at the keys in use. Workers share them; a crash only delays a look.
 * @unaudited DNS decides, as for checkKey.
 */
export async function checkKeys(servers?: string[]): Promise<number> {
  for (let checked = 0; ; checked++) {
    const [due] = await sql<{ id: number }>`
      update dkim_keys set checked_at = clock_timestamp() where id = (
        select id from dkim_keys
        where active and checked_at < clock_timestamp() - make_interval(hours => case when check_result = 'right' then ${HOURS}::int else 1 end)
        order by checked_at limit 1 for update skip locked)
      returning id`;
    if (!due) return checked;
    await checkKey(due.id, servers);
  }
}

/** From now on this key signs instead of the one of its kind before, whose record must stay while its mails are on their way. */
export const activateKey = (id: number, by: By): Promise<Result<{ domain: string }, "notPublished">> =>
  audited(
    ({ domain }: { domain: string }) => actOn("domain.keyActivated", id, by, { domain }),
    async (client) => {
      const query = sqlOn(client);
      const [key] = await query<{ domain: string; algorithm: Algorithm }>`
      select domain, algorithm from dkim_keys where id = ${id} and retired_at is null and not active and check_result = 'right' for update`;
      if (!key) return refused("notPublished");
      await query`update dkim_keys set active = false where domain = ${key.domain} and algorithm = ${key.algorithm} and active`;
      await query`update dkim_keys set active = true, activated_at = clock_timestamp() where id = ${id}`;
      return { ...ok, domain: key.domain };
    },
  );

/** The end of a key: its private half is erased. One in use must first be replaced, or no longer be published. */
export const retireKey = (id: number, by: By): Promise<Result<{ domain: string }, "inUse">> =>
  audited(
    ({ domain }: { domain: string }) => actOn("domain.keyRetired", id, by, { domain }),
    async (client) => {
      const [key] = await sqlOn(client)<{ domain: string }>`
      update dkim_keys set retired_at = now(), sealed_private_key = null, active = false
      where id = ${id} and retired_at is null and (not active or check_result is distinct from 'right')
      returning domain`;
      return key ? { ...ok, domain: key.domain } : refused("inUse");
    },
  );
