import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { isFreeDomain, judgeDmarc, judgeSpf } from "#lib/letters/dkim/domain";
import { checkDomain, checkDomains, listDomainRecords } from "#lib/letters/dkim/domain-records";
import { sql } from "#lib/machine/db";
import { startNameServer } from "#testing/name-server";

const domain = "lettres.iut.example";
let dns: Awaited<ReturnType<typeof startNameServer>>;
let servers: string[];

before(async () => {
  dns = await startNameServer();
  servers = [dns.server];
  await sql`
    with relay as (insert into relays (name, kind, host) values ('r', 'smtp', 'smtp-relay.gmail.com') returning id)
    insert into identities (relay_id, display_name, address) select id, 'Lettre', 'src@Lettres.IUT.example' from relay`;
});
after(() => dns.close());
beforeEach(async () => {
  dns.zone.clear();
  dns.failing = false;
  await sql`delete from domain_records`;
});
const shown = async () => (await listDomainRecords()).find((one) => one.domain === domain);
const spf = (records: string[] | null, ...hosts: string[]) => judgeSpf("iut.example", records, hosts);
const dmarc = (records: string[] | null, dmarcDomain = "iut.example") =>
  judgeDmarc("iut.example", { spf: [], dmarc: records, dmarcDomain });

test("SPF is right only when the host is known to be named", () => {
  const google = "v=spf1 include:_spf.google.com ~all";
  assert.equal(spf([google, "google-site-verification=x"], "smtp.gmail.com").state, "right");
  assert.equal(spf(["v=spf1 a:smtp.iut.example -all"], "smtp.iut.example").state, "right");
  assert.equal(spf(["V=SPF1 +ip4:192.0.2.7 -all"], "192.0.2.7").state, "right");
  assert.equal(
    spf(["v=spf1 ip4:192.0.2.0/24 -all"], "smtp.iut.example").state,
    "unknown",
    "maybe by its network",
  );
  assert.equal(spf([google], "127.0.0.1").state, "unknown");
  assert.deepEqual(spf(["v=spf1 mx -all"], "smtp.gmail.com", "smtp.iut.example"), {
    state: "unnamed",
    records: ["v=spf1 mx -all"],
    name: "iut.example",
    proposed: "v=spf1 mx include:_spf.google.com -all",
  });
  assert.equal(spf(["v=spf1 -include:_spf.google.com ~all"], "smtp.gmail.com").state, "unnamed");
});

test("SPF that is absent, double or open has a record to publish", () => {
  assert.equal(spf([], "smtp.gmail.com").proposed, "v=spf1 include:_spf.google.com ~all");
  assert.equal(spf(["v=spf10 mx"], "localhost").state, "absent");
  assert.equal(
    spf(["v=spf10 mx"], "localhost").proposed,
    null,
    "nobody knows from where this machine is seen",
  );
  const two = spf(["v=spf1 mx -all", "v=spf1 include:_spf.google.com mx ~all"], "smtp.gmail.com");
  assert.deepEqual([two.state, two.proposed], ["several", "v=spf1 mx include:_spf.google.com ~all"]);
  const open = spf(["v=spf1 include:_spf.google.com +all"], "smtp.gmail.com");
  assert.deepEqual([open.state, open.proposed], ["open", "v=spf1 include:_spf.google.com ~all"]);
  assert.equal(spf(null, "smtp.gmail.com").state, "unreachable");
});

test("DMARC has one record with a policy; a parent's holds, by sp first", () => {
  assert.deepEqual(
    [dmarc(["v=DMARC1; p=Reject"]).state, dmarc(["v=DMARC1; p=Reject"]).policy],
    ["right", "reject"],
  );
  assert.equal(dmarc(["v=DMARC1; p=none; sp=reject"]).policy, "none");
  assert.equal(dmarc(["v=DMARC1; p=none; sp=reject"], "example").policy, "reject");
  assert.equal(dmarc(["v=DMARC1; rua=mailto:x@iut.example"]).state, "invalid");
  assert.equal(dmarc(["v=DMARC1; p=none", "v=DMARC1; p=reject"]).state, "several");
  assert.deepEqual(
    [dmarc(["v=spf1 -all"]).state, dmarc([]).proposed, dmarc([]).name],
    ["absent", "v=DMARC1; p=none", "_dmarc.iut.example"],
  );
  assert.equal(dmarc(null).state, "unreachable");
});

test("domains lent to the public are their provider's affair", () => {
  for (const one of ["gmail.com", "hotmail.fr", "laposte.net", "orange.fr"])
    assert.ok(isFreeDomain(one), one);
  for (const one of ["iut.example", "gmail.com.example", "u-bordeaux.fr"]) assert.ok(!isFreeDomain(one), one);
});

test("DNS is asked on demand, up to the parent, and what was found is shown", async () => {
  assert.equal((await shown())?.checked, null, "not before somebody asks");
  assert.equal(dns.asked.length, 0);
  dns.zone.set(domain, [["v=spf1 include:_spf", ".google.com ~all"]]);
  dns.zone.set("_dmarc.iut.example", [["v=DMARC1; p=reject; sp=quarantine"]]);
  assert.ok((await checkDomain(domain, servers)).ok);
  const { checked } = (await shown()) ?? {};
  assert.equal(checked?.spf.state, "right");
  assert.deepEqual(
    [checked?.dmarc.state, checked?.dmarc.policy, checked?.dmarc.name],
    ["right", "quarantine", "_dmarc.iut.example"],
  );
  assert.ok(!dns.asked.includes("_dmarc.example"), "never a whole ending");
  assert.deepEqual(await checkDomain("ailleurs.example", servers), { ok: false, reason: "notOurs" });
});

test("the daily look follows what changes, once, and knows silence from absence", async () => {
  await checkDomain(domain, servers);
  assert.equal((await shown())?.checked?.spf.state, "absent");
  assert.equal(await checkDomains(servers), 0, "looked at just now");
  dns.failing = true;
  await sql`update domain_records set checked_at = now() - interval '25 hours'`;
  const counts = await Promise.all([checkDomains(servers), checkDomains(servers)]);
  assert.equal(counts[0] + counts[1], 1);
  assert.equal((await shown())?.checked?.spf.state, "unreachable");
  await sql`insert into domain_records values ('partie.example', '{}', now() - interval '2 days')`;
  assert.equal(await checkDomains(servers), 1);
  assert.equal((await sql`select 1 from domain_records where domain = 'partie.example'`).length, 0);
});
