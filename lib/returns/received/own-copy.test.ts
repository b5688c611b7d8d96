/** What one of us sends from their own mail program, with the department in copy. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startAnswer } from "#lib/letters/drafts/answer";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { findThread, listLetters } from "#lib/letters/threads/queries";
import { db, disconnect, sql } from "#lib/machine/db";
import { fileOwnCopy } from "#lib/returns/received/own-copy";
import { freshAddress, giveDraft, giveUser, identity, receive, rowsOf, sentId } from "#testing/letters";
import { givePerson } from "#testing/received";

after(disconnect);
before(async () => {
  await sql`update relays set authserv_id = 'mx.iut.example' where id = ${(await identity()).relayId}`;
});

const passed = "Authentication-Results: mx.iut.example; dmarc=pass header.from=iut.example";
const emailOf = async (id: number) => (await db.user.findUniqueOrThrow({ where: { id } })).email;

/** A letter of ours that left, and whoever has it. */
async function conversation() {
  const user = await giveUser();
  const address = freshAddress("c");
  const { id: contactId } = await givePerson(address);
  const draft = await giveDraft(user.id, [contactId]);
  await sendDraft(draft, user.id);
  const [row] = await rowsOf(draft.id);
  const deliveryId = row?.deliveryId ?? 0;
  await db.delivery.update({ where: { id: deliveryId }, data: { status: "sent", settledAt: new Date() } });
  return {
    user,
    address,
    contactId,
    deliveryId,
    threadId: row?.threadId ?? 0,
    email: await emailOf(user.id),
  };
}

describe("a copy of what a colleague sent", () => {
  it("is filed as theirs, in the thread it follows, and is nobody’s answer", async () => {
    const on = await conversation();
    const { id: ours } = await sentId(on.deliveryId);
    const { id, letter } = await receive(
      on.email,
      [passed, `To: ${on.address}`, "Subject: Re: Votre stage", `In-Reply-To: ${ours}`],
      "Voici le plan.",
    );
    assert.deepEqual(
      [letter?.threadId, letter?.authorId, letter?.contactId, letter?.sureness],
      [on.threadId, on.user.id, on.contactId, "reference"],
    );
    const mail = await db.receivedMail.findUniqueOrThrow({ where: { id } });
    assert.deepEqual([mail.class, mail.deliveryId, mail.contactId], ["copy", null, null]);
    assert.ok(mail.handledAt, "nothing is to do");
    assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: on.deliveryId } })).repliedAt, null);
    assert.equal((await findThread(on.threadId, on.user))?.yourTurn, false);
    // Whoever answers next writes to the person, not to the colleague.
    const started = await startAnswer(on.threadId, on.user);
    const draft = await findDraft(started.ok ? started.id : 0, on.user.id);
    assert.equal(draft?.people[0]?.address, on.address);
    // Their answer to it comes to the same thread.
    const theirs = await receive(on.address, [
      "Subject: Re: Votre stage",
      `In-Reply-To: <in${id}@x.example>`,
      `References: ${letter?.messageId}`,
    ]);
    assert.equal(theirs.letter?.threadId, on.threadId);
    assert.equal((await findThread(on.threadId, on.user))?.yourTurn, true);
  });

  it("opens the thread of whoever it is to, the department being in copy", async () => {
    const user = await giveUser("secretariat");
    const address = freshAddress("n");
    await givePerson(address);
    const { letter } = await receive(await emailOf(user.id), [
      passed,
      `To: "Zoé, Prof" <${address}>`,
      `Cc: ${(await identity()).address}`,
      "Subject: Jury",
    ]);
    assert.equal(letter?.authorId, user.id);
    assert.deepEqual(
      (await listLetters(letter?.threadId ?? 0)).map((one) => [one.author, one.authorId]),
      [[(await db.user.findUniqueOrThrow({ where: { id: user.id } })).name, user.id]],
    );
  });

  const forged: [string, string[]][] = [
    ["without a word of our server", []],
    ["another server’s", ["Authentication-Results: mx.evil.example; dmarc=pass header.from=iut.example"]],
    ["refused by ours", ["Authentication-Results: mx.iut.example; dmarc=fail header.from=iut.example"]],
    ["another domain’s", ["Authentication-Results: mx.iut.example; dmarc=pass header.from=evil.example"]],
  ];
  for (const [name, lines] of forged)
    it(`waits when nothing proves it: ${name}`, async () => {
      const on = await conversation();
      const { id: ours } = await sentId(on.deliveryId);
      const { id, letter } = await receive(on.email, [
        ...lines,
        `To: ${on.address}`,
        "Subject: Re: Votre stage",
        `In-Reply-To: ${ours}`,
      ]);
      assert.equal(letter, null);
      const mail = await db.receivedMail.findUniqueOrThrow({ where: { id } });
      assert.deepEqual([mail.class, mail.handledAt], ["copy", null]);
      assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: on.deliveryId } })).repliedAt, null);
      const secretary = await giveUser("secretariat");
      assert.ok((await fileOwnCopy(id, secretary.id)).ok);
      const filed = await db.letter.findUniqueOrThrow({ where: { receivedMailId: id } });
      assert.deepEqual([filed.threadId, filed.authorId], [on.threadId, on.user.id]);
      assert.deepEqual(await fileOwnCopy(id, secretary.id), { ok: false, reason: "alreadyHandled" });
    });

  it("is none when it is to the department only, to nobody we know, or of an account that is closed", async () => {
    const user = await giveUser();
    const address = freshAddress("d");
    await givePerson(address);
    const kind = async (lines: string[]) =>
      (
        await db.receivedMail.findUniqueOrThrow({
          where: {
            id: (await receive(await emailOf(user.id), [passed, ...lines, `Subject: ${Math.random()}`])).id,
          },
        })
      ).class;
    assert.equal(await kind([`To: ${(await identity()).address}`]), "other");
    assert.equal(await kind(["To: inconnu@ailleurs.example"]), "other");
    assert.equal(await kind([`To: ${address}`]), "copy");
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    assert.equal(await kind([`To: ${address}`]), "other");
  });
});
