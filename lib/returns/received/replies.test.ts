/** The answers to a campaign, and whose campaign it is. */
import "#testing/database";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { db, sql } from "#lib/machine/db";
import { isOwnCampaign, listReplies } from "#lib/returns/received/queries";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;
const receive = (deliveryId: number, subject: string, kind = "reply") =>
  sql`insert into received_mails (relay_id, digest, uid, class, sender, subject, raw, delivery_id)
    select relay_id, ${createHash("sha256").update(String(++made)).digest()}, 1, ${kind}, 'x@exemple.fr', ${subject}, '', id from deliveries where id = ${deliveryId}`;

test("a campaign's answers, newest first, no absence and nobody else's", async () => {
  const people = [await givePerson("one@exemple.fr"), await givePerson("two@exemple.fr")];
  const campaign = await giveCampaign(people.map(({ id }) => id));
  const other = await giveCampaign(people.map(({ id }) => id));
  const [one, two] = campaign.deliveries;
  await receive(one?.id ?? 0, "Première");
  await receive(two?.id ?? 0, "Seconde");
  await receive(two?.id ?? 0, "Absence", "auto-reply");
  await receive(other.deliveries[0]?.id ?? 0, "Autre lettre");
  await sql`update deliveries set replied_at = now()`;
  const replies = await listReplies(campaign.campaignId);
  assert.deepEqual(
    replies.map(({ subject, handled }) => [subject, handled]),
    [
      ["Seconde", false],
      ["Première", false],
    ],
  );
  assert.equal((await listReplies(campaign.campaignId, 1)).length, 1);
});

test("a campaign is its author's", async () => {
  const { campaignId } = await giveCampaign([]);
  const user = (email: string) => db.user.create({ data: { email, name: "T", role: "teacher" } });
  const [author, colleague] = [await user("a@src.example"), await user("b@src.example")];
  await db.campaign.update({ where: { id: campaignId }, data: { authorId: author.id } });
  assert.deepEqual(
    [await isOwnCampaign(campaignId, author.id), await isOwnCampaign(campaignId, colleague.id)],
    [true, false],
  );
});
