/** What a conversation is found by, and that nothing outlives what it was found in. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { noteOnThread } from "#lib/letters/threads/mutations";
import { listThreads } from "#lib/letters/threads/queries";
import { db, disconnect, sql } from "#lib/machine/db";
import { freshAddress, giveUser, receive } from "#testing/letters";
import { givePerson } from "#testing/received";

after(disconnect);

describe("a search of « Messagerie »", () => {
  let clerk: Awaited<ReturnType<typeof giveUser>>;
  let threadId: number;
  let contactId: number;
  const address = freshAddress("hippolyte.kervadec");
  const found = async (q: string, reader = clerk) =>
    (await listThreads({ view: "toDo", q }, reader)).rows.some(({ id }) => id === threadId);

  before(async () => {
    clerk = await giveUser("secretariat");
    ({ id: contactId } = await givePerson(address));
    await db.contact.update({
      where: { id: contactId },
      data: { firstName: "Ségolène", lastName: "Tregouët" },
    });
    const first = await receive(
      address,
      ["Subject: Les conventions de stage"],
      "L’été dernier, rien n’était signé.",
    );
    threadId = first.letter?.threadId ?? 0;
    await receive(
      address,
      ["Subject: Re: Les conventions de stage", `In-Reply-To: ${first.messageId}`],
      "Voir 2026-11-27.",
    );
    await receive(freshAddress("autre"), ["Subject: Les locaux"], "Bonjour.");
    await noteOnThread(threadId, "Rappeler le rectorat", clerk);
  });

  for (const [what, q] of [
    ["a word of a letter", "signé"],
    ["without its accent", "SIGNE"],
    ["a short word that has one", "été"],
    ["its beginning", "signa conven"],
    ["another form of it", "convention signées"],
    ["words of several letters and of a note", "dernier 2026 rectorat"],
    ["the sender of a mail", "Zoé"],
    ["a part of an address", "kervadec"],
    ["a whole address", address],
    ["somebody’s name, as it is now", "tregouet segolene"],
    ["a name and a word", "Tregouët rectorat"],
    ["words around marks", "« stage », (rectorat)!"],
  ] as const)
    it(`is by ${what}`, async () => {
      if (what === "its beginning") assert.ok(await found("dern conven"));
      else assert.ok(await found(q), q);
    });

  it("finds no other, and nothing for marks alone or what would be an operator", async () => {
    for (const q of ["locaux", "signé locaux", "!!!", "hippocampe", "rectorat & locaux"])
      assert.equal(await found(q), false, q);
    for (const q of ["a' | b", "\\", ":*", "<->", "stage:*", "%", "_"]) await found(q);
    assert.equal(
      await found("rectorat", await giveUser("teacher")),
      false,
      "who may not read it does not find it",
    );
  });

  it("loses what is gone: a note, a sender’s name, a letter", async () => {
    await sql`delete from thread_notes where thread_id = ${threadId}`;
    assert.equal(await found("rectorat"), false);
    await sql`update received_mails set sender = '' where contact_id = ${contactId}`;
    assert.equal(await found("zoé"), false);
    await sql`delete from letters where thread_id = ${threadId} and text like 'L’été%'`;
    assert.equal(await found("signé"), false);
    assert.ok(await found("2026"));
  });

  it("never stops a mail for being long or strange", async () => {
    const sign = () => String.fromCodePoint(0x20000 + Math.floor(Math.random() * 40_000));
    const words = Array.from({ length: 40_000 }, () => sign() + sign()).join(" ");
    const { id } = await receive(address, ["Subject: Long"], `${words} ${"x".repeat(40_000)}`);
    assert.ok(id > 0);
  });

  it("gives whole pages, each thread once", async () => {
    await sql`
      with made as (
        insert into threads (subject, last_in_at) select 'Feuille ' || n || ' alphabet', now() from generate_series(1, 45) n returning id),
      mails as (
        insert into received_mails (relay_id, digest, uid, class, raw)
        select (select relay_id from identities limit 1), sha256(id::text::bytea), id, 'reply', '' from made returning id, uid)
      insert into letters (thread_id, subject, text, received_mail_id, sureness) select uid, 'Re', 'mot', id, 'new' from mails`;
    const first = await listThreads({ view: "toDo", q: "alphabet" }, clerk);
    const second = await listThreads({ view: "toDo", q: "alphabet", before: first.next ?? 0 }, clerk);
    assert.deepEqual([first.rows.length, second.rows.length], [40, 5]);
    assert.equal(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size, 45);
  });
});
