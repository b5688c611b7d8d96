import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { hashPassword } from "#lib/office/users/password";
import { readyCampaign } from "#testing/campaigns";
import { enter } from "./session.ts";

test("a draft that would take the application’s time opens, says what is wrong and is mended", async ({
  page,
}) => {
  const account = { email: "lea.roy@src.example", password: "un mot de passe long" };
  const passwordHash = await hashPassword(account.password);
  await db.user.create({ data: { email: account.email, name: "Léa Roy", role: "teacher", passwordHash } });
  const id = await readyCampaign({
    subject: "{{ contact.firstName | default: (1..30000000) }}",
    blocks: [1, 2, 3, 4].map((n) => ({ id: `b${n}`, type: "text", markdown: "_a*".repeat(6_600) })),
  });
  await enter(page, account.email, `/campaigns/${id}/compose`);
  await expect(
    page.getByText("La lettre est trop compliquée à mettre en page", { exact: false }),
  ).toBeVisible();

  const texts = page.getByLabel("Texte", { exact: true });
  for (const text of await texts.all()) await text.fill("Bonjour à tous");
  const message = page.frameLocator('iframe[title="Message tel que reçu"]');
  await expect(message.getByText("Bonjour à tous").first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("une personnalisation prend un texte", { exact: false })).toBeVisible();
  await page.getByLabel("Objet", { exact: true }).fill("Bonjour");
  await expect(page.getByText("le message est prêt", { exact: false })).toBeVisible({ timeout: 30_000 });
});
