/** The list of oppositions: found by name or by an address nobody has any more, with what proves each; exported; added to. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import {
  countKnown,
  exportOppositions,
  importOppositions,
  listOppositions,
} from "#lib/people/suppressions/oppositions";
import { listMayWrite } from "#lib/people/suppressions/queries";
import { readList } from "#lib/people/suppressions/read-list";
import { oppositionSearch } from "#lib/people/suppressions/schema";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { giveCampaign, givePerson } from "#testing/received";

const list = async (search: Record<string, string> = {}) =>
  (await listOppositions(oppositionSearch.parse(search))).rows;
const hash = (address: string) => Buffer.from(hashAddress(address));
let by = 0;
let left = { contact: 0, delivery: 0, campaign: 0 };

before(async () => {
  by = (await db.user.create({ data: { name: "Maud", email: "maud@src.example", role: "secretariat" } })).id;
  const person = await givePerson("partie@exemple.fr");
  await sql`update contacts set first_name = 'Zoé', last_name = 'Arrieu' where id = ${person.id}`;
  const { campaignId, deliveries } = await giveCampaign([person.id]);
  const delivery = deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId: delivery, scope: "all", via: "page" });
  left = { contact: person.id, delivery, campaign: campaignId };
  const dead = await givePerson("morte@exemple.fr");
  const sent = await giveCampaign([dead.id]);
  await sql`
    insert into bounces (delivery_id, class, verdict, blame) values (${sent.deliveries[0]?.id}, 'bounce', 'hard', 'recipient')`;
  await sql`
    insert into suppressions (address_hash, reason)
    values (${hash("morte@exemple.fr")}, 'hard_bounce'), (${hash("effacee@exemple.fr")}, 'erasure')`;
  await sql`
    insert into suppressions (address_hash, reason, lifted_at) values (${hash("morte@exemple.fr")}, 'complaint', now())`;
});

describe("the list", () => {
  it("has what stands, newest first, with how and which letter prove it", async () => {
    assert.deepEqual(
      (await list()).map(({ reason, address, topic }) => [reason, address, topic]),
      [
        ["erasure", null, null],
        ["hard_bounce", "morte@exemple.fr", null],
        ["unsubscribe", "partie@exemple.fr", null],
      ],
    );
    const [found] = await list({ reason: "unsubscribe" });
    assert.deepEqual(
      [found?.contactId, found?.name, found?.via, found?.deliveryId, found?.campaignId],
      [left.contact, "Zoé Arrieu", "page", left.delivery, left.campaign],
    );
    const [bounced] = await list({ reason: "hard_bounce" });
    assert.ok(bounced?.deliveryId && bounced.campaignId);
  });

  it("is searched by name, and by a whole address even when nobody has it", async () => {
    assert.deepEqual(
      (await list({ q: "arrieu" })).map(({ address }) => address),
      ["partie@exemple.fr"],
    );
    assert.deepEqual(
      (await list({ q: "Effacee@exemple.fr" })).map(({ reason }) => reason),
      ["erasure"],
    );
    assert.deepEqual(await list({ q: "personne@exemple.fr" }), []);
    assert.deepEqual(await list({ q: "inconnue" }), []);
  });

  it("is written whole as a file, over as many pages as it takes", async () => {
    await sql`
      insert into suppressions (address_hash, reason) select sha256(n::text::bytea), 'manual' from generate_series(1, 120) n`;
    let text = "";
    const cells = (row: { address: string | null; hash: string }) => [row.address, row.hash];
    for await (const chunk of exportOppositions(oppositionSearch.parse({}), ["Adresse", "Empreinte"], cells))
      text += chunk;
    const lines = text.trim().split("\r\n");
    assert.equal(lines.length, 124);
    assert.equal(new Set(lines).size, 124);
    const first = await listOppositions(oppositionSearch.parse({}));
    const second = await listOppositions(oppositionSearch.parse({ after: first.next }));
    const back = await listOppositions(oppositionSearch.parse({ before: second.previous }));
    assert.deepEqual(
      back.rows.map(({ id }) => id),
      first.rows.map(({ id }) => id),
    );
  });
});

describe("a list that is added", () => {
  it("stops all letters to its addresses from its day on, says where it comes from, and once", async () => {
    const person = await givePerson("ancien@exemple.fr");
    const { lines } = readList("ancien@exemple.fr;14/03/2025\ninconnu@exemple.fr", "2026-11-27");
    assert.equal(await countKnown(lines), 0);
    assert.deepEqual(await importOppositions(lines, "Ancien logiciel", by), { ok: true, written: 2 });
    assert.equal(await countKnown(lines), 2);
    assert.deepEqual(await importOppositions(lines, "Encore", by), { ok: true, written: 0 });
    const [row] = await list({ q: "ancien@exemple.fr" });
    assert.deepEqual(
      [row?.reason, row?.at.toISOString(), row?.note, row?.by, row?.contactId],
      ["manual", "2025-03-13T23:00:00.000Z", "Ancien logiciel", "Maud", person.id],
    );
    const may = async (purpose: "letter" | "answer") => (await listMayWrite([person.id], purpose))[0]?.reason;
    assert.deepEqual([await may("letter"), await may("answer")], ["suppressed", null]);
    assert.equal((await list({ q: "inconnu@exemple.fr" }))[0]?.contactId, null);
  });
});
