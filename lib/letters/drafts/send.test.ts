/** A letter written by hand, from the draft to the queue and back, with what may happen in between. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, describe, it } from "node:test";
import {
  addRecipient,
  discardDraft,
  dropRecipient,
  forgetSent,
  saveLetter,
  saveSignature,
  startDraft,
} from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { db, disconnect, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { freshAddress, giveDraft, giveUser, identity, person, rowsOf } from "#testing/letters";
import { givePerson } from "#testing/received";

after(disconnect);

describe("starting", () => {
  it("takes fifty people at most: more is a campaign", async () => {
    const { id: by } = await giveUser();
    const people = await sql<{ id: number }>`
      insert into contacts (kind, last_name) select 'staff', 'Beaucoup' from generate_series(1, 51) returning id`;
    const ids = people.map(({ id }) => id);
    assert.deepEqual(await startDraft(ids, by), { ok: false, reason: "tooMany" });
    assert.ok((await startDraft(ids.slice(1), by)).ok);
  });
});

describe("sending", () => {
  it("is a content, a delivery and a letter each, queued together half a minute ahead", async () => {
    const user = await giveUser();
    const people = [await person(), await person(), await person()];
    const draft = await giveDraft(user.id, people);
    const result = await sendDraft(draft, user.id);
    assert.deepEqual({ ...result, threadId: 0 }, { ok: true, threadId: 0, threads: 3, sent: 3, left: 0 });
    const rows = await rowsOf(draft.id);
    assert.deepEqual(
      rows.map(({ contactId }) => contactId),
      people,
    );
    assert.equal(new Set(rows.map(({ threadId }) => threadId)).size, 3, "nobody sees the others");
    for (const { delivery } of rows) {
      assert.equal(delivery?.content.kind, "personal");
      assert.equal(delivery?.campaignId, null);
      const wait = (delivery?.dueAt.getTime() ?? 0) - Date.now();
      assert.ok(wait > 20_000 && wait <= 30_000, String(wait));
    }
    assert.equal(await findDraft(draft.id, user.id), null);
  });

  it("leaves once for two clicks at the same time", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person()]);
    const results = await Promise.all([
      sendDraft(draft, user.id),
      sendDraft(draft, user.id),
      sendDraft(draft, user.id),
    ]);
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    assert.equal((await rowsOf(draft.id)).length, 1);
  });

  it("is refused, and changes nothing, without subject, text, identity; in the past; in an old version; by another", async () => {
    const user = await giveUser();
    const other = await giveUser();
    const reason = async (change: object, by = user.id, subject?: string, html?: string) => {
      const draft = await giveDraft(user.id, [await person()], subject, html);
      const result = await sendDraft({ ...draft, ...change }, by);
      assert.deepEqual(await rowsOf(draft.id), []);
      return result.ok ? "sent" : result.reason;
    };
    assert.equal(await reason({}, user.id, ""), "noSubject");
    assert.equal(await reason({}, user.id, "a", "<p> </p><script>x</script>"), "noText");
    assert.equal(await reason({ at: "2020-01-01T08:00" }), "inPast");
    assert.equal(await reason({ at: "2031-02-31T08:00" }), "date");
    assert.equal(await reason({ version: 7 }), "conflict");
    assert.equal(await reason({}, other.id), "notDraft");
    const draft = await giveDraft(user.id, [await person()]);
    await db.draft.update({ where: { id: draft.id }, data: { identityId: null } });
    const result = await sendDraft(draft, user.id);
    assert.equal(result.ok || result.reason, "noIdentity");
  });

  it("waits for its hour when it has one", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person()]);
    await sendDraft({ ...draft, at: "2031-03-04T08:30" }, user.id);
    const [row] = await rowsOf(draft.id);
    assert.equal(row?.delivery?.dueAt.toISOString(), "2031-03-04T07:30:00.000Z");
  });

  it("heeds a hard bounce, a complaint and a manual opposition; not the end of a newsletter", async () => {
    const user = await giveUser();
    const given = async (reason: "hard_bounce" | "complaint" | "manual" | "unsubscribe") => {
      const address = freshAddress("o");
      const { id } = await givePerson(address);
      await transaction((client) =>
        suppress({ addressHash: Buffer.from(hashAddress(address)), topicId: null, reason }, client),
      );
      const result = await sendDraft(await giveDraft(user.id, [id]), user.id);
      return result.ok ? "sent" : result.reason;
    };
    assert.equal(await given("hard_bounce"), "opposed");
    assert.equal(await given("complaint"), "opposed");
    assert.equal(await given("manual"), "opposed");
    assert.equal(await given("unsubscribe"), "sent");
  });

  it("leaves out of a selection whom it may not write to, and says how many", async () => {
    const user = await giveUser();
    const address = freshAddress("o");
    const { id } = await givePerson(address);
    await transaction((client) =>
      suppress({ addressHash: Buffer.from(hashAddress(address)), topicId: null, reason: "manual" }, client),
    );
    const draft = await giveDraft(user.id, [await person(), id]);
    const result = await sendDraft(draft, user.id);
    assert.ok(result.ok);
    assert.deepEqual([result.sent, result.left], [1, 1]);
  });
});

describe("a reminder", () => {
  it("is a task of the author for the day asked for, which the letter taken back takes away", async () => {
    const user = await giveUser();
    const contactId = await person();
    const draft = await giveDraft(user.id, [contactId]);
    await sendDraft({ ...draft, at: "2031-03-04T08:30", remind: 7 }, user.id);
    const [row] = await rowsOf(draft.id);
    const task = await db.task.findFirstOrThrow({ where: { awaitsId: row?.deliveryId ?? 0 } });
    assert.deepEqual(
      [task.ownerId, task.contactId, task.dueOn.toISOString().slice(0, 10), task.title],
      [user.id, contactId, "2031-03-11", "Sans réponse\u202f: Votre stage"],
    );
    await withdraw(draft.id, user.id);
    assert.equal(await db.task.count({ where: { id: task.id } }), 0);
  });
});

describe("taking back", () => {
  it("gives the draft as it was, while nothing has left", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person(), await person()]);
    await sendDraft(draft, user.id);
    const rows = await rowsOf(draft.id);
    assert.deepEqual(await withdraw(draft.id, user.id), { ok: true, id: draft.id });
    const again = await findDraft(draft.id, user.id);
    assert.equal(again?.subject, "Votre stage");
    assert.equal(again?.html, "<p>Bonjour <strong>Zoé</strong></p>");
    assert.equal(again?.people.length, 2);
    const aside = await db.delivery.findMany({
      where: { id: { in: rows.map(({ deliveryId }) => deliveryId ?? 0) } },
    });
    assert.deepEqual(
      aside.map(({ status, reason }) => `${status} ${reason}`),
      ["skipped cancelled", "skipped cancelled"],
    );
    assert.equal(await db.thread.count({ where: { id: { in: rows.map(({ threadId }) => threadId) } } }), 0);
    const sent = await sendDraft({ ...draft, version: again?.version ?? 0 }, user.id);
    assert.ok(sent.ok, "and it can be sent again");
  });

  it("is too late once one of them is leaving, and then changes nothing", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person(), await person()]);
    await sendDraft(draft, user.id);
    const [row] = await rowsOf(draft.id);
    await db.delivery.update({
      where: { id: row?.deliveryId ?? 0 },
      data: {
        status: "sending",
        announcedAt: new Date(),
        relayId: (await identity()).relayId,
        leaseToken: randomUUID(),
        leaseUntil: new Date(Date.now() + 30_000),
      },
    });
    assert.deepEqual(await withdraw(draft.id, user.id), { ok: false, reason: "tooLate" });
    assert.equal((await rowsOf(draft.id)).length, 2);
  });

  it("is its author's alone", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person()]);
    await sendDraft(draft, user.id);
    assert.deepEqual(await withdraw(draft.id, (await giveUser()).id), { ok: false, reason: "tooLate" });
  });
});

describe("a draft", () => {
  it("is found again by whoever writes to the same people, and by nobody else", async () => {
    const user = await giveUser();
    const people = [await person(), await person()];
    const draft = await giveDraft(user.id, people);
    assert.deepEqual(await startDraft(people.toReversed(), user.id), { ok: true, id: draft.id });
    const [first = 0] = people;
    assert.notDeepEqual(await startDraft([first], user.id), { ok: true, id: draft.id });
    assert.notDeepEqual(await startDraft(people, (await giveUser()).id), { ok: true, id: draft.id });
  });

  it("opens on what a page has to say, and is taken up again by its subject", async () => {
    const user = await giveUser();
    const people = [await person()];
    const other = await giveDraft(user.id, people, "Votre stage");
    const thanks = { subject: "Merci", text: "Madame,\n\n\nUn <don> :\r\n– à vous" };
    const started = await startDraft(people, user.id, thanks);
    assert.ok(started.ok);
    assert.notEqual(started.id, other.id);
    const draft = await findDraft(started.id, user.id);
    assert.equal(draft?.subject, "Merci");
    assert.equal(draft.html, "<p>Madame,</p><p>Un &lt;don&gt; :<br>– à vous</p>");
    assert.deepEqual(await startDraft(people, user.id, thanks), started);
  });

  it("is written by one tab at a time, and kept clean", async () => {
    const user = await giveUser();
    const draft = await giveDraft(user.id, [await person()]);
    const fields = {
      id: draft.id,
      identityId: (await identity()).id,
      subject: "b",
      html: '<p onclick="x()">b</p>',
    };
    assert.ok((await saveLetter({ ...fields, version: draft.version }, user.id)).ok);
    assert.deepEqual(await saveLetter({ ...fields, version: draft.version }, user.id), {
      ok: false,
      reason: "conflict",
    });
    assert.equal((await findDraft(draft.id, user.id))?.html, "<p>b</p>");
    assert.equal(await findDraft(draft.id, (await giveUser()).id), null);
    assert.ok(!(await discardDraft(draft.id, (await giveUser()).id)).ok);
    assert.ok((await discardDraft(draft.id, user.id)).ok);
  });

  it("keeps its last person, and opens on its author's signature", async () => {
    const user = await giveUser();
    await saveSignature("<p>Ada <b>Prof</b></p>", user.id);
    const started = await startDraft([await person(), await person()], user.id);
    const draft = await findDraft(started.ok ? started.id : 0, user.id);
    assert.equal(draft?.html, "<p><br></p><p>Ada <strong>Prof</strong></p>");
    const [one, two] = draft?.people ?? [];
    assert.ok((await dropRecipient(one?.id ?? 0, user.id)).ok);
    assert.ok(!(await dropRecipient(two?.id ?? 0, user.id)).ok);
  });

  it("takes people one by one, each once, fifty at most, and none into an answer", async () => {
    const user = await giveUser();
    const [first, second] = [await person(), await person()];
    const draft = await giveDraft(user.id, [first]);
    assert.ok((await addRecipient({ id: draft.id, contactId: second, address: "", role: "to" }, user.id)).ok);
    assert.deepEqual(
      await addRecipient({ id: draft.id, contactId: second, address: "", role: "to" }, user.id),
      { ok: false, reason: "alreadyThere" },
    );
    assert.deepEqual(await addRecipient({ id: draft.id, contactId: 0, address: "", role: "to" }, user.id), {
      ok: false,
      reason: "nobody",
    });
    assert.deepEqual(
      await addRecipient({ id: draft.id, contactId: first, address: "", role: "to" }, (await giveUser()).id),
      {
        ok: false,
        reason: "notDraft",
      },
    );
    await sql`
      with people as (insert into contacts (kind, last_name) select 'staff', 'Foule' from generate_series(1, 48) returning id)
      insert into draft_recipients (draft_id, contact_id) select ${draft.id}, id from people`;
    assert.deepEqual(
      await addRecipient({ id: draft.id, contactId: await person(), address: "", role: "to" }, user.id),
      { ok: false, reason: "tooMany" },
    );
  });

  it("goes a day after it was sent, unless it waits for its hour", async () => {
    const user = await giveUser();
    const [gone, kept] = [
      await giveDraft(user.id, [await person()]),
      await giveDraft(user.id, [await person()]),
    ];
    await sendDraft(gone, user.id);
    await sendDraft({ ...kept, at: "2031-03-04T08:30" }, user.id);
    const [row] = await rowsOf(gone.id);
    await db.delivery.update({
      where: { id: row?.deliveryId ?? 0 },
      data: { status: "sent", settledAt: new Date() },
    });
    await sql`update drafts set sent_at = now() - interval '25 hours' where id in (${gone.id}, ${kept.id})`;
    await forgetSent();
    assert.equal(await db.draft.count({ where: { id: gone.id } }), 0);
    assert.equal(await db.draft.count({ where: { id: kept.id } }), 1);
  });
});
