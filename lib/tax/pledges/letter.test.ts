import "#testing/database";
import assert from "node:assert/strict";
import { it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { person, readyCampaign } from "#testing/campaigns";
import { findSoliciting, solicitByLetter } from "./letter.ts";

await createUser({ email: "ada@src.example", name: "Ada", role: "administrator" }, "une phrase bien longue");
const campaignYear = 2026;

/** A company with somebody there, to solicit. */
async function company(name: string, more: object = {}, ended: Date | null = null) {
  const { id } = await db.organisation.create({ data: { name, ...more } });
  const contactId = await person();
  await db.affiliation.create({ data: { contactId, organisationId: id, role: "payroll", endedAt: ended } });
  const pledge = await db.pledge.create({ data: { organisationId: id, campaignYear } });
  return { contactId, pledge: pledge.id };
}
async function letter(day: string, to: number[], status = "sent") {
  const id = await readyCampaign();
  await sql`
    update campaigns set topic_id = (select id from topics where key = 'taxe'), status = 'sent', launched_at = ${day}::timestamptz,
      finished_at = ${day}::timestamptz where id = ${id}`;
  await sql`
    with ct as (insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
      select 'campaign', id, topic_id, identity_id, '', '', '' from campaigns where id = ${id} returning id)
    insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, settled_at, reason)
    select ct.id, ${id}::int, c, c || '@src.example', sha256(c::text::bytea), ${status}::"DeliveryStatus", now(), 'unknown-user'
    from ct, unnest(${to}::int[]) c`;
  return id;
}

it("a letter solicits the companies whose people of today it reached, once, and no other", async () => {
  const [reached, left, failed, local, silent] = [
    await company("Reached"),
    await company("Left", {}, new Date()),
    await company("Failed"),
    await company("Local", { postcode: "67000" }),
    await company("Silent"),
  ];
  assert.equal(await findSoliciting(campaignYear), null);
  await letter("2025-03-15T10:00Z", [reached.contactId]);
  assert.equal(await findSoliciting(campaignYear), null, "of another year");
  await letter("2026-04-01T10:00Z", [failed.contactId], "failed");
  const id = await letter(
    "2026-03-15T10:00Z",
    [reached, left, local].map(({ contactId }) => contactId),
  );
  const found = await findSoliciting(campaignYear);
  assert.deepEqual([found?.id, found?.waiting], [id, 1]);
  const other = await letter("2026-03-15T10:00Z", [reached.contactId]);
  await sql`update campaigns set topic_id = (select id from topics where key = 'src') where id = ${other}`;
  const nobody = { ok: false, reason: "nobodyReached" };
  assert.deepEqual(
    await solicitByLetter({ campaignYear, campaignId: other }, 1),
    nobody,
    "of another newsletter",
  );
  assert.deepEqual(await solicitByLetter({ campaignYear, campaignId: id }, 1), { ok: true, count: 1 });
  assert.deepEqual(await solicitByLetter({ campaignYear, campaignId: id }, 1), nobody);
  assert.equal(await findSoliciting(campaignYear), null, "nobody waits any more");
  const states = await db.pledge.findMany({ orderBy: { id: "asc" } });
  assert.deepEqual(
    states.map(({ id: one, state, channel, sourceCampaignId, version }) => [
      one,
      state,
      channel,
      sourceCampaignId,
      version,
    ]),
    [
      [reached.pledge, "solicited", "letter", id, 2],
      ...[left, failed, local, silent].map(({ pledge }) => [pledge, "to_solicit", "", null, 1]),
    ],
  );
  assert.equal(await db.pledgeEvent.count({ where: { pledgeId: reached.pledge, toState: "solicited" } }), 1);
});

it("a letter of the November before is of the campaign, as on /taxe; one of October is of the last", async () => {
  const year = 2031;
  const { id: organisationId } = await db.organisation.create({ data: { name: "Early" } });
  const contactId = await person();
  await db.affiliation.create({ data: { contactId, organisationId, role: "payroll" } });
  await db.pledge.create({ data: { organisationId, campaignYear: year } });
  await letter("2030-10-31T10:00Z", [contactId]);
  assert.equal(await findSoliciting(year), null);
  // Past midnight in Paris.
  const early = await letter("2030-10-31T23:30Z", [contactId]);
  assert.equal((await findSoliciting(year))?.id, early);
});
