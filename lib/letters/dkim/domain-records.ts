/** Looks up what a domain publishes, when asked and then daily; screens show what was found last. */

import { type Found, isDmarc, isFreeDomain, judgeDmarc, judgeSpf } from "#lib/letters/dkim/domain";
import { findTxt } from "#lib/letters/dkim/lookup";
import { sql } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * Asks DNS and keeps the answer. The policy of a domain without one is its parent's (RFC 7489, section 6.6.3).
 * @unaudited A look at DNS; the row keeps what was found, and when.
 */
export async function checkDomain(domain: string, servers?: string[]): Promise<Result<object, "notOurs">> {
  const ours = await listRelayHosts();
  if (!ours.has(domain)) return refused("notOurs");
  const [spf, policy] = await Promise.all([findTxt(domain, servers), findPolicy(domain, servers)]);
  const found: Found = { spf, ...policy };
  await sql`
    insert into domain_records (domain, found, checked_at) values (${domain}, ${JSON.stringify(found)}::jsonb, clock_timestamp())
    on conflict (domain) do update set found = excluded.found, checked_at = excluded.checked_at`;
  return ok;
}

/** Up to the last two labels: no list of public suffixes is kept, and « _dmarc.fr » publishes none. */
async function findPolicy(
  domain: string,
  servers?: string[],
): Promise<{ dmarc: string[] | null; dmarcDomain: string }> {
  for (let at = domain; at.includes("."); at = at.slice(at.indexOf(".") + 1)) {
    const dmarc = await findTxt(`_dmarc.${at}`, servers);
    if (!dmarc || dmarc.some(isDmarc)) return { dmarc, dmarcDomain: at };
  }
  return { dmarc: [], dmarcDomain: domain };
}

/** The worker's task: looks again, a day later, at domains that were looked at once and are still written in. */
export async function checkDomains(servers?: string[]): Promise<number> {
  for (let checked = 0; ; checked++) {
    const [due] = await sql<{ domain: string }>`
      update domain_records set checked_at = clock_timestamp() where domain = (
        select domain from domain_records where checked_at < clock_timestamp() - interval '24 hours'
        order by checked_at limit 1 for update skip locked)
      returning domain`;
    if (!due) return checked;
    const looked = await checkDomain(due.domain, servers);
    if (!looked.ok) await sql`delete from domain_records where domain = ${due.domain}`;
  }
}

/** Of each domain that identities of real relays write in, the hosts that carry its letters, stand-ins included. */
async function listRelayHosts(): Promise<Map<string, string[]>> {
  const rows = await sql<{ domain: string; hosts: string[] }>`
    select lower(split_part(i.address, '@', 2)) as domain, array_agg(distinct lower(r.host) order by lower(r.host)) as hosts
    from identities i
    join lateral (select i.relay_id as id union select f.relay_id from identity_fallbacks f where f.identity_id = i.id) used on true
    join relays r on r.id = used.id
    where i.archived_at is null and r.archived_at is null and r.kind = 'smtp'
    group by 1 order by 1`;
  return new Map(rows.map(({ domain, hosts }) => [domain, hosts]));
}

/** By domain; `checked` null until somebody asked. */
export async function listDomainRecords() {
  const [ours, rows] = await Promise.all([
    listRelayHosts(),
    sql<{ domain: string; found: Found; checkedAt: Date }>`
      select domain, found, checked_at as "checkedAt" from domain_records`,
  ]);
  return [...ours].map(([domain, hosts]) => {
    const row = rows.find((one) => one.domain === domain);
    const checked = row && {
      at: row.checkedAt,
      spf: judgeSpf(domain, row.found.spf, hosts),
      dmarc: judgeDmarc(domain, row.found),
    };
    return { domain, hosts, free: isFreeDomain(domain), checked: checked ?? null };
  });
}

export type DomainRecords = Awaited<ReturnType<typeof listDomainRecords>>[number];
