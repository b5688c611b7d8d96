/** What colleagues do to a conversation: to this one, from where it stands, and to no other. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import {
  assignThread,
  beat,
  closeThread,
  noteOnThread,
  reopenThread,
  snoozeThread,
} from "#lib/letters/threads/mutations";
import { findPresence, findThread, listNotes } from "#lib/letters/threads/queries";
import type { Reader } from "#lib/letters/threads/reader";
import { db, sql } from "#lib/machine/db";
import { markHandled, markUnhandled } from "#lib/returns/received/mutations";
import { freshAddress, giveUser, receive } from "#testing/letters";
import { givePerson } from "#testing/received";

const notFound = { ok: false, reason: "notFound" };
let maud: Reader;
let id = 0;
let address = "";
let mail = 0;
/** The Message-ID of their first mail. */
let named = "";

before(async () => {
  maud = await giveUser("secretariat");
  // Another conversation, with a mail that waits.
  const other = await receive("ailleurs@orange.example", [
    "Subject: Re: Les locaux",
    "In-Reply-To: <lost@orange.example>",
  ]);
  assert.ok(other.letter);
});
beforeEach(async () => {
  address = freshAddress("m");
  await givePerson(address);
  const came = await write("Subject: Re: Votre stage");
  [mail, id, named] = [came.id, came.letter?.threadId ?? 0, came.messageId];
});

const write = (subject: string, ...more: string[]) =>
  receive(address, [subject, "In-Reply-To: <lost@orange.example>", ...more]);
/** A machine's mail that answers theirs. */
const absence = () =>
  receive(address, ["Subject: Absence", "Auto-Submitted: auto-replied", `In-Reply-To: ${named}`]);
const state = async (of = id) => (await findThread(of, maud)) ?? assert.fail("no thread");
const handled = async (of: number) =>
  (await db.receivedMail.findUniqueOrThrow({ where: { id: of } })).handledAt !== null;

/** Every other thread, note and mail stays what it is. */
async function alone<T>(act: () => Promise<T>): Promise<T> {
  const others = () => sql`
    select t.*, (select count(*) from thread_notes n where n.thread_id = t.id) as notes,
      array(select m.handled_at from letters l join received_mails m on m.id = l.received_mail_id where l.thread_id = t.id) as handled
    from threads t where id <> ${id} order by id`;
  const seen = await others();
  const answer = await act();
  assert.deepEqual(await others(), seen);
  return answer;
}

describe("a conversation", () => {
  it("is given to who may answer, and back to everybody", async () => {
    const hugo = await giveUser();
    const lise = await db.user.create({ data: { email: "lise@iut.example", name: "Lise", role: "reader" } });
    const gone = await giveUser();
    await db.user.update({ where: { id: gone.id }, data: { disabledAt: new Date() } });
    const { version } = await state();
    assert.ok((await alone(() => assignThread(id, hugo.id, maud))).ok);
    assert.equal((await state()).version, version + 1);
    for (const nobody of [lise.id, gone.id, 999_999])
      assert.deepEqual(await assignThread(id, nobody, maud), notFound, String(nobody));
    assert.equal((await state()).assigneeId, hugo.id);
    assert.ok((await alone(() => assignThread(id, null, maud))).ok);
    assert.equal((await state()).assigneeId, null);
    assert.deepEqual(await assignThread(999_999, null, maud), notFound);
  });

  it("is done once, with its mails; what came since waits, whatever is clicked again", async () => {
    const other = await write("Subject: Les locaux");
    const seen = await write("Subject: Re: Votre stage");
    await markHandled(seen.id);
    const since = () =>
      db.receivedMail.findUniqueOrThrow({ where: { id: seen.id }, select: { handledAt: true } });
    const before = await since();
    assert.ok((await alone(() => closeThread(id, maud))).ok);
    assert.deepEqual(await since(), before, "handled since then");
    assert.deepEqual([await handled(mail), await handled(other.id)], [true, false]);
    const came = await absence();
    assert.equal(came.letter?.threadId, id);
    assert.deepEqual(await closeThread(id, maud), notFound);
    assert.equal(await handled(came.id), false, "a refusal handles nothing");
  });

  it("is put off or taken up again from where it stands", async () => {
    assert.deepEqual(await reopenThread(id, maud), notFound, "it is open");
    assert.ok((await alone(() => snoozeThread(id, 3, maud))).ok);
    const days = ((await state()).snoozedUntil?.getTime() ?? 0) - Date.now();
    assert.ok(Math.abs(days / 86_400_000 - 3) < 0.2);
    assert.ok((await alone(() => reopenThread(id, maud))).ok);
    assert.equal((await state()).snoozedUntil, null);
    await snoozeThread(id, 3, maud);
    await closeThread(id, maud);
    assert.deepEqual([(await state()).snoozedUntil, (await state()).closedAt !== null], [null, true]);
    assert.deepEqual(await snoozeThread(id, 3, maud), notFound, "it is done");
    assert.ok((await alone(() => reopenThread(id, maud))).ok);
    assert.equal((await state()).closedAt, null);
  });

  it("has the word of a colleague, which an open page hears of; who may not read it writes nothing", async () => {
    const { version } = await state();
    const stranger = await giveUser();
    assert.deepEqual(await noteOnThread(id, "non", stranger), notFound);
    assert.ok((await alone(() => noteOnThread(id, "À rappeler", maud))).ok);
    assert.deepEqual(
      (await listNotes(id)).map(({ text }) => text),
      ["À rappeler"],
    );
    assert.equal((await state()).version, version + 1);
  });

  it("says who else writes in it now", async () => {
    const hugo = await giveUser();
    await beat(id, hugo.id);
    await beat(id, maud.id);
    await beat(999_999, maud.id);
    const writers = async (of = id) => (await findPresence(of, maud.id)).writers.length;
    assert.equal(await writers(), 1, "not oneself");
    await sql`update thread_beats set at = at - interval '26 seconds'`;
    assert.equal(await writers(), 0);
    await beat(id, hugo.id);
    assert.equal(await writers(), 1);
    assert.equal(await writers(id - 1), 0);
  });
});

describe("a tick in « Retours »", () => {
  it("closes the conversation when nothing else waits there, and opens it again", async () => {
    const second = await write("Subject: Re: Votre stage");
    assert.equal(second.letter?.threadId, id);
    await alone(() => markHandled(mail));
    assert.equal((await state()).closedAt, null, "the second waits");
    const { version } = await state();
    await alone(() => markHandled(second.id));
    assert.ok((await state()).closedAt);
    assert.equal((await state()).version, version + 1);
    await alone(() => markUnhandled(mail));
    assert.equal((await state()).closedAt, null);
    assert.deepEqual(await markUnhandled(mail), { ok: false, reason: "notHandled" });
  });

  it("waits for nothing that a machine wrote", async () => {
    const came = await absence();
    assert.equal(came.letter?.threadId, id);
    await markHandled(mail);
    assert.ok((await state()).closedAt);
    assert.equal(await handled(came.id), false);
  });
});
