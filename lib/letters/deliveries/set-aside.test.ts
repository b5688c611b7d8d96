import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { failStrandedLetters, setAside } from "#lib/letters/deliveries/set-aside";
import { archiveRelay } from "#lib/letters/relays/mutations";
import { db, pool, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

const logOf = (deliveryId: number) =>
  db.attempt.findMany({ where: { deliveryId }, select: { outcome: true, reason: true } });

async function letterFrom(identityId: number): Promise<number> {
  const letter = { kind: "transactional", subject: "x", text: "x", html: "x", identityId } as const;
  await enqueueLetter({ ...letter, to: "moi@src.example" });
  return (await db.delivery.findFirstOrThrow({ orderBy: { id: "desc" } })).id;
}

test("a letter with no relay left fails and says why; one that another relay can carry waits", async () => {
  const lone = await sendingCampaign({ port: 1, recipients: 1 });
  const helped = await sendingCampaign({ port: 1, recipients: 1 });
  const helper = await sendingCampaign({ port: 1, recipients: 1 });
  await sql`update campaigns set status = 'cancelled', cancelled_at = now() where status = 'sending'`;
  await sql`insert into identity_fallbacks (identity_id, position, relay_id) values (${helped.identity}, 1, ${helper.relay})`;
  const letters = [await letterFrom(lone.identity), await letterFrom(helped.identity)] as const;
  assert.equal(await failStrandedLetters(), 0, "both have a way out");
  assert.ok((await archiveRelay(lone.relay, null)).ok);
  await sql`update relays set archived_at = now() where id = ${helped.relay}`;
  assert.equal(await failStrandedLetters(), 1);
  assert.equal(await failStrandedLetters(), 0, "once");
  const rows = await db.delivery.findMany({ where: { id: { in: [...letters] } }, orderBy: { id: "asc" } });
  assert.deepEqual(
    rows.map(({ status, reason }) => [status, reason]),
    [
      ["failed", "relayRetired"],
      ["queued", null],
    ],
  );
  assert.deepEqual(await logOf(letters[0]), [{ outcome: "failed", reason: "relayRetired" }]);
  assert.deepEqual(await logOf(letters[1]), []);
  const queued = await db.delivery.count({ where: { campaignId: lone.campaign, status: "queued" } });
  assert.equal(queued, 1, "a campaign's are its own affair");
});

test("only what still waits is set aside, counted by campaign", async () => {
  const { campaign } = await sendingCampaign({ port: 1, recipients: 3 });
  const all = await db.delivery.findMany({ where: { campaignId: campaign }, orderBy: { id: "asc" } });
  const [first, second, third] = all.map(({ id }) => id);
  await sql`update deliveries set status = 'sent', settled_at = '2026-01-01' where id = ${first}`;
  const asked = [first, second].filter((id) => id !== undefined);
  const skipped = { status: "skipped", reason: "erased" } as const;
  assert.deepEqual(await setAside(pool(), asked, skipped), [{ campaignId: campaign, n: 1 }]);
  assert.deepEqual(await setAside(pool(), asked, skipped), []);
  const rows = await db.delivery.findMany({ where: { campaignId: campaign }, orderBy: { id: "asc" } });
  assert.deepEqual(
    rows.map(({ status }) => status),
    ["sent", "skipped", "queued"],
  );
  assert.deepEqual(await logOf(second ?? 0), [{ outcome: "skipped", reason: "erased" }]);
  assert.deepEqual(await logOf(third ?? 0), []);
});
