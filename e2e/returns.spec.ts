import { expect, test } from "@playwright/test";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport } from "#lib/letters/sandbox/reports";
import { db, sql, transaction } from "#lib/machine/db";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign, givePerson } from "#testing/received";
import { looksRight } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);

/** A letter whose address is dead, and an answer to the same campaign. */
async function giveReturns(authorId: number) {
  const person = await givePerson(`jeane.${mark}@exemple.fr`);
  await db.contact.update({
    where: { id: person.id },
    data: { firstName: "Jeanne", lastName: `Arrieu ${mark}` },
  });
  const { campaignId, relayId, deliveries } = await giveCampaign([person.id]);
  await db.campaign.update({ where: { id: campaignId }, data: { authorId } });
  const [sent] = deliveries;
  if (!sent) throw new Error("no delivery");
  const head = Buffer.from(`Message-ID: ${sent.messageId}\r\nSubject: Bonjour\r\n\r\n`);
  const raw = composeReport("hard", readOriginal(head, "newsletter@src.example", sent.address));
  const read = await readIncoming({ uid: 1, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = await transaction((client) => recordMail(client, relayId, read));
  await sql`insert into received_mails (relay_id, digest, uid, class, sender, subject, raw, delivery_id)
    values (${relayId}, sha256(${mark}::bytea), 2, 'reply', 'x@exemple.fr', ${`Oui ${mark}`}, ${Buffer.from("Subject: Oui\n\nVolontiers.")}, ${sent.id})`;
  await sql`update deliveries set replied_at = now() where id = ${sent.id}`;
  return { id, campaignId, personId: person.id };
}

test("a secretary corrects a dead address, a teacher reads the answers to their campaign, nobody else does", async ({
  page,
}) => {
  const teacher = await giveUser({ email: `own.${mark}@src.example`, name: "Paul", role: "teacher" });
  await giveUser({ email: `other.${mark}@src.example`, name: "Zoé", role: "teacher" });
  await giveUser({ email: `keeper.${mark}@src.example`, name: "Ada", role: "secretariat" });
  const { id, campaignId, personId } = await giveReturns(teacher.id);

  await enter(page, `keeper.${mark}@src.example`, `/received/${id}`);
  await expect(page.getByText(`Jeanne Arrieu ${mark} : Cette adresse n’existe pas`)).toBeVisible();
  await looksRight(page, "return");
  await page.getByRole("button", { name: "Corriger l’adresse" }).click();
  await page.getByLabel("Adresse juste").fill(`jeanne.${mark}@exemple.fr`);
  await page.getByRole("dialog").getByRole("button", { name: "Corriger l’adresse" }).click();
  await expect(page.getByText("Adresse corrigée.")).toBeVisible();
  expect(
    await db.emailAddress.findMany({ where: { contactId: personId }, select: { address: true } }),
  ).toEqual([{ address: `jeanne.${mark}@exemple.fr` }]);
  await page.getByRole("button", { name: "Classer" }).click();
  await expect(page.getByText("Retour classé.")).toBeVisible();
  await page.goto("/received/rejudge");
  await page.getByRole("button", { name: "Voir ce qui changerait" }).click();
  await expect(page.getByText(/Aucun retour ne serait jugé autrement|serai(en)?t jugés?/)).toBeVisible({
    timeout: 30_000,
  });
  await looksRight(page, "rejudge");

  await enter(page, `own.${mark}@src.example`, `/campaigns/${campaignId}`);
  await page.getByRole("link", { name: `Oui ${mark}` }).click();
  await expect(page.getByText("Volontiers.", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Répondre" })).toBeVisible();
  const reply = page.url();

  await enter(page, `other.${mark}@src.example`, `/campaigns/${campaignId}`);
  await expect(page.getByText(/1 personne a répondu/)).toBeVisible();
  expect((await page.goto(reply))?.status()).toBe(404);
});
