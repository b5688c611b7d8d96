import { expect, type Page, test } from "@playwright/test";
import { messageId } from "#lib/letters/deliveries/message-id";
import { db, sql } from "#lib/machine/db";
import { startCountingServer } from "#testing/counting-server";
import { type Dovecot, startDovecot } from "#testing/dovecot";
import { giveMailbox } from "#testing/mail-accounts";
import { givePerson } from "#testing/received";
import { looksRight } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const teacher = `ecrit.${mark}@src.example`;
const department = `formation.${mark}@iut.example`;
const names = ["Zoé", "Ali", "Léa", "Karim", ""];

let mailbox: Dovecot;
let server: Awaited<ReturnType<typeof startCountingServer>>;
let relayId = 0;

/** A relay with a real SMTP server before it and a real mailbox behind it, until the end of this journey. */
test.beforeAll(async () => {
  [mailbox, server] = [await startDovecot(), await startCountingServer()];
  const [made] = await sql<{ id: number }>`
    with relay as (
      insert into relays (name, kind, host, port, security, tested_at, tried_at)
      values (${`Formation ${mark}`}, 'smtp', '127.0.0.1', ${server.port}, 'none', now(), now()) returning id)
    insert into identities (relay_id, display_name, address) select id, 'Formation', ${department} from relay returning relay_id as id`;
  relayId = made?.id ?? 0;
  await giveMailbox(relayId, mailbox);
});
test.afterAll(async () => {
  await sql`update identities set archived_at = now() where relay_id = ${relayId}`;
  await sql`update relays set archived_at = now() where id = ${relayId}`;
  await sql`delete from mailboxes where relay_id = ${relayId}`;
  await mailbox.stop();
  await server.close();
});

async function choose(page: Page) {
  const people = [];
  for (const [i, firstName] of names.entries()) {
    const { id, addresses } = await givePerson(`p${i}.${mark}@orange.example`);
    await db.contact.update({ where: { id }, data: { firstName, lastName: `Tuteur${i}${mark}` } });
    people.push({ id, address: addresses[0]?.address ?? "" });
  }
  await enter(page, teacher, `/contacts?q=${mark}`);
  for (const i of names.keys())
    await page.getByRole("checkbox", { name: new RegExp(`Tuteur${i}${mark}`) }).check();
  return people;
}

test("a teacher writes to five people, each their own, is answered, and answers everybody", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const { id: authorId } = await giveUser({ email: teacher, name: "Ada Prof", role: "teacher" });
  const people = await choose(page);
  await page.getByRole("button", { name: "Leur écrire" }).click();
  await expect(page.getByText("Chaque personne reçoit sa propre lettre")).toBeVisible();
  await page.getByLabel("De", { exact: true }).selectOption({ label: `Formation <${department}>` });
  await page.getByLabel("Objet").fill(`Soutenances ${mark}`);
  await page.getByRole("textbox", { name: "Lettre" }).click();
  await page.keyboard.type(`Bonjour {{ contact.firstName | default: "à vous" }}, le jury est lundi.`);
  await expect(page.getByRole("status").filter({ hasText: /Enregistré/ })).toBeVisible();
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await page.waitForURL(/\/inbox\?view=waiting/);
  // Half a minute is not worth waiting for here.
  const letters = () => sql<{ id: number; generation: number; text: string; address: string }>`
    select d.id, d.generation, l.text, d.address from letters l join deliveries d on d.id = l.delivery_id
    where l.author_id = ${authorId} order by d.id`;
  const sent = await letters();
  await sql`update deliveries set due_at = now() where id = any(${sent.map(({ id }) => id)}::int[]) and status = 'queued'`;
  await expect.poll(() => server.accepted.size, { timeout: 30_000 }).toBe(5);
  expect(sent.map(({ text }) => text)).toEqual(
    ["Zoé", "Ali", "Léa", "Karim", "à vous"].map((name) => `Bonjour ${name}, le jury est lundi.`),
  );

  // The first one answers, from a real mailbox, with the second in copy.
  const [first, second] = people;
  const [letter] = sent;
  const own = messageId(letter ?? { id: 0, generation: 0 }, "iut.example");
  expect(server.ids).toContain(own);
  await mailbox.append(
    Buffer.from(
      `From: Zoé <${first?.address}>\r\nTo: ${department}\r\nCc: Ali <${second?.address}>\r\nMessage-ID: <${mark}@orange.example>\r\nIn-Reply-To: ${own}\r\nReferences: ${own}\r\nSubject: Re: Soutenances ${mark}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nLundi me convient.\r\n`,
    ),
    undefined,
    "INBOX",
  );
  await expect
    .poll(() => db.receivedMail.count({ where: { relayId } }), { timeout: 60_000, intervals: [500] })
    .toBe(1);
  await page.goto(`/inbox?q=${mark}`);
  await page.getByRole("link", { name: `Soutenances ${mark}` }).click();
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.getByText("Lundi me convient.")).toBeVisible();
  await looksRight(page, "an answered letter");
  await page.getByRole("button", { name: "Répondre à tous" }).click();
  await expect(page.getByRole("heading", { name: "Réponse", exact: true })).toBeVisible();
  await expect(page.getByLabel("Objet")).toHaveValue(`Re: Soutenances ${mark}`);
  const to = page.getByRole("definition");
  await expect(to.nth(0)).toContainText(`Zoé Tuteur0${mark}`);
  await expect(to.nth(1)).toContainText(`Ali Tuteur1${mark}`);
  await expect(to).toHaveCount(2);
  await looksRight(page, "an answer to all");
});
