import { expect, test } from "@playwright/test";
import { recordAudit } from "#lib/department/audit/mutations";
import { db, pool } from "#lib/machine/db";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "journal@src.example";
const mark = `Z${Date.now()}`;

test("an administrator reads who did what in sentences, and follows and filters them", async ({ page }) => {
  const { id: by } = await giveUser({ email: account, name: "Jeanne Journal", role: "administrator" });
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

  await enter(page, account, "/audit");
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
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("link", { name: `Élodie ${mark}` }).click();
  await expect(page.getByRole("heading", { name: `Élodie ${mark}` })).toBeVisible();
});
