/** What came back: in which thread, who sees it, and that it is answered once. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { startAnswer } from "#lib/letters/drafts/answer";
import { saveLetter } from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { closeThread } from "#lib/letters/threads/mutations";
import { countThreads, findThread, listLetters, listThreads } from "#lib/letters/threads/queries";
import { db, disconnect, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { freshAddress, giveDraft, giveUser, identity, receive, rowsOf, sentId } from "#testing/letters";
import { givePerson } from "#testing/received";

after(disconnect);

describe("an answer", () => {
  /** A letter that left, and its thread. */
  async function sent(user: { id: number }, address = freshAddress("z")) {
    const { id: contactId } = await givePerson(address);
    const draft = await giveDraft(user.id, [contactId]);
    await sendDraft(draft, user.id);
    const [row] = await rowsOf(draft.id);
    await db.delivery.update({
      where: { id: row?.deliveryId ?? 0 },
      data: { status: "sent", settledAt: new Date(), relayId: (await identity()).relayId },
    });
    return {
      address,
      contactId,
      deliveryId: row?.deliveryId ?? 0,
      threadId: row?.threadId ?? 0,
      letterId: row?.id ?? 0,
    };
  }

  it("shows in the list how the last message begins, and who of us wrote it; never a one-time link", async () => {
    const ada = await giveUser("secretariat");
    const { address, deliveryId, threadId } = await sent(ada);
    const shown = async () => {
      const { rows } = await listThreads({ view: "waiting", q: "" }, ada);
      const found = rows.find(({ id }) => id === threadId);
      return found && [found.begins, found.authorId];
    };
    assert.deepEqual(await shown(), ["Bonjour Zoé", ada.id]);
    const { id } = await sentId(deliveryId);
    const answers = `In-Reply-To: ${id}`;
    await receive(address, ["Auto-Submitted: auto-replied", answers], "Je suis absente.");
    assert.deepEqual(await shown(), ["Bonjour Zoé", ada.id], "a machine’s word is not the last one");
    const last = await receive(address, ["Subject: Re", answers], "Oui,\nvolontiers.\n\n> Bonjour Zoé");
    await sql`update threads set snoozed_until = now() + interval '1 day' where id = ${threadId}`;
    assert.deepEqual(await shown(), ["Oui, volontiers.", null]);
    await sql`update received_mails set carries_secret = true where id = ${last.id}`;
    assert.deepEqual(await shown(), ["", null]);
  });

  it("finds its thread by our signed reference, and says that it is sure", async () => {
    const user = await giveUser();
    const { address, deliveryId, threadId, contactId } = await sent(user);
    const first = await sentId(deliveryId);
    assert.equal(first.references, first.id, "the first letter refers to itself");
    const { letter } = await receive(address, ["Subject: Re: autre chose", `In-Reply-To: ${first.id}`]);
    assert.deepEqual(
      [letter?.threadId, letter?.sureness, letter?.contactId, letter?.text],
      [threadId, "reference", contactId, "Merci, oui."],
    );
  });

  it("from another address says so; by references alone, where a provider renamed our letter", async () => {
    const { deliveryId, threadId } = await sent(await giveUser());
    const { id } = await sentId(deliveryId);
    const { letter } = await receive("colleague@elsewhere.example", [
      "Subject: Re: stage",
      "In-Reply-To: <x@outlook.example>",
      `References: ${id} <x@outlook.example>`,
    ]);
    assert.deepEqual([letter?.threadId, letter?.sureness], [threadId, "elsewhere"]);
  });

  it("without reference is placed by person and subject, as a guess; another subject opens a thread", async () => {
    const { address, threadId } = await sent(await giveUser());
    const guess = await receive(address, ["Subject: RE : Votre stage", "In-Reply-To: <lost@orange.example>"]);
    assert.deepEqual([guess.letter?.threadId, guess.letter?.sureness], [threadId, "address"]);
    const other = await receive(address, ["Subject: Re: Les locaux", "In-Reply-To: <lost@orange.example>"]);
    assert.notEqual(other.letter?.threadId, threadId);
    assert.equal(other.letter?.sureness, "new");
  });

  it("opens again what was done; an absence does not, and is no answer", async () => {
    const user = await giveUser("secretariat");
    const { address, deliveryId, threadId } = await sent(user);
    await closeThread(threadId, user);
    const { id } = await sentId(deliveryId);
    await receive(
      address,
      ["Subject: Absence", "Auto-Submitted: auto-replied", `In-Reply-To: ${id}`],
      "Je suis absente.",
    );
    assert.ok((await findThread(threadId, user))?.closedAt);
    assert.equal((await listLetters(threadId)).at(-1)?.automatic, true);
    await receive(address, ["Subject: Re: Votre stage", `In-Reply-To: ${id}`]);
    assert.equal((await findThread(threadId, user))?.closedAt, null);
    assert.equal((await findThread(threadId, user))?.yourTurn, true);
  });

  it("is answered once, whoever clicks, and with the right references", async () => {
    const [ada, bob] = [await giveUser("secretariat"), await giveUser("secretariat")];
    const { address, deliveryId, threadId } = await sent(ada);
    const first = await sentId(deliveryId);
    const came = await receive(address, [
      "Subject: Re: Votre stage",
      `In-Reply-To: ${first.id}`,
      `References: ${first.id}`,
    ]);
    const drafts = [];
    for (const user of [ada, bob]) {
      const started = await startAnswer(threadId, user);
      assert.ok(started.ok);
      const draft = await findDraft(started.id, user.id);
      assert.equal(draft?.subject, "Re: Votre stage");
      assert.equal(draft?.people[0]?.address, address);
      const saved = await saveLetter(
        {
          id: started.id,
          version: draft?.version ?? 0,
          identityId: draft?.identityId ?? 0,
          subject: "Re: Votre stage",
          html: "<p>Oui</p>",
        },
        user.id,
      );
      drafts.push({
        id: started.id,
        version: saved.ok ? saved.version : 0,
        at: "" as const,
        more: "no" as const,
        remind: 0,
        by: user.id,
      });
    }
    const results = await Promise.all(drafts.map(({ by, ...draft }) => sendDraft(draft, by)));
    assert.deepEqual(results.map((one) => (one.ok ? "sent" : one.reason)).sort(), ["answered", "sent"]);
    const answer = await db.letter.findFirstOrThrow({ where: { answersId: came.letter?.id ?? 0 } });
    const headers = await sentId(answer.deliveryId ?? 0);
    assert.equal(headers.inReplyTo, came.messageId);
    assert.equal(headers.references, `${first.id} ${came.messageId}`);
    assert.ok(
      (await db.receivedMail.findUniqueOrThrow({ where: { id: came.id } })).handledAt,
      "handled in « Retours » too",
    );
    const late = results.findIndex(({ ok }) => !ok);
    const { by, ...again } = drafts[late] ?? {
      by: 0,
      id: 0,
      version: 0,
      at: "" as const,
      more: "no" as const,
      remind: 0,
    };
    assert.ok((await sendDraft({ ...again, more: "yes" }, by)).ok, "a word more, said on purpose");
  });

  it("to an address that is in no address book is judged by that address", async () => {
    const user = await giveUser("secretariat");
    for (const [reason, said] of [
      ["hard_bounce", "hardBounce"],
      ["manual", null],
    ] as const) {
      const { deliveryId, threadId } = await sent(user);
      const stranger = freshAddress("x");
      await receive(stranger, ["Subject: Re: Votre stage", `In-Reply-To: ${(await sentId(deliveryId)).id}`]);
      await transaction((client) =>
        suppress({ addressHash: hashAddress(stranger), topicId: null, reason }, client),
      );
      const started = await startAnswer(threadId, user);
      const draft = await findDraft(started.ok ? started.id : 0, user.id);
      assert.deepEqual(
        draft?.people.map((one) => [one.address, one.reason]),
        [[stranger, said]],
      );
    }
  });

  it("goes even to somebody who opposed letters, since they wrote", async () => {
    const user = await giveUser("secretariat");
    const { address, deliveryId, threadId } = await sent(user);
    await receive(address, ["Subject: Re: Votre stage", `In-Reply-To: ${(await sentId(deliveryId)).id}`]);
    await transaction((client) =>
      suppress({ addressHash: Buffer.from(hashAddress(address)), topicId: null, reason: "manual" }, client),
    );
    const started = await startAnswer(threadId, user);
    const draft = await findDraft(started.ok ? started.id : 0, user.id);
    assert.equal(draft?.people[0]?.reason, null);
    const fields = { identityId: draft?.identityId ?? 0, subject: "Re: Votre stage", html: "<p>Oui</p>" };
    const id = draft?.id ?? 0;
    const saved = await saveLetter({ id, version: draft?.version ?? 0, ...fields }, user.id);
    const version = saved.ok ? saved.version : 0;
    assert.ok((await sendDraft({ id, version, at: "", more: "no", remind: 0 }, user.id)).ok);
    const [row] = await rowsOf(id);
    // What the claim and the mark ask (decision 28).
    assert.equal(row?.delivery?.content.purpose, "answer");
  });
});

describe("the inbox", () => {
  it("shows to a teacher the threads they take part in, to the secretariat all of them", async () => {
    const [teacher, other, secretary] = [await giveUser(), await giveUser(), await giveUser("secretariat")];
    const address = freshAddress("i");
    const { id } = await givePerson(address);
    const draft = await giveDraft(teacher.id, [id], "Jury de juin");
    await sendDraft(draft, teacher.id);
    const [row] = await rowsOf(draft.id);
    const seen = async (user: typeof teacher) =>
      (await listThreads({ view: "waiting", q: "" }, user)).rows.some((one) => one.id === row?.threadId);
    assert.deepEqual([await seen(teacher), await seen(other), await seen(secretary)], [true, false, true]);
    assert.equal(await findThread(row?.threadId ?? 0, other), null);
    assert.deepEqual(await closeThread(row?.threadId ?? 0, other), { ok: false, reason: "notFound" });
    assert.deepEqual(await startAnswer(row?.threadId ?? 0, other), { ok: false, reason: "notFound" });
  });

  it("counts what waits for us, for everybody and for oneself; finds by words without their accents", async () => {
    const secretary = await giveUser("secretariat");
    const before = await countThreads(secretary);
    const { address } = { address: freshAddress("s") };
    await givePerson(address);
    const { letter } = await receive(
      address,
      ["Subject: Re: Répétition générale", "In-Reply-To: <x@orange.example>"],
      "À l’amphithéâtre ?",
    );
    assert.deepEqual(await countThreads(secretary), { ...before, toDo: before.toDo + 1 });
    const found = async (q: string) =>
      (await listThreads({ view: "toDo", q }, secretary)).rows.map((one) => one.id);
    assert.deepEqual(await found("repetition amphitheatre"), [letter?.threadId]);
    assert.deepEqual(await found("100%_repetition"), []);
  });
});
