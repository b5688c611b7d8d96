import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { recordAudit } from "#lib/department/audit/mutations";
import { db, pool } from "#lib/machine/db";
import { hashPassword } from "#lib/office/users/password";

const account = { email: "journal@src.example", password: "un mot de passe long" };
const mark = `Z${Date.now()}`;

test("an administrator reads who did what in sentences, and follows and filters them", async ({ page }) => {
  const passwordHash = await hashPassword(account.password);
  const { id: by } = await db.user.upsert({
    where: { email: account.email },
    create: { email: account.email, name: "Jeanne Journal", role: "administrator", passwordHash },
    update: { passwordHash },
    select: { id: true },
  });
  const contact = await db.contact.create({
    data: { kind: "former_src", firstName: "Élodie", lastName: mark },
    select: { id: true },
  });
  const fact = { userId: by, subject: "contact", subjectId: contact.id } as const;
  await recordAudit({ ...fact, action: "contact.updated", data: { fields: ["city", "phone"] } }, pool());
  const segment = await db.segment.create({
    data: { name: `Segment ${mark}`, criteria: { match: "all", groups: [] } },
  });
  const identity = await db.identity.findFirstOrThrow({
    select: { id: true, relayId: true, displayName: true },
  });
  await recordAudit(
    { userId: by, action: "segment.archived", subject: "segment", subjectId: segment.id },
    pool(),
  );
  await recordAudit(
    {
      ...{ userId: by, action: "relay.madeDefault", subject: "relay", subjectId: identity.relayId },
      data: { identityId: identity.id },
    },
    pool(),
  );
  await recordAudit({ userId: null, action: "contacts.exported", subject: "contact" }, pool());

  await page.goto("/connexion?callbackUrl=/audit");
  await page.getByLabel("Adresse").fill(account.email);
  await page.getByLabel("Mot de passe").fill(account.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.waitForURL("**/audit");
  const sentence = `Jeanne Journal a modifié Élodie ${mark} : Ville, Téléphone`;
  await expect(page.getByRole("row", { name: sentence })).toBeVisible();
  await expect(page.getByRole("link", { name: `Segment ${mark}` })).toHaveAttribute(
    "href",
    `/segments/${segment.id}`,
  );
  await expect(
    page
      .getByRole("row", { name: new RegExp(`^Jeanne Journal a choisi ${identity.displayName}, de `) })
      .first(),
  ).toBeVisible();
  await page.getByLabel("Par", { exact: true }).selectOption({ label: "L’application" });
  await expect(
    page.getByRole("row", { name: /^L’application a exporté des contacts/ }).first(),
  ).toBeVisible();
  await expect(page.getByRole("row", { name: sentence })).toBeHidden();
  await page.getByLabel("Par", { exact: true }).selectOption({ label: "Jeanne Journal" });
  await page.getByLabel("À propos").selectOption({ label: "Sources" });
  await expect(page.getByText("Rien ne répond à ces filtres")).toBeVisible();
  await page.getByLabel("À propos").selectOption({ label: "Contacts" });
  await page.getByLabel("Du", { exact: true }).fill("2026-01-01");
  await expect(page).toHaveURL(/subject=contact&from=2026-01-01/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.getByRole("link", { name: `Élodie ${mark}` }).click();
  await expect(page.getByRole("heading", { name: `Élodie ${mark}` })).toBeVisible();
});
