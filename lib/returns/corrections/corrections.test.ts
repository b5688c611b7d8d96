/** Readers who pause, and who say what is wrong of themselves: proposed, then accepted or not, never written by itself. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { listMayWrite } from "#lib/people/suppressions/queries";
import { decideCorrection, proposeCorrection } from "#lib/returns/corrections/mutations";
import { countCorrections, listCorrections } from "#lib/returns/corrections/queries";
import { correctionInput } from "#lib/returns/corrections/schema";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { setPause } from "#lib/returns/unsubscribe/pause";
import { viewReader } from "#lib/returns/unsubscribe/queries";
import { listWhys } from "#lib/returns/unsubscribe/why";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";

let by = 0;
let made = 0;
before(async () => {
  by = (await db.user.create({ data: { name: "Maud", email: "maud@src.example", role: "secretariat" } })).id;
});

async function reader() {
  const address = `reader${++made}@exemple.fr`;
  const { id } = await givePerson(address);
  const { deliveries } = await giveCampaign([id]);
  const deliveryId = deliveries[0]?.id ?? 0;
  const view = async () => {
    const seen = await viewReader("preferences", signToken("preferences", await nameOf(deliveryId)));
    assert.ok(seen);
    return seen;
  };
  return { id, deliveryId, address, view };
}
const said = (words: Record<string, string>) => {
  const { token: _, ...rest } = correctionInput.parse({ token: "x", ...words });
  return rest;
};
const reason = async (id: number, purpose: "newsletter" | "letter" | "answer" | "solicitation") =>
  (await listMayWrite([id], purpose))[0]?.reason;
const waiting = async (contactId: number) =>
  (await listCorrections()).filter((one) => one.contactId === contactId);
const decide = async (contactId: number, accepted: boolean) => {
  const [row] = await waiting(contactId);
  assert.ok(row);
  return decideCorrection({ id: row.id, at: row.at, accepted }, by);
};

describe("a pause", () => {
  it("stops newsletters for six months and nothing written by hand; who pauses is still subscribed", async () => {
    const { id, deliveryId, view } = await reader();
    assert.deepEqual(await setPause(deliveryId, true), { ok: true, changed: true });
    const { pausedUntil, newsletters } = await view();
    const months = (Number(pausedUntil) - Date.now()) / 86_400_000;
    assert.ok(months > 180 && months < 185, `${months} days`);
    assert.equal(newsletters.find((one) => one.id === 1)?.subscribed, true);
    assert.deepEqual(
      [await reason(id, "solicitation"), await reason(id, "letter"), await reason(id, "answer")],
      ["paused", null, null],
    );
  });

  it("is asked once, taken back once, and both are in the history", async () => {
    const { id, deliveryId, view } = await reader();
    assert.equal((await view()).pausedUntil, null);
    await setPause(deliveryId, true);
    const first = (await view()).pausedUntil;
    assert.deepEqual(await setPause(deliveryId, true), { ok: true, changed: false });
    assert.deepEqual((await view()).pausedUntil, first, "a second click does not prolong it");
    assert.deepEqual(await setPause(deliveryId, false), { ok: true, changed: true });
    assert.deepEqual(await setPause(deliveryId, false), { ok: true, changed: false });
    assert.equal((await view()).pausedUntil, null);
    const events = await sql`
      select change, via, proof from subscription_events where contact_id = ${id} and change in ('paused', 'resumed') order by id`;
    assert.deepEqual(
      events.map(({ change, via, proof }) => [change, via, proof]),
      [
        ["paused", "page", { deliveryId }],
        ["resumed", "undo", { deliveryId }],
      ],
    );
  });

  it("ends by itself, and may then be asked anew", async () => {
    const { id, deliveryId, view } = await reader();
    await setPause(deliveryId, true);
    await sql`
      update newsletter_pauses set since = since - interval '1 year', until = until - interval '1 year' where contact_id = ${id}`;
    assert.equal((await view()).pausedUntil, null);
    assert.equal(await reason(id, "solicitation"), null);
    assert.deepEqual(await setPause(deliveryId, false), { ok: true, changed: false });
    assert.deepEqual(await setPause(deliveryId, true), { ok: true, changed: true });
  });

  it("does not hide that everything was stopped", async () => {
    const { id, deliveryId } = await reader();
    await setPause(deliveryId, true);
    await unsubscribe({ deliveryId, scope: "all", via: "page" });
    assert.equal(await reason(id, "solicitation"), "unsubscribed");
  });

  it("of somebody erased since is refused", async () => {
    const { deliveryId, id } = await reader();
    await db.contact.delete({ where: { id } });
    assert.deepEqual(await setPause(deliveryId, true), { ok: false, reason: "nobodyAnyMore" });
    assert.deepEqual(await proposeCorrection(deliveryId, said({ city: "Pau" })), {
      ok: false,
      reason: "nobodyAnyMore",
    });
  });
});

describe("a correction", () => {
  it("waits for somebody, and changes nothing by itself", async () => {
    const { id, deliveryId } = await reader();
    const before = await db.contact.findUniqueOrThrow({ where: { id }, include: { addresses: true } });
    assert.deepEqual(await proposeCorrection(deliveryId, said({})), { ok: false, reason: "nothingSaid" });
    assert.equal((await waiting(id)).length, 0);
    const count = await countCorrections();
    assert.ok(
      (await proposeCorrection(deliveryId, said({ lastName: "Arrieu", email: "neuve@exemple.fr" }))).ok,
    );
    assert.deepEqual(
      await db.contact.findUniqueOrThrow({ where: { id }, include: { addresses: true } }),
      before,
    );
    assert.equal(await countCorrections(), count + 1);
    const [row] = await waiting(id);
    assert.deepEqual(
      [row?.now.lastName, row?.said.lastName, row?.said.email, row?.said.city],
      [before.lastName, "Arrieu", "neuve@exemple.fr", ""],
    );
  });

  it("is written as the book writes numbers, and as it was typed where it cannot be read", async () => {
    const { id, deliveryId } = await reader();
    for (const [typed, kept] of [
      ["05.57.12.20.44", "+33 5 57 12 20 44"],
      ["poste 12, le matin", "poste 12, le matin"],
    ] as const) {
      await proposeCorrection(deliveryId, said({ phone: typed }));
      const [row] = await waiting(id);
      assert.ok(row && (await decideCorrection({ id: row.id, at: row.at, accepted: true }, by)).ok);
      assert.equal((await db.contact.findUniqueOrThrow({ where: { id } })).phone, kept);
    }
  });

  it("said again takes the place of what waits; what was seen before is not what is decided", async () => {
    const { id, deliveryId } = await reader();
    await proposeCorrection(deliveryId, said({ city: "Pau" }));
    const [old] = await waiting(id);
    assert.ok(old);
    await proposeCorrection(deliveryId, said({ city: "Dax" }));
    assert.deepEqual(
      (await waiting(id)).map((row) => row.said.city),
      ["Dax"],
    );
    assert.deepEqual(await decideCorrection({ id: old.id, at: old.at, accepted: true }, by), {
      ok: false,
      reason: "alreadyDecided",
    });
    assert.equal((await db.contact.findUniqueOrThrow({ where: { id } })).city, "");
  });

  it("accepted, is written as a colleague would: what is empty stays, the new address is the one we write to", async () => {
    const { id, deliveryId, address } = await reader();
    await sql`update contacts set city = 'Bordeaux', phone = '+33 5 56 00 00 00' where id = ${id}`;
    await proposeCorrection(
      deliveryId,
      said({ lastName: "Arrieu", email: `arrieu${made}@exemple.fr`, note: "Merci" }),
    );
    assert.ok((await decide(id, true)).ok);
    const now = await db.contact.findUniqueOrThrow({
      where: { id },
      include: { addresses: { orderBy: { id: "asc" } } },
    });
    assert.deepEqual([now.lastName, now.city, now.phone], ["Arrieu", "Bordeaux", "+33 5 56 00 00 00"]);
    assert.deepEqual(
      now.addresses.map((one) => [one.address, one.isPrimary]),
      [
        [address, false],
        [`arrieu${made}@exemple.fr`, true],
      ],
    );
    const audit =
      await sql`select action, user_id from audit_entries where subject = 'contact' and subject_id = ${id} order by id`;
    assert.deepEqual(
      audit.map(({ action, user_id }) => [action, user_id]),
      [
        ["contact.correctionDecided", by],
        ["contact.updated", by],
      ],
    );
    assert.equal((await waiting(id)).length, 0);
  });

  it("refused, changes nothing and is gone; decided twice, the second is told", async () => {
    const { id, deliveryId } = await reader();
    await proposeCorrection(deliveryId, said({ city: "Pau" }));
    const [row] = await waiting(id);
    assert.ok((await decide(id, false)).ok);
    assert.equal((await db.contact.findUniqueOrThrow({ where: { id } })).city, "");
    assert.deepEqual(
      await decideCorrection({ id: row?.id ?? 0, at: row?.at ?? new Date(), accepted: true }, by),
      {
        ok: false,
        reason: "alreadyDecided",
      },
    );
  });

  it("whose address is somebody else’s is refused whole, with their name, and still waits", async () => {
    const [one, other] = [await reader(), await reader()];
    await proposeCorrection(one.deliveryId, said({ city: "Pau", email: other.address }));
    const answer = await decide(one.id, true);
    assert.equal(!answer.ok && answer.reason, "addressTaken");
    assert.equal((await db.contact.findUniqueOrThrow({ where: { id: one.id } })).city, "");
    assert.equal((await waiting(one.id)).length, 1);
  });

  it("of an address they already have makes it the one we write to", async () => {
    const { id, deliveryId, address } = await reader();
    await db.emailAddress.create({
      data: { contactId: id, address: `deux${made}@exemple.fr`, addressHash: Buffer.alloc(32, made) },
    });
    await proposeCorrection(deliveryId, said({ email: `deux${made}@exemple.fr` }));
    assert.ok((await decide(id, true)).ok);
    const rows = await db.emailAddress.findMany({ where: { contactId: id }, orderBy: { id: "asc" } });
    assert.deepEqual(
      rows.map((row) => [row.address, row.isPrimary]),
      [
        [address, false],
        [`deux${made}@exemple.fr`, true],
      ],
    );
  });
});

describe("why one receives this", () => {
  it("is true: nobody subscribed who did not, and the source is named only when it is known", async () => {
    const { id, deliveryId } = await reader();
    const whys = (locale: "fr" | "en" = "fr") => listWhys(deliveryId, [1], locale);
    const [first] = await whys();
    assert.doesNotMatch(first ?? "", /vous l’avez demandé/);
    assert.match(first ?? "", /figure dans notre carnet/);
    await sql`
      with site as (insert into sources (key, name, default_kind) values (${`s${made}`}, 'Le site des anciens', 'former_src') returning id)
      update email_addresses set source_id = (select id from site) where contact_id = ${id}`;
    assert.match((await whys())[0] ?? "", /nous vient de Le site des anciens/);
    await sql`insert into subscription_events (contact_id, topic_id, change, via) values (${id}, 1, 'subscribed', 'page')`;
    assert.match((await whys())[0] ?? "", /vous l’avez demandé en ligne/);
    assert.match((await whys("en"))[0] ?? "", /you asked for it online/);
    assert.deepEqual(await listWhys(deliveryId, [], "fr"), []);
    await db.contact.delete({ where: { id } });
    assert.deepEqual(await whys(), []);
  });
});
