import { expect, type Page, test } from "@playwright/test";
import { startDraft } from "#lib/letters/drafts/mutations";
import { db, sql, transaction } from "#lib/machine/db";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { givePerson } from "#testing/received";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const teacher = `prof.${mark}@src.example`;
const [maud, paul] = [`maud.${mark}@src.example`, `paul.${mark}@src.example`];

test.beforeAll(async () => {
  await giveUser({ email: teacher, name: "Ada Prof", role: "teacher" });
  await giveUser({ email: maud, name: "Maud Servant", role: "secretariat" });
  await giveUser({ email: paul, name: "Paul Martin", role: "secretariat" });
});

/** A mail of somebody we know, as the mailbox brings it. */
async function receive(address: string, subject: string, text: string) {
  const { relayId } = await db.identity.findFirstOrThrow({ where: { isDefault: true } });
  const raw = `From: ${address}\r\nMessage-ID: <${subject.replace(/\W/g, "")}@orange.example>\r\nIn-Reply-To: <x@y.example>\r\nSubject: Re: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
  const uid = (Date.now() % 1_000_000_000) + 1;
  const read = await readIncoming({ uid, uidValidity: 1n, raw: Buffer.from(raw), receivedAt: new Date() });
  const id = await transaction((client) => recordMail(client, relayId, read));
  return db.letter.findUniqueOrThrow({ where: { receivedMailId: id ?? 0 } });
}

async function type(page: Page, subject: string, text: string) {
  await page.getByLabel("Objet").fill(subject);
  await page.getByRole("textbox", { name: "Lettre" }).click();
  await page.keyboard.type(text);
  await expect(page.getByRole("status").filter({ hasText: /Enregistré/ })).toBeVisible();
}

test("a teacher writes to somebody, loses nothing, changes their mind, and is answered in the same conversation", async ({
  page,
}) => {
  const person = await givePerson(`lea.${mark}+reponse@exemple.fr`);
  await enter(page, teacher, `/contacts/${person.id}`);
  await page.getByRole("button", { name: "Écrire" }).click();
  await expect(page.getByRole("heading", { name: "Nouvelle lettre" })).toBeVisible();
  const subject = `Jury ${mark}`;
  await type(page, subject, "Bonjour ");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Léa");
  await expect(page.getByRole("status").filter({ hasText: /Enregistré/ })).toBeVisible();
  await expect
    .poll(async () => (await db.draft.findFirst({ where: { subject } }))?.html)
    .toContain("<strong>Léa</strong>");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Lettre" })).toHaveText("Bonjour Léa");

  // A file and a copy go with it; what runs does not.
  const files = page.locator("input[type=file]");
  await files.setInputFiles({
    name: "plan d’accès.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("À gauche"),
  });
  await expect(page.getByText("plan d’accès.txt est joint à la lettre.")).toBeVisible();
  await files.setInputFiles({ name: "jeu.exe", mimeType: "application/pdf", buffer: Buffer.from("MZ") });
  await expect(page.getByText("jeu.exe n’est pas joint.")).toBeVisible();
  await page.getByText("Ajouter un destinataire ou une copie").click();
  await page.getByLabel("Place").selectOption("Copie");
  await page.getByLabel("ou une adresse").fill(`jury.${mark}@exemple.fr`);
  await page.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(page.getByText("Destinataire ajouté.")).toBeVisible();

  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await page.getByRole("button", { name: "Annuler l’envoi" }).click();
  await expect(page.getByRole("textbox", { name: "Lettre" })).toHaveText("Bonjour Léa");
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await expect(page.getByRole("button", { name: "Annuler l’envoi" })).toBeVisible();
  // Half a minute is not worth waiting for here.
  await sql`
    update deliveries d set due_at = now() from deliveries o
    where o.contact_id = ${person.id} and d.content_id = o.content_id and d.status = 'queued'`;
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Partie")).toBeVisible({ timeout: 1_000 });
    await expect(page.getByRole("article")).toHaveCount(2, { timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  await expect(page.getByRole("link", { name: "plan d’accès.txt" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Destinataires" })).toContainText(`jury.${mark}@exemple.fr`);

  await page.getByRole("button", { name: "Répondre" }).click();
  await expect(page.getByRole("heading", { name: "Réponse", exact: true })).toBeVisible();
  await expect(page.getByLabel("Objet")).toHaveValue(`Re: ${subject}`);
  await type(page, `Re: ${subject}`, "Entendu.");
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await expect(page.getByText("Attend la leur")).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(3);
});

test("two people answer at once: the second is told, and nothing is answered twice", async ({ browser }) => {
  const address = `zoe.${mark}@orange.example`;
  await givePerson(address);
  const { threadId } = await receive(address, `Locaux ${mark}`, "Où est-ce ?");
  const [one, two] = [await browser.newPage(), await browser.newPage()];
  for (const [page, email] of [
    [one, maud],
    [two, paul],
  ] as const) {
    await enter(page, email, `/inbox/${threadId}`);
    await page.getByRole("button", { name: "Répondre" }).click();
    await type(page, `Re: Locaux ${mark}`, "Au deuxième étage.");
  }
  await expect(two.getByText("Maud Servant écrit en ce moment")).toBeVisible();
  await one.getByRole("button", { name: "Envoyer", exact: true }).click();
  await expect(one.getByText("Attend la leur")).toBeVisible();
  await two.getByRole("button", { name: "Envoyer", exact: true }).click();
  await expect(two.getByText("Maud Servant a déjà répondu à ce message.")).toBeVisible();
  await expect(two.getByRole("textbox", { name: "Lettre" })).toHaveText("Au deuxième étage.");
  expect(await db.letter.count({ where: { threadId, deliveryId: { not: null } } })).toBe(1);
  await Promise.all([one.close(), two.close()]);
});

test("a secretary clears a morning’s inbox", async ({ page }) => {
  for (const name of ["Convention", "Photo", "Salon"]) {
    const address = `${name.toLowerCase()}.${mark}@orange.example`;
    await givePerson(address);
    await receive(address, `${name} ${mark}`, `À propos : ${name}.`);
  }
  const inbox = `/inbox?q=${mark}`;
  await enter(page, maud, inbox);
  await page.getByRole("link", { name: `Re: Convention ${mark}` }).click();
  await page.getByLabel("Suivi par").selectOption("Paul Martin");
  await page.getByRole("button", { name: "Confier" }).click();
  await expect(page.getByText("Échange confié.")).toBeVisible();
  await page.getByLabel("Ajouter une note").fill("Il a le modèle.");
  await page.getByRole("button", { name: "Ajouter une note" }).click();
  await expect(page.getByText("Il a le modèle.")).toBeVisible();

  await page.goto(inbox);
  await page.getByRole("link", { name: `Re: Photo ${mark}` }).click();
  await page.getByRole("button", { name: "Terminer" }).click();
  await expect(page.getByText("Échange terminé.")).toBeVisible();
  await page.goto(inbox);
  await page.getByRole("link", { name: `Re: Salon ${mark}` }).click();
  await page.getByRole("button", { name: "Une semaine" }).click();
  await expect(page.getByText("Échange mis de côté.")).toBeVisible();

  await page.goto(inbox);
  await expect(page.getByRole("link", { name: `Re: Convention ${mark}` })).toBeVisible();
  await expect(page.getByRole("link", { name: `Re: Photo ${mark}` })).toHaveCount(0);
  await expect(page.getByRole("link", { name: `Re: Salon ${mark}` })).toHaveCount(0);
  await enter(page, paul, `/inbox?view=mine&q=${mark}`);
  await expect(page.getByRole("link", { name: `Re: Convention ${mark}` })).toBeVisible();
});

test("a draft is found again in one’s own drafts, by nobody else", async ({ page }) => {
  const person = await givePerson(`ines.${mark}@orange.example`);
  const { id } = await db.user.findUniqueOrThrow({ where: { email: teacher } });
  const draft = await startDraft([person.id], id);
  await db.draft.update({ where: { id: draft.ok ? draft.id : 0 }, data: { subject: `Oubli ${mark}` } });
  await enter(page, teacher, "/inbox?view=drafts");
  await page.getByRole("link", { name: `Oubli ${mark}` }).click();
  await expect(page.getByLabel("Objet")).toHaveValue(`Oubli ${mark}`);
  await enter(page, maud, "/inbox?view=drafts");
  await expect(page.getByRole("link", { name: `Oubli ${mark}` })).toHaveCount(0);
});
