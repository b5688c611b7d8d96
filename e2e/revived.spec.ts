import { expect, test } from "@playwright/test";
import { countAudience } from "#lib/letters/campaigns/audience";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport } from "#lib/letters/sandbox/reports";
import { db, transaction } from "#lib/machine/db";
import { criteriaSchema } from "#lib/people/segments/schema";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign, givePerson } from "#testing/received";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const keeper = `ravive.${mark}@src.example`;

/** Somebody whose address a server said does not exist; returns the page of that return. */
async function giveDead(lastName: string) {
  const address = `${lastName.toLowerCase()}.${mark}@exemple.fr`;
  const person = await givePerson(address);
  await db.contact.update({
    where: { id: person.id },
    data: { firstName: "Jeanne", lastName, city: lastName },
  });
  const { relayId, deliveries } = await giveCampaign([person.id]);
  const head = Buffer.from(`Message-ID: ${deliveries[0]?.messageId}\r\nSubject: Bonjour\r\n\r\n`);
  const raw = composeReport("hard", readOriginal(head, "newsletter@src.example", address));
  const read = await readIncoming({ uid: 1, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = await transaction((client) => recordMail(client, relayId, read));
  return { id: id ?? 0, contactId: person.id, address };
}

/** Whether a campaign to them alone would reach them. */
const reached = async (city: string) => {
  const criteria = criteriaSchema.parse({
    match: "all",
    groups: [{ match: "all", conditions: [{ field: "city", is: city }] }],
  });
  return (await countAudience({ topicId: 1, criteria })).recipients;
};

test("an address is revived: a verdict is taken back, or the address is written again by hand", async ({
  page,
}) => {
  await giveUser({ email: keeper, name: "Maud", role: "secretariat" });
  const [wrong, again] = [`Erreur${mark}`, `Retour${mark}`];
  const [one, two] = [await giveDead(wrong), await giveDead(again)];
  expect([await reached(wrong), await reached(again)]).toEqual([0, 0]);

  await enter(page, keeper, `/contacts/${one.contactId}`);
  await expect(page.getByText("N’existe plus", { exact: true })).toBeVisible();
  await expect(page.getByText(/^Adresse qui n’existe plus/)).toBeVisible();
  await page.goto(`/received/${one.id}`);
  await page.getByRole("button", { name: "C’est une erreur" }).click();
  await page.getByLabel("Pourquoi").fill("Elle a téléphoné : son serveur était en panne.");
  await page.getByRole("dialog").getByRole("button", { name: "C’est une erreur" }).click();
  await expect(page.getByText("Verdict annulé.", { exact: true })).toBeVisible();
  await expect(page.getByText(/^Verdict annulé.: Elle a téléphoné/)).toBeVisible();

  await page.goto(`/contacts/${two.contactId}`);
  await page.getByRole("button", { name: "Retirer", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retirer" }).click();
  await expect(page.getByText("Aucune adresse : rien ne peut lui être envoyé.")).toBeVisible();
  await page.getByRole("button", { name: "Ajouter une adresse" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill(two.address);
  await page.getByRole("dialog").getByRole("button", { name: "Ajouter une adresse" }).click();
  await expect(page.getByText("Adresse ajoutée")).toBeVisible();

  // The badge, the opposition and the audience say the same.
  for (const { contactId } of [one, two]) {
    await page.goto(`/contacts/${contactId}`);
    await expect(page.getByText("En service", { exact: true })).toBeVisible();
    await expect(page.getByText(/Adresse qui n’existe plus/)).toHaveCount(0);
  }
  expect([await reached(wrong), await reached(again)]).toEqual([1, 1]);
});
