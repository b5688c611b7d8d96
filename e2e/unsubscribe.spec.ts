import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";

async function giveReader(address: string) {
  const person = await givePerson(address);
  const { deliveries } = await giveCampaign([person.id]);
  const deliveryId = deliveries[0]?.id ?? 0;
  const isSubscribed = async () => {
    const row = await db.subscription.findFirst({ where: { contactId: person.id, topicId: 1 } });
    return row?.unsubscribedAt === null;
  };
  return {
    token: signToken("unsubscribe", await nameOf(deliveryId)),
    deliveryId,
    contactId: person.id,
    isSubscribed,
  };
}

const unique = (name: string) => `${name}.${Date.now()}@exemple.fr`;

test("a reader opens the link, unsubscribes, then thinks again", async ({ page }) => {
  const reader = await giveReader(unique("lea"));
  await page.goto(`/desabonnement/${reader.token}`);
  await expect(page.getByRole("heading", { name: "Se désabonner" })).toBeVisible();
  await expect(page.getByText("l•••@exemple.fr")).toBeVisible();
  expect(await reader.isSubscribed(), "opening the page does nothing").toBe(true);

  await page.getByRole("button", { name: "Me désabonner" }).click();
  await expect(page.getByRole("heading", { name: "C’est fait" })).toBeVisible();
  expect(await reader.isSubscribed()).toBe(false);
  expect(await db.notice.count({ where: { contactId: reader.contactId, kind: "unsubscribed" } })).toBe(1);

  await page.getByRole("button", { name: "Me réabonner" }).click();
  await expect(page.getByText("Vous êtes de nouveau abonné.")).toBeVisible();
  expect(await reader.isSubscribed()).toBe(true);
});

test("an address kept from another day says nothing that is not so", async ({ page }) => {
  const reader = await giveReader(unique("anouk"));
  const preferences = `/preferences/${signToken("preferences", await nameOf(reader.deliveryId))}`;
  for (const path of [
    `/desabonnement/${reader.token}?fait=retour`,
    `/desabonnement/${reader.token}?fait=all`,
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Se désabonner" })).toBeVisible();
    await expect(page.getByText("Vous êtes de nouveau abonné.")).toHaveCount(0);
  }
  await page.goto(`${preferences}?fait=oui`);
  await expect(page.getByRole("heading", { name: "Mes abonnements" })).toBeVisible();
  await expect(page.getByText("Vos choix sont enregistrés.")).toHaveCount(0);

  await page.getByRole("checkbox", { name: /4média/ }).uncheck();
  await page.getByRole("button", { name: "Enregistrer mes choix" }).click();
  await expect(page.getByText("Vos choix sont enregistrés.")).toBeVisible();
  const kept = page.url();
  await page.reload();
  await expect(page.getByText("Vos choix sont enregistrés."), "still so").toBeVisible();
  await page.goto(`/desabonnement/${reader.token}`);
  await page.getByRole("button", { name: "Me désabonner" }).click();
  await expect(page.getByRole("heading", { name: "C’est fait" })).toBeVisible();
  await page.goto(kept);
  await expect(page.getByText("Vos choix sont enregistrés."), "not so any more").toHaveCount(0);
});

test("a mail program unsubscribes in one click, and no visit does", async ({ request, page }) => {
  const reader = await giveReader(unique("noe"));
  await page.goto(`/api/unsubscribe/${reader.token}`);
  await expect(page).toHaveURL(/\/desabonnement\//);
  expect(await reader.isSubscribed()).toBe(true);

  const form = { "List-Unsubscribe": "One-Click" };
  const good = await request.post(`/api/unsubscribe/${reader.token}`, { form });
  expect([good.status(), await good.text()]).toEqual([200, "OK\n"]);
  expect(await reader.isSubscribed()).toBe(false);
});

test("a reader chooses newsletter by newsletter", async ({ page }) => {
  const reader = await giveReader(unique("ines"));
  await page.goto(`/desabonnement/${reader.token}`);
  await page.getByRole("link", { name: "Choisir lettre par lettre" }).click();
  await page.getByRole("checkbox", { name: /Lettre SRC/ }).uncheck();
  await page.getByRole("button", { name: "Enregistrer mes choix" }).click();
  await expect(page.getByText("Vos choix sont enregistrés.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /Lettre SRC/ })).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: /4média/ })).toBeChecked();
  expect(await reader.isSubscribed()).toBe(false);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a reader unsubscribes all the same", async ({ page }) => {
    const reader = await giveReader(unique("zoe"));
    await page.goto(`/desabonnement/${reader.token}`);
    await page.getByRole("button", { name: "Me désabonner" }).click();
    await expect(page.getByRole("heading", { name: "C’est fait" })).toBeVisible();
    expect(await reader.isSubscribed()).toBe(false);
  });
});

test("a reader opens the mail in the browser", async ({ page }) => {
  const reader = await giveReader(unique("paul"));
  const response = await page.goto(`/en-ligne/${signToken("online", await nameOf(reader.deliveryId))}`);
  expect(response?.headers()["content-security-policy"]).toContain("sandbox");
  await expect(page.getByText("Bonjour")).toBeVisible();
});
