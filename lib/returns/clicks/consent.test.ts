/** No row anywhere joins a click and a person but under a consent that stands: given, taken back, outdated, imitated. */
import "#testing/database";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { type Claim, claim, release } from "#lib/letters/deliveries/claim";
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { db, sql } from "#lib/machine/db";
import { type DeliveryName, readToken, signToken, type TokenPurpose } from "#lib/machine/tokens";
import { purge } from "#lib/office/privacy/purge";
import { listContactTimeline } from "#lib/people/activities/queries";
import { clickConsentVersion } from "#lib/people/consents/rules";
import { findInterest } from "#lib/people/contacts/signs";
import { followLink } from "#lib/returns/clicks/mutations";
import { isHumanClick } from "#lib/returns/clicks/rules";
import { setClickConsent } from "#lib/returns/unsubscribe/clicks";
import { viewReader } from "#lib/returns/unsubscribe/queries";
import { person, readyCampaign } from "#testing/campaigns";
import { nameOf } from "#testing/names";
import { readByPython } from "#testing/python";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;
/** A reader of one letter that left ten minutes ago. */
async function reader() {
  const { id: contactId } = await givePerson(`clic${++made}@exemple.fr`);
  await sql`update contacts set created_at = now() - interval '10 years' where id = ${contactId}`;
  const { campaignId, deliveries } = await giveCampaign([contactId]);
  const deliveryId = deliveries[0]?.id ?? 0;
  await sql`update deliveries set settled_at = now() - interval '10 minutes' where id = ${deliveryId}`;
  const name = await nameOf(deliveryId);
  return {
    contactId,
    campaignId,
    deliveryId,
    name,
    give: (text = "words") => setClickConsent(deliveryId, text),
    withdraw: () => setClickConsent(deliveryId, null),
    click: (by: DeliveryName | null = name, counted = true) => followLink(campaignId, 0, counted, by),
    noted: async () =>
      (await sql`select from reader_clicks where contact_id = ${contactId}`).length +
      (
        await sql`select from contact_signs where contact_id = ${contactId} and (clicked_at is not null or mild_at is not null)`
      ).length,
  };
}
const counted = async (campaignId: number) =>
  (await db.linkClick.findMany({ where: { campaignId } })).reduce((sum, { clicks }) => sum + clicks, 0);

describe("a click", () => {
  it("is nobody’s without a consent, whatever the link says", async () => {
    const one = await reader();
    assert.equal(await one.click(), "https://iut.example/stages");
    assert.deepEqual([await counted(one.campaignId), await one.noted()], [1, 0]);
    await one.give();
    assert.equal(await one.noted(), 0, "what was followed before is not theirs");
    await one.click(null);
    assert.deepEqual([await counted(one.campaignId), await one.noted()], [2, 0]);
  });

  it("is known once a day under a consent, and tells the level", async () => {
    const one = await reader();
    assert.deepEqual(await one.give(), { ok: true, changed: true });
    assert.deepEqual(await one.give(), { ok: true, changed: false });
    assert.equal((await findInterest(one.contactId))?.level, "silent", "a consent is no sign");
    await Promise.all([one.click(), one.click(), one.click()]);
    assert.equal((await sql`select from reader_clicks where contact_id = ${one.contactId}`).length, 1);
    assert.equal(await counted(one.campaignId), 3);
    const told = await findInterest(one.contactId);
    const { name } = await db.campaign.findUniqueOrThrow({ where: { id: one.campaignId } });
    assert.deepEqual([told?.level, told?.sign, told?.name], ["attentive", "clicked", name]);
    const { rows } = await listContactTimeline(one.contactId, {});
    assert.equal(rows.filter(({ source }) => source === "click").length, 1);
    assert.ok(rows.some(({ kind }) => kind === "clicks_allowed"));
  });

  it("of a machine, of the minute after the letter left, or of a letter not sent is not theirs", async () => {
    const one = await reader();
    await one.give();
    await one.click(one.name, false);
    assert.equal(await counted(one.campaignId), 0);
    for (const [status, age] of [
      ["sent", 59],
      ["unknown", 59],
      ["queued", 600],
      ["failed", 600],
      ["skipped", 600],
    ] as const) {
      const at = new Date(Date.now() - age * 1000);
      const settledAt = status === "unknown" || status === "queued" ? null : at;
      const unknownAt = status === "unknown" ? at : null;
      await db.delivery.update({
        where: { id: one.deliveryId },
        data: { status, settledAt, unknownAt, reason: "x" },
      });
      await one.click();
      assert.equal(await one.noted(), 0, status);
    }
    await sql`update deliveries set status = 'sent', settled_at = now() - interval '61 seconds' where id = ${one.deliveryId}`;
    await one.click();
    assert.equal(await one.noted(), 2);
  });

  it("with a name that is another’s, another letter’s or another life’s is not theirs", async () => {
    const one = await reader();
    const other = await reader();
    await one.give();
    await other.click(one.name);
    await one.click(other.name);
    await one.click({ ...one.name, generation: one.name.generation + 1 });
    assert.deepEqual([await one.noted(), await other.noted()], [0, 0]);
    const token = signToken("click", one.name);
    const purposes: TokenPurpose[] = ["unsubscribe", "preferences", "online", "pledge", "promise"];
    for (const purpose of purposes) {
      assert.equal(readToken("click", signToken(purpose, one.name)), null, purpose);
      assert.equal(readToken(purpose, token), null, `${purpose}: a click opens nothing else`);
    }
    assert.equal(readToken("click", `${token.slice(0, -2)}xx`), null);
    for (let n = 0; n < token.length; n++) assert.equal(readToken("click", token.slice(0, n)), null, "cut");
    assert.deepEqual(readToken("click", token), one.name);
  });

  it("is told from the filters that follow every link", () => {
    const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
    const human = (agent: string) => isHumanClick(new Headers({ "user-agent": agent }));
    assert.ok(human(browser));
    for (const filter of [
      "BarracudaSentinel (EE)",
      "SafeLinks",
      "Mimecast",
      "Proofpoint URLDefense",
      "FireEye",
    ])
      assert.ok(!human(`${browser} ${filter}`), filter);
  });
});

describe("the consent", () => {
  it("is one’s own: another’s, given or taken back, leaves it and its clicks alone", async () => {
    const [one, other] = [await reader(), await reader()];
    await one.give();
    await one.click();
    await sql`update click_consents set version = version - 1 where contact_id = ${one.contactId}`;
    await other.give();
    const standing = async () =>
      (await sql`select from click_consents where contact_id = ${one.contactId}`).length;
    assert.deepEqual([await standing(), await one.noted()], [1, 2], "another gives theirs for today’s words");
    await other.withdraw();
    assert.deepEqual([await standing(), await one.noted()], [1, 2], "another takes theirs back");
  });

  it("taken back takes every click with it, and the links of old letters say nothing any more", async () => {
    const one = await reader();
    await one.give();
    await one.click();
    assert.equal(await one.noted(), 2);
    assert.deepEqual(await one.withdraw(), { ok: true, changed: true });
    assert.equal(await one.noted(), 0);
    assert.equal((await findInterest(one.contactId))?.level, "silent");
    await one.click();
    assert.deepEqual([await one.noted(), await counted(one.campaignId)], [0, 2]);
    assert.deepEqual(await one.withdraw(), { ok: true, changed: false });
    await one.give();
    assert.equal(await one.noted(), 0, "nor comes back");
  });

  it("is proved by its words, version, date and way", async () => {
    const one = await reader();
    await one.give("Si vous l’acceptez…");
    await one.withdraw();
    const proof = { deliveryId: one.deliveryId, version: clickConsentVersion };
    assert.deepEqual(
      await sql`select change, via, proof, user_id from subscription_events where contact_id = ${one.contactId} order by id`,
      [
        {
          change: "clicks_allowed",
          via: "page",
          proof: { ...proof, text: "Si vous l’acceptez…" },
          user_id: null,
        },
        { change: "clicks_refused", via: "page", proof, user_id: null },
      ],
    );
  });

  it("of older words does not count, is asked for again and purged with what it allowed", async () => {
    const one = await reader();
    const view = async () => viewReader("preferences", signToken("preferences", one.name));
    await one.give();
    await one.click();
    assert.ok((await view())?.followedSince);
    await sql`update click_consents set version = ${clickConsentVersion - 1} where contact_id = ${one.contactId}`;
    await sql`delete from reader_clicks where contact_id = ${one.contactId}`;
    await one.click();
    assert.equal(await one.noted(), 0);
    assert.equal((await view())?.followedSince, null);
    await sql`insert into reader_clicks values (${one.contactId}, ${one.campaignId}, current_date)`;
    assert.deepEqual(await one.give(), { ok: true, changed: true });
    assert.equal(await one.noted(), 0, "what another text allowed is no more theirs");
    await one.click();
    await sql`update click_consents set version = ${clickConsentVersion - 1} where contact_id = ${one.contactId}`;
    await purge();
    assert.equal(await one.noted(), 0);
    assert.deepEqual(await sql`select from click_consents where contact_id = ${one.contactId}`, []);
  });

  it("has other words with another version only", () => {
    const words = ["fr", "en"].map((locale) => {
      const { clicks } = JSON.parse(readFileSync(`lib/machine/messages/${locale}/unsubscribe.json`, "utf8"));
      return `${clicks.title}\n${clicks.text}`.replace(/\s+/g, " ");
    });
    const digest = createHash("sha256").update(words.join("\n")).digest("hex").slice(0, 16);
    assert.deepEqual(
      [clickConsentVersion, digest],
      [1, "29c6d4450bcb5c9d"],
      "words changed: raise clickConsentVersion",
    );
  });

  it("is nobody’s without a contact, and changes nothing in a test", async () => {
    const one = await reader();
    await sql`update contents set kind = 'test' where campaign_id = ${one.campaignId}`;
    assert.deepEqual(await one.give(), { ok: false, reason: "rehearsal" });
    await sql`update contents set kind = 'campaign' where campaign_id = ${one.campaignId}`;
    await one.give();
    await one.click();
    await db.contact.delete({ where: { id: one.contactId } });
    assert.deepEqual(await one.give(), { ok: false, reason: "nobodyAnyMore" });
    await one.click();
    assert.equal(await one.noted(), 0);
  });

  it("lets no click through that comes at the moment it is taken back", async () => {
    const one = await reader();
    for (let turn = 0; turn < 10; turn++) {
      await one.give();
      const answers = await Promise.all([one.click(), one.withdraw(), one.click(), one.click()]);
      assert.equal(answers[0], "https://iut.example/stages", "and the reader arrives all the same");
      assert.equal(await one.noted(), 0);
    }
  });

  it("keeps a click no longer than clicks are kept", async () => {
    const one = await reader();
    await one.give();
    await sql`insert into reader_clicks values (${one.contactId}, ${one.campaignId}, current_date - 2000), (${one.contactId}, ${one.campaignId}, current_date - 2)`;
    await purge();
    const kept = await sql<{
      n: number;
    }>`select current_date - on_day as n from reader_clicks where contact_id = ${one.contactId}`;
    assert.deepEqual(kept, [{ n: 2 }]);
  });
});

describe("the database itself", () => {
  it("refuses a click without a consent", async () => {
    const one = await reader();
    await assert.rejects(
      sql`insert into reader_clicks values (${one.contactId}, ${one.campaignId}, current_date)`,
      /reader_clicks_contact_id_fkey/,
    );
  });

  it("joins a click and a person in these tables only", async () => {
    const columns = await sql<{ name: string }>`
      select distinct table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and (column_name ~ 'click' or (table_name ~ 'click' and column_name ~ 'contact|delivery|reader|address')) order by 1`;
    assert.deepEqual(
      columns.map(({ name }) => name),
      [
        "click_consents.contact_id",
        "contact_signs.clicked_at",
        "contact_signs.clicked_campaign_id",
        "link_clicks.clicks",
        "reader_clicks.contact_id",
      ],
    );
  });
});

describe("a letter", () => {
  it("bears a name in the links of who consents when it is claimed, and is the same to all others", async () => {
    const [willing, other] = [await person({ firstName: "Zoé" }), await person({ firstName: "Zoé" })];
    const id = await readyCampaign();
    const block = { id: "a", type: "text", markdown: "Lire [la suite](https://iut.example/a?b=1&c=2)." };
    await sql`update campaigns set blocks = ${JSON.stringify([block])}::jsonb where id = ${id}`;
    assert.ok((await launchCampaign(id)).ok);
    const frozen = await db.content.findFirstOrThrow({ where: { campaignId: id } });
    const claimed = async () => {
      const [relay] = await sql<{
        id: number;
      }>`select i.relay_id as id from identities i where i.id = ${frozen.identityId}`;
      const claims = (await claim(relay?.id ?? 0, 50)).filter(({ contentId }) => contentId === frozen.id);
      await release(claims);
      return claims;
    };
    const [first] = await claimed();
    assert.ok(first);
    const deliveryId = (await db.delivery.findFirstOrThrow({ where: { campaignId: id, contactId: willing } }))
      .id;
    await setClickConsent(deliveryId, "words");
    const content = await prepare(frozen.id);
    const linksOf = (to: Claim) => {
      const [read] = readByPython([compose(content, to).raw]);
      return (read?.parts ?? []).map(([, text]) =>
        [...text.matchAll(/\/api\/click\/[^"\s]*/g)].map(([link]) => link),
      );
    };
    const whose = async (contactId: number, claims: Claim[]) => {
      const { id: mine } = await db.delivery.findFirstOrThrow({ where: { campaignId: id, contactId } });
      const found = claims.find((one) => one.id === mine);
      assert.ok(found);
      return found;
    };
    const claims = await claimed();
    const plain = linksOf(await whose(other, claims)).flat();
    assert.ok(plain.length > 0);
    const privacy = (frozen.links as string[]).findIndex((url) => url.endsWith("/confidentialite"));
    assert.deepEqual([...new Set(plain)], [`/api/click/${id}/0`, `/api/click/${id}/${privacy}`]);
    const name = signToken("click", await nameOf(deliveryId));
    assert.deepEqual(
      linksOf(await whose(willing, claims)).flat(),
      plain.map((link) => (link.endsWith(`/${privacy}`) ? link : `${link}?l=${name}`)),
      "each of its links, but the one on personal data",
    );
    assert.equal((await db.content.findUniqueOrThrow({ where: { id: frozen.id } })).html, frozen.html);
    assert.deepEqual(await setClickConsent(deliveryId, null), { ok: true, changed: true });
    assert.equal((await whose(willing, await claimed())).followed, false);
  });
});
