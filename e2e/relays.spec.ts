import { expect, type Page, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { enter, giveUser } from "./session.ts";

const account = "relais@src.example";

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Rémi Lais", role: "administrator" });
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

const relay = async (name: string) =>
  (
    await db.relay.create({
      data: {
        name,
        kind: "smtp",
        host: "127.0.0.1",
        port: 1,
        perDay: 400,
        testedAt: new Date(),
        triedAt: new Date(),
      },
      select: { id: true },
    })
  ).id;

test("an administrator sets a relay’s limits, its warm-up and a domain’s, and forgets what replies taught", async ({
  page,
}) => {
  const id = await relay(`Gmail ${Date.now()}`);
  await sql`
    update relays set learned_per_minute = 5, learned_until = now() + interval '1 day', spent_until = now() + interval '1 hour',
      spent_window = 'hour' where id = ${id}`;
  await sql`
    insert into relay_domains (relay_id, domain, learned_per_minute, slow_until) values (${id}, 'orange.fr', 2, now() + interval '1 hour')`;
  await signIn(page, `/relays/${id}`);

  await page.getByRole("button", { name: "Modifier les limites", exact: true }).click();
  const limits = page.getByRole("dialog", { name: "Modifier les limites", exact: true });
  await limits.getByLabel("Par minute").fill("0");
  await limits.getByRole("button", { name: "Enregistrer les limites" }).click();
  await expect(
    limits.getByText("Écrivez un nombre entier plus grand que zéro, ou laissez vide."),
  ).toBeVisible();
  await limits.getByLabel("Par minute").fill("30");
  await limits.getByLabel("Par heure").fill("100");
  await limits.getByRole("button", { name: "Enregistrer les limites" }).click();
  await expect(page.getByText("Limites enregistrées", { exact: false })).toBeVisible();
  await expect(page.getByRole("row", { name: /Dernière heure/ })).toContainText("95");
  expect((await db.relay.findUniqueOrThrow({ where: { id } })).spentUntil).toBeNull();

  await expect(page.getByText("5 messages par minute")).toBeVisible();
  await page.getByRole("button", { name: "Oublier", exact: true }).click();
  await expect(page.getByText("5 messages par minute")).toBeHidden();

  await expect(page.getByText(/Ralenti à 2\/min/)).toBeVisible();
  await page.getByRole("button", { name: "Oublier le ralentissement de orange.fr" }).click();
  await expect(page.getByText(/Ralenti à 2\/min/)).toBeHidden();
  await page.getByRole("button", { name: "Ajouter un domaine" }).click();
  const domain = page.getByRole("dialog", { name: "Ajouter un domaine" });
  await domain.getByLabel("Domaine").fill("Gmail.com");
  await domain.getByRole("button", { name: "Enregistrer" }).click();
  await expect(domain.getByText("Donnez au moins une limite.")).toBeVisible();
  await domain.getByLabel("Par minute").fill("12");
  await domain.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("row", { name: /gmail\.com/ })).toContainText("12/min");
  await page.getByRole("button", { name: "Retirer les limites de gmail.com" }).click();
  await expect(page.getByText("Aucun domaine n’est limité.")).toBeVisible();

  await page.getByLabel("Messages le premier jour").fill("50");
  await page.getByLabel("Jours jusqu’à la limite").fill("4");
  await page.getByRole("button", { name: "Commencer" }).click();
  await expect(page.getByText(/50 messages\. Jour 1 sur 4\./)).toBeVisible();
  await page.getByRole("button", { name: "Arrêter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Arrêter" }).click();
  await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
  const acts = await db.auditEntry.findMany({
    where: { subject: "relay", subjectId: id },
    orderBy: { id: "asc" },
  });
  expect(acts.map(({ action }) => action)).toEqual([
    ...["relay.limits", "relay.forgot", "relay.domainForgot", "relay.domainLimits", "relay.domainRemoved"],
    ...["relay.warmUpStarted", "relay.warmUpStopped"],
  ]);
});

test("an administrator puts fallbacks in order from the keyboard, and sees which relay carries the mail", async ({
  page,
}) => {
  const mark = Date.now();
  const own = await relay(`Propre ${mark}`);
  const [first, second] = [await relay(`Premier ${mark}`), await relay(`Second ${mark}`)];
  await db.identity.create({
    data: { relayId: own, displayName: "SRC", address: `src.${mark}@iut.example` },
  });
  await signIn(page, `/relays/${own}`);
  await expect(page.getByText("Aucun secours", { exact: false })).toBeVisible();
  const order = page.getByRole("list", { name: `Ordre des relais pour src.${mark}@iut.example` });
  for (const name of [`Premier ${mark}`, `Second ${mark}`]) {
    await page.getByRole("button", { name: "Ajouter", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Ajouter un relais de secours" });
    await expect(
      dialog.getByText("L’adresse d’expédition doit y être autorisée", { exact: false }),
    ).toBeVisible();
    await dialog.getByLabel("Ajouter un relais de secours").selectOption({ label: name });
    await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
    await expect(order.getByText(name)).toBeVisible();
  }
  await expect(order.getByRole("listitem").first()).toContainText("Envoie en ce moment");
  await page.getByRole("button", { name: `Monter Second ${mark}` }).focus();
  await page.keyboard.press("Enter");
  await expect(order.getByRole("listitem").nth(1)).toContainText("Second");

  // The engine stops the first: the fallback carries on, and says so.
  await sql`update relays set paused_until = now() + interval '1 hour', pause_reason = 'rate-limited' where id = ${own}`;
  await page.reload();
  await expect(order.getByRole("listitem").nth(1)).toContainText("Envoie en ce moment");
  await page.getByRole("button", { name: `Retirer Second ${mark} des secours` }).click();
  await expect(order.getByRole("listitem").nth(1)).toContainText("Premier");
  await page.goto(`/relays/${first}`);
  await expect(page.getByText(`pour src.${mark}@iut.example`, { exact: false })).toBeVisible();
  expect(await db.identityFallback.count({ where: { relayId: second } })).toBe(0);
});

test("whoever follows a campaign sees its pace, its end, and a colleague’s pause without asking again", async ({
  page,
}) => {
  const server = await startCountingServer({ delay: () => 100 });
  const { campaign, relay } = await sendingCampaign({
    port: server.port,
    recipients: 3_000,
    perMinute: 300,
    maxConnections: 2,
  });
  await signIn(page, `/campaigns/${campaign}`);
  await expect(page.getByText("Fin prévue")).toBeVisible();
  await expect(page.getByText(/vers \d+\sh/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^\d+\/min$/)).toBeVisible();
  await page.getByText("Voir en tableau").click();
  await expect(page.getByRole("table", { name: "Messages par minute, depuis une demi-heure" })).toBeVisible();
  // Somebody else pauses the relay: this page says so within seconds.
  await sql`update relays set pause_reason = 'staff' where id = ${relay}`;
  await expect(page.getByText("a été mis en pause à la main", { exact: false })).toBeVisible();
  await expect(page.getByText("le relais est en pause sans date de reprise")).toBeVisible();
  await sql`update relays set pause_reason = null where id = ${relay}`;
  await expect(page.getByText("a été mis en pause à la main", { exact: false })).toBeHidden();
  await page.getByRole("button", { name: "Mettre en pause" }).click();
  await expect(page.getByText("Rémi Lais a mis l’envoi en pause.", { exact: false })).toBeVisible();
  await sql`update campaigns set status = 'cancelled' where id = ${campaign}`;
  await server.close();
});
