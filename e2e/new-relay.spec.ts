import { text } from "node:stream/consumers";
import { expect, test } from "@playwright/test";
import { SMTPServer } from "smtp-server";
import { db } from "../lib/machine/db.ts";
import { account, type Dovecot, startDovecot } from "../testing/dovecot.ts";
import { enter, giveUser } from "./session.ts";

const admin = `relais.${Date.now().toString(36)}@src.example`;
const received: string[] = [];
let imap: Dovecot;
const smtp = new SMTPServer({
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _, done) =>
    username === account.username && password === account.password
      ? done(null, { user: username })
      : done(Object.assign(new Error("5.7.8 no"), { responseCode: 535 })),
  onData: (stream, _, done) =>
    void text(stream).then((mail) => {
      received.push(mail);
      done();
    }),
});

test.beforeAll(async () => {
  imap = await startDovecot();
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  await giveUser({ email: admin, name: "Anne Relais", role: "administrator" });
});
test.afterAll(async () => {
  await imap.stop();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

test("a new relay leads its administrator from the account to a first message", async ({ page }) => {
  test.setTimeout(120_000);
  const name = `Relais ${Date.now()}`;
  const step = (text: string) => page.getByRole("listitem").filter({ hasText: text });
  await enter(page, admin, "/relays/new");

  await page.getByLabel("Nom du relais").fill(name);
  await page.getByLabel("Serveur").first().fill("127.0.0.1");
  await page
    .getByLabel("Port")
    .first()
    .fill(String((smtp.server.address() as { port: number }).port));
  await page.getByLabel("Chiffrement").first().selectOption("none");
  await page.getByLabel("Identifiant", { exact: true }).first().fill(account.username);
  await page.getByLabel("Mot de passe", { exact: true }).first().fill("un autre");
  await page.getByLabel("Serveur", { exact: true }).last().fill("127.0.0.1");
  await page.getByLabel("Port").last().fill(String(imap.port));
  await page.getByLabel("Chiffrement").last().selectOption("none");
  await expect(page.getByLabel("Même identifiant et même mot de passe que pour l’envoi")).toBeChecked();
  await expect(page.getByLabel("Identifiant", { exact: true })).toHaveCount(2);
  await expect(page.getByLabel("Identifiant", { exact: true }).last()).toBeHidden();
  await page.getByRole("button", { name: "Créer le relais" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText("À mettre en service")).toBeVisible();
  await expect(page.getByText("En service", { exact: true })).toHaveCount(0);

  await expect(step("Tester l’envoi").last()).toContainText("À faire maintenant");
  await page.getByRole("button", { name: "Tester l’envoi" }).click();
  await expect(page.getByText("Le serveur a refusé l’identifiant ou le mot de passe.")).toBeVisible();
  await page.getByRole("link", { name: "Modifier" }).click();
  await page.getByLabel("Mot de passe", { exact: true }).first().fill(account.password);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByRole("button", { name: "Tester la lecture" }).click();
  await expect(page.getByText(/La lecture fonctionne/)).toBeVisible();
  await page.getByRole("button", { name: "Tester l’envoi" }).click();
  await expect(page.getByText(/Le serveur a accepté le compte le/)).toBeVisible();

  await page.getByRole("button", { name: "Ajouter une identité" }).click();
  await page.getByLabel("Nom affiché").fill("Département");
  await page.getByLabel("Adresse d’expédition").fill("newsletter@iut.example");
  await page.getByRole("button", { name: "Enregistrer l’identité" }).click();
  await expect(page.getByRole("button", { name: "Utiliser par défaut" })).toHaveCount(0);

  await page.getByRole("button", { name: "M’envoyer un message d’essai" }).click();
  await expect(page.getByRole("heading", { name: "Mise en service" })).toHaveCount(0, { timeout: 40_000 });
  await expect(page.getByText("À mettre en service")).toHaveCount(0);
  expect(received).toHaveLength(1);
  expect(received[0]).toContain(`To: ${admin}`);

  await page.getByRole("button", { name: "Utiliser par défaut" }).click();
  await expect(page.getByText("les messages partiront réellement")).toBeVisible();
  await page.getByRole("button", { name: "Annuler" }).last().click();
  expect(await db.identity.count({ where: { isDefault: true, relay: { kind: "sandbox" } } })).toBe(1);
});
