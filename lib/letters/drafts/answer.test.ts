/** « Répondre à tous »: whom an answer is to, who gets a copy, who never does, and what it refers to. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readAddressed } from "#lib/letters/drafts/addressed";
import { countOthers, startAnswer } from "#lib/letters/drafts/answer";
import { saveLetter } from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { db, disconnect, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { freshAddress, giveUser, identity, receive, sentId } from "#testing/letters";
import { givePerson } from "#testing/received";

after(disconnect);

describe("a header", () => {
  const read = (...lines: string[]) => readAddressed(Buffer.from([...lines, "", "x"].join("\r\n")));
  it("says whom it is to, whatever the names, groups and cases", () => {
    const { replyTo, others } = read(
      'To: "Martin, Zoé" <ZOE@orange.example>, =?utf-8?q?L=C3=A9a?= <lea@orange.example>,',
      " Jury: un@orange.example, deux@orange.example;",
      "Cc: zoe@orange.example, undisclosed-recipients:;, pas une adresse, <x@>",
      "Bcc: caché@orange.example",
    );
    assert.deepEqual(replyTo, []);
    assert.deepEqual(
      others,
      ["zoe", "lea", "un", "deux"].map((name) => `${name}@orange.example`),
    );
  });
  it("is read in no time, whatever is in it", () => {
    const start = process.cpuUsage();
    for (const mark of ["<", '"', "(", "a:", "a@b.example,", "\\", ";"]) read(`To: ${mark.repeat(60_000)}`);
    assert.deepEqual(readAddressed(Buffer.alloc(0)).others, []);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 3_000_000, String(user + system));
  });
});

describe("« Répondre à tous »", () => {
  let clerk: Awaited<ReturnType<typeof giveUser>>;
  let us: string;
  before(async () => {
    clerk = await giveUser("secretariat");
    us = (await identity()).address;
  });
  /** A mail to us, and to others; returns its thread and who wrote. */
  async function given(others: string[], ...lines: string[]) {
    const address = freshAddress("tous");
    await givePerson(address);
    const came = await receive(address, [
      `Subject: Jury ${address}`,
      "In-Reply-To: <lost@orange.example>",
      `To: <${us}>, ${others[0] ?? us}`,
      ...(others.length > 1 ? [`Cc: ${others.slice(1).join(", ")}`] : []),
      ...lines,
    ]);
    return { ...came, address, threadId: came.letter?.threadId ?? 0 };
  }
  async function answered(threadId: number, asked: Parameters<typeof startAnswer>[2] = { all: true }) {
    const started = await startAnswer(threadId, clerk, asked);
    assert.ok(started.ok, JSON.stringify(started));
    const draft = await findDraft(started.id, clerk.id);
    assert.ok(draft);
    return { draft, people: draft.people.map(({ role, address }) => `${role} ${address}`) };
  }

  it("is to whoever wrote, with a copy to the others, each once, and never to ourselves", async () => {
    const [lea, karim] = [freshAddress("lea"), freshAddress("karim")];
    const { id: contactId } = await givePerson(karim);
    const [own] = await sql<{ email: string }>`select email from users where id = ${clerk.id}`;
    const { replyTo, relayId } = await identity();
    await db.mailbox.updateMany({ where: { relayId }, data: { username: "boite@iut.example" } });
    const { threadId, address, messageId, letter } = await given([
      lea,
      karim.toUpperCase(),
      lea,
      us.toUpperCase(),
      replyTo || us,
      own?.email ?? "",
      "boite@iut.example",
    ]);
    assert.equal(await countOthers(threadId, clerk.id), 2);
    const { draft, people } = await answered(threadId);
    assert.deepEqual(people, [`to ${address}`, `cc ${lea}`, `cc ${karim}`]);
    assert.equal(draft.people.at(-1)?.contactId, contactId, "somebody of the address book is its contact");
    assert.equal(draft.subject, `Re: Jury ${address}`);
    assert.equal(draft.answersId, letter?.id);
    const { id, version, identityId } = { ...draft, identityId: (await identity()).id };
    const saved = await saveLetter(
      { id, version, identityId, subject: draft.subject, html: "<p>Oui</p>" },
      clerk.id,
    );
    assert.ok(saved.ok);
    assert.ok((await sendDraft({ id, version: saved.version, at: "", more: "no", remind: 0 }, clerk.id)).ok);
    const row = await db.letter.findFirstOrThrow({ where: { draftId: id } });
    const sent = await sentId(row.deliveryId ?? 0);
    assert.equal(sent.inReplyTo, messageId);
    assert.match(sent.references, new RegExp(`${messageId}$`));
    assert.match(sent.text, new RegExp(`^To: ${address}\r\nCc: ${lea}, ${karim}\r$`, "m"));
  });

  it("leaves out whoever opposed, by the one rule, and says so beside the name; who wrote is answered", async () => {
    const [said, dead, fine] = [freshAddress("stop"), freshAddress("mort"), freshAddress("ok")];
    const { threadId, address } = await given([said, dead, fine]);
    for (const [who, reason] of [
      [said, "manual"],
      [address, "manual"],
      [dead, "hard_bounce"],
    ] as const)
      await transaction((client) =>
        suppress({ addressHash: hashAddress(who), topicId: null, reason }, client),
      );
    const { draft } = await answered(threadId);
    const reasons = Object.fromEntries(draft.people.map((one) => [one.address, one.reason]));
    assert.deepEqual(reasons, { [address]: null, [said]: "suppressed", [dead]: "hardBounce", [fine]: null });
    const { id, version, subject } = draft;
    const saved = await saveLetter(
      { id, version, identityId: (await identity()).id, subject, html: "<p>x</p>" },
      clerk.id,
    );
    assert.ok(
      saved.ok &&
        (await sendDraft({ id, version: saved.version, at: "", more: "no", remind: 0 }, clerk.id)).ok,
    );
    const rows = await sql<{ address: string }>`
      select d.address from letters l join deliveries o on o.id = l.delivery_id join deliveries d on d.content_id = o.content_id
      where l.draft_id = ${id} order by d.id`;
    assert.deepEqual(
      rows.map((row) => row.address),
      [address, fine],
    );
  });

  it("goes where answers are asked for, and not to somebody named there who opposes letters, nor to ourselves", async () => {
    const [elsewhere, copied, stop] = [freshAddress("rep"), freshAddress("rep"), freshAddress("rep")];
    const asked = await given([us], `Reply-To: ${elsewhere}, ${copied}`);
    assert.deepEqual((await answered(asked.threadId)).people, [`to ${elsewhere}`, `cc ${copied}`]);
    const other = await given([us], `Reply-To: Nous <${us}>`);
    assert.deepEqual((await answered(other.threadId)).people, [`to ${other.address}`]);
    await transaction((client) =>
      suppress({ addressHash: hashAddress(stop), topicId: null, reason: "manual" }, client),
    );
    const forged = await given([us], `Reply-To: ${stop}`);
    assert.deepEqual((await answered(forged.threadId, {})).people, [`to ${forged.address}`]);
  });

  it("adds the others to the answer that was begun, and a plain answer has none", async () => {
    const lea = freshAddress("lea");
    const { threadId, address } = await given([lea]);
    const plain = await answered(threadId, {});
    assert.deepEqual(plain.people, [`to ${address}`]);
    for (let i = 0; i < 2; i++) {
      const all = await answered(threadId);
      assert.equal(all.draft.id, plain.draft.id);
      assert.deepEqual(all.people, [`to ${address}`, `cc ${lea}`]);
    }
  });

  it("answers that mail of the thread, when it is asked of one", async () => {
    const [lea, karim] = [freshAddress("lea"), freshAddress("karim")];
    const first = await given([lea]);
    const next = await receive(first.address, [
      "Subject: Re: Jury",
      `In-Reply-To: ${first.messageId}`,
      `To: ${us}, ${karim}`,
    ]);
    assert.equal(next.letter?.threadId, first.threadId);
    assert.equal(await countOthers(first.threadId, clerk.id, first.id), 1);
    const { draft, people } = await answered(first.threadId, { all: true, mailId: first.id });
    assert.deepEqual(people, [`to ${first.address}`, `cc ${lea}`]);
    assert.equal(draft.answersId, first.letter?.id);
    // A mail of another thread is none of this one's.
    assert.equal(await countOthers(first.threadId, clerk.id, (await given([us])).id), 1);
  });

  it("of a list of five thousand is refused, as soon as any", async () => {
    const crowd = Array.from({ length: 5_000 }, (_, i) => `victime${i}@cible${i % 7}.example`);
    const { threadId } = await given(crowd, `Reply-To: ${crowd.slice(0, 900).join(", ")}`);
    const start = process.cpuUsage();
    assert.deepEqual(await startAnswer(threadId, clerk, { all: true }), { ok: false, reason: "tooMany" });
    assert.ok((await countOthers(threadId, clerk.id)) >= 50);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 1_500_000, String(user + system));
    assert.equal(await db.draft.count({ where: { threadId } }), 0);
  });

  it("is refused beyond fifty people, changes nothing then, and finds nobody in a mail that is purged", async () => {
    const many = await given(Array.from({ length: 50 }, () => freshAddress("n")));
    assert.deepEqual(await startAnswer(many.threadId, clerk, { all: true }), {
      ok: false,
      reason: "tooMany",
    });
    assert.equal(await db.draft.count({ where: { threadId: many.threadId } }), 0);
    await db.receivedMail.update({ where: { id: many.id }, data: { raw: Buffer.alloc(0) } });
    assert.equal(await countOthers(many.threadId, clerk.id), 0);
    assert.deepEqual((await answered(many.threadId)).people, [`to ${many.address}`]);
  });
});
