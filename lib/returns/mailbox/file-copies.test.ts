/** Letters filed in the Sent folder of a real Dovecot, where the relay files none: once, whatever dies in between. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { simpleParser } from "mailparser";
import { joinFile } from "#lib/letters/attachments/mutations";
import { messageId } from "#lib/letters/deliveries/message-id";
import { addRecipient, sendTogether } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { db, sql } from "#lib/machine/db";
import { type Dovecot, sentFolder, startDovecot } from "#testing/dovecot";
import { giveDraft, giveUser, person, rowsOf } from "#testing/letters";
import { openAccount } from "#testing/mail-accounts";

let server: Dovecot;
before(async () => {
  server = await startDovecot();
  await server.create(sentFolder);
});
after(() => server.stop());

let on: Awaited<ReturnType<typeof openAccount>>;
beforeEach(async () => {
  on = await openAccount(server);
  await sql`update sent_folders set files_copies = false`;
});

/** A letter that this relay took a moment ago; to several with `together`. */
async function sent({ together = false, file = false } = {}) {
  const { id: by } = await giveUser();
  const draft = await giveDraft(by, [await person(), await person()].slice(0, together ? 2 : 1));
  if (together) {
    await sendTogether(draft.id, true, by);
    await addRecipient(
      { id: draft.id, role: "bcc", contactId: null, address: `secret${draft.id}@x.example` },
      by,
    );
  }
  if (file) await joinFile(draft.id, { name: "plan.txt", bytes: Buffer.from("Le plan") }, by);
  assert.ok((await sendDraft(draft, by)).ok);
  const [letter] = await rowsOf(draft.id);
  const first = letter?.deliveryId ?? 0;
  await sql`
    update deliveries d set status = 'sent', relay_id = ${on.relay}, announced_at = now() - interval '5 minutes', settled_at = now(), attempts = 1,
      sent_as = case when d.id <> ${first} then ${first}::int end
    from deliveries o where o.id = ${first} and d.content_id = o.content_id`;
  return { id: first };
}
const own = (id: number) => messageId({ id, generation: 0 }, "iut.example");
/** Mails of the Sent folder that bear its Message-ID. */
const copiesOf = async (id: number) =>
  (await server.mails(sentFolder)).filter((raw) => raw.includes(own(id).slice(1, 20)));

test("a letter is filed once, as it left, with its files and its blind copies; a mail to several is one copy", async () => {
  const one = await sent({ file: true });
  const all = await sent({ together: true });
  await on.read();
  await on.read();
  const [copy, ...more] = await copiesOf(one.id);
  assert.equal(more.length, 0);
  const mail = await simpleParser(copy ?? "");
  assert.equal(mail.subject, "Votre stage");
  assert.deepEqual(
    mail.attachments.map(({ filename, content }) => [filename, content.toString()]),
    [["plan.txt", "Le plan"]],
  );
  assert.ok(Math.abs((mail.date?.getTime() ?? 0) - (Date.now() - 300_000)) < 60_000, "dated when it left");
  const group = await copiesOf(all.id);
  assert.equal(group.length, 1);
  assert.match(group[0] ?? "", /^Bcc: secret/m);
});

/** Between the reader and Dovecot; holds the APPEND itself, or its answer, for ever, and tells when. */
async function holdingProxy(what: "command" | "answer") {
  const held = Promise.withResolvers<void>();
  const proxy = createServer((client) => {
    const upstream = connect(server.port, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("data", (data) => {
      if (what === "command" && data.includes(" APPEND ")) held.resolve();
      else upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (what === "answer" && data.includes("APPENDUID")) held.resolve();
      else client.write(data);
    });
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { port: (proxy.address() as AddressInfo).port, held: held.promise, close: () => proxy.close() };
}

for (const what of ["command", "answer"] as const)
  test(`a reader killed with -9 at the ${what} of its APPEND leaves one copy in the end`, async () => {
    const letter = await sent();
    const proxy = await holdingProxy(what);
    await sql`update mailboxes set port = ${proxy.port} where relay_id = ${on.relay}`;
    await sql`update sent_folders set due_at = now()`;
    const code = `await (await import("#lib/returns/mailbox/sent")).readSentFolders(); process.exit()`;
    const reader = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    await proxy.held;
    reader.kill("SIGKILL");
    await once(reader, "exit");
    proxy.close();
    assert.equal((await copiesOf(letter.id)).length, what === "answer" ? 1 : 0);
    await sql`update mailboxes set port = ${server.port} where relay_id = ${on.relay}`;
    // Its lease has run out.
    await sql`update sent_folders set lease_until = now() - interval '1 second'`;
    await on.read();
    assert.equal((await copiesOf(letter.id)).length, 1);
    assert.ok((await db.filedCopy.findUniqueOrThrow({ where: { deliveryId: letter.id } })).filedAt);
  });

test("is no witness: it neither says that the relay files copies nor settles what is unknown", async () => {
  const letter = await sent();
  await on.read();
  assert.equal((await copiesOf(letter.id)).length, 1);
  await sql`update deliveries set status = 'unknown', settled_at = null, unknown_at = now() - interval '1 hour', seen_in_sent_at = null where id = ${letter.id}`;
  await on.read();
  await sql`update sent_folders set last_uid = 0`;
  await on.read();
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: letter.id } })).status, "unknown");
  assert.equal((await on.folder()).filesCopies, false);
  assert.equal(await on.counted("byHand"), 0, "nor was it sent by hand");
});

test("nothing is filed where the relay does, or nobody knows; a refused copy leaves the letter sent and waits", async () => {
  const letter = await sent();
  await sql`update sent_folders set files_copies = null`;
  await on.read();
  assert.equal((await copiesOf(letter.id)).length, 0);
  await sql`update sent_folders set files_copies = false`;
  await server.lock(sentFolder, true);
  await on.read();
  await server.lock(sentFolder, false);
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: letter.id } })).status, "sent");
  const row = await db.filedCopy.findUniqueOrThrow({ where: { deliveryId: letter.id } });
  assert.deepEqual([row.filedAt, row.tries, (await on.folder()).error], [null, 1, null]);
  await sql`update filed_copies set due_at = now()`;
  await on.read();
  assert.equal((await copiesOf(letter.id)).length, 1);
});
