/** One mail to several people, by the engine to a real SMTP server: what arrives, and what becomes of each of them. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, test } from "node:test";
import { simpleParser } from "mailparser";
import { messageId } from "#lib/letters/deliveries/message-id";
import { type Engine, startEngine } from "#lib/letters/deliveries/send";
import { withCarried } from "#lib/letters/deliveries/together";
import { settleFound } from "#lib/letters/deliveries/unknown";
import { startAnswer } from "#lib/letters/drafts/answer";
import { addRecipient, sendTogether } from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { listRecipients } from "#lib/letters/threads/queries";
import { db, disconnect, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { giveDraft, giveUser, receive, rowsOf } from "#testing/letters";
import { givePerson } from "#testing/received";
import { until } from "#testing/until";

const engines: Engine[] = [];
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
after(disconnect);

let made = 0;
type Options = Parameters<typeof startCountingServer>[0] & {
  to?: number;
  perDay?: number;
  connections?: number;
};

/** A letter to `to` people who see each other, a copy and a blind copy. */
async function give({ to = 2, perDay, connections = 2, ...behaviour }: Options = {}) {
  const server = await startCountingServer(behaviour);
  servers.push(server);
  const { identity, relay, campaign } = await sendingCampaign({
    port: server.port,
    recipients: 0,
    maxConnections: connections,
  });
  await sql`update campaigns set status = 'cancelled', finished_at = now() where id = ${campaign}`;
  if (perDay) await sql`update relays set per_day = ${perDay} where id = ${relay}`;
  const n = ++made;
  const address = (name: string) => `${name}@t${n}.example`;
  const { id: by } = await giveUser();
  const people = [];
  for (let i = 0; i < to; i++) people.push((await givePerson(address(`to${i}`))).id);
  const draft = await giveDraft(by, people);
  await sql`update drafts set identity_id = ${identity} where id = ${draft.id}`;
  assert.ok((await sendTogether(draft.id, true, by)).ok);
  for (const role of ["cc", "bcc"] as const)
    assert.ok((await addRecipient({ id: draft.id, role, contactId: null, address: address(role) }, by)).ok);
  return { server, draft, by, relay, address, n };
}

const deliveriesOf = (draftId: number) => sql<{
  id: number;
  address: string;
  state: string;
  sentAs: number | null;
  reply: string | null;
}>`
  select d.id, split_part(d.address, '@', 1) as address, d.status || coalesce(' ' || d.reason, '') as state, d.sent_as as "sentAs", d.reply
  from letters l join deliveries first on first.id = l.delivery_id join deliveries d on d.content_id = first.content_id
  where l.draft_id = ${draftId} order by d.id`;
const states = async (draftId: number) =>
  (await deliveriesOf(draftId)).map(({ address, state }) => `${address} ${state}`);

async function leave(draft: { id: number }) {
  await sql`
    update deliveries d set due_at = now() from letters l join deliveries o on o.id = l.delivery_id
    where d.content_id = o.content_id and l.draft_id = ${draft.id}`;
  engines.push(startEngine(randomUUID()));
}
const settled = (draft: { id: number }) =>
  until(async () => (await states(draft.id)).every((state) => !/ (?:queued|sending)/.test(state)), "settled");

test("is one message; those it is to and the copy see each other, the blind copy is seen by nobody; each is counted", async () => {
  const { server, draft, by, relay, address } = await give();
  assert.ok((await sendDraft(draft, by)).ok);
  assert.equal((await rowsOf(draft.id)).length, 1, "one letter in the thread");
  await leave(draft);
  await settled(draft);
  assert.deepEqual(await states(draft.id), ["to0 sent", "to1 sent", "cc sent", "bcc sent"]);
  assert.deepEqual([...server.accepted.values()], [1, 1, 1, 1]);
  assert.equal(server.ids.size, 1);
  const mail = await simpleParser(server.last());
  const seen = (field: typeof mail.to) =>
    [field].flat().flatMap((one) => one?.value.map((who) => who.address));
  assert.deepEqual(seen(mail.to), [address("to0"), address("to1")]);
  assert.deepEqual(seen(mail.cc), [address("cc")]);
  assert.equal(server.last().includes(address("bcc")), false);
  const [used] = await sql<{ n: number }>`
    select sum(n)::int as n from relay_usage where relay_id = ${relay} and outcome = 'sent'`;
  assert.equal(used?.n, 4, "the quota counts recipients");
});

test("one recipient refused, one opposed: the others get it, and the page says who did not", async () => {
  const { server, draft, by, address } = await give({
    to: 3,
    refuse: (one) => (one.startsWith("to1@") ? [550, "5.1.1 User unknown"] : null),
  });
  await transaction((client) =>
    suppress({ addressHash: hashAddress(address("cc")), topicId: null, reason: "manual" }, client),
  );
  assert.equal(
    (await findDraft(draft.id, by))?.people.find(({ role }) => role === "cc")?.reason,
    "suppressed",
  );
  const sent = await sendDraft(draft, by);
  assert.deepEqual(sent.ok && [sent.sent, sent.left], [4, 1]);
  // And one who says no after the click.
  await transaction((client) =>
    suppress({ addressHash: hashAddress(address("to2")), topicId: null, reason: "manual" }, client),
  );
  await leave(draft);
  await settled(draft);
  assert.deepEqual(await states(draft.id), [
    "to0 sent",
    "to1 failed user-unknown",
    "to2 skipped suppressed",
    "bcc sent",
  ]);
  assert.deepEqual([...server.accepted.keys()].sort(), [address("bcc"), address("to0")]);
  assert.equal(server.last().includes(address("to2")), false, "whoever was left out is named to nobody");
  const thread = sent.ok ? sent.threadId : 0;
  const people = [...(await listRecipients(thread)).values()].flat();
  assert.deepEqual(
    people.map(({ role, status }) => [role, status]),
    [
      ["to", "sent"],
      ["to", "failed"],
      ["to", "skipped"],
      ["bcc", "sent"],
    ],
  );
  const dead = await db.emailAddress.findUniqueOrThrow({ where: { address: address("to1") } });
  assert.equal(dead.standing, "hard", "judged for its recipient");
});

test("put off at RCPT, one tries again by itself; the one whose Message-ID was used is refused instead", async () => {
  let busy = true;
  const { server, draft, by } = await give({
    to: 3,
    refuse: (one) => (busy && /^to[01]@/.test(one) ? [451, "4.7.1 Greylisted"] : null),
  });
  await sendDraft(draft, by);
  await leave(draft);
  await until(async () => (await states(draft.id)).some((state) => state === "bcc sent"), "the others");
  const [head, second] = await deliveriesOf(draft.id);
  assert.equal(head?.state, "failed greylisted");
  assert.deepEqual([second?.state, second?.sentAs], ["queued greylisted", null]);
  busy = false;
  await leave(draft);
  await settled(draft);
  assert.deepEqual((await states(draft.id)).slice(1), ["to1 sent", "to2 sent", "cc sent", "bcc sent"]);
  assert.deepEqual([...server.accepted.values()], [1, 1, 1, 1], "nobody twice");
  assert.equal(server.ids.size, 2, "the second message is told from the first");
});

test("what the limits do not allow leaves later, in another message; a small one is not cut for a single connection", async () => {
  const whole = await give({ connections: 1 });
  await sendDraft(whole.draft, whole.by);
  await leave(whole.draft);
  await settled(whole.draft);
  assert.equal(whole.server.ids.size, 1);
  const { server, draft, by } = await give({ to: 4, perDay: 3 });
  await sendDraft(draft, by);
  await leave(draft);
  await until(
    async () => (await states(draft.id)).filter((state) => state.endsWith(" sent")).length === 3,
    "three",
  );
  assert.deepEqual(await states(draft.id), [
    "to0 sent",
    "to1 sent",
    "to2 sent",
    "to3 queued",
    "cc queued",
    "bcc queued",
  ]);
  assert.equal(server.ids.size, 1);
});

test("nobody knows of any of them when the connection is lost; a copy in the Sent folder proves it of all", async () => {
  const { server, draft, by } = await give({ delay: () => 60_000 });
  await sendDraft(draft, by);
  await leave(draft);
  // Who carries it is written before DATA, and so before the server has read it.
  await until(() => server.ids.size === 1, "read by the server");
  assert.ok((await states(draft.id)).every((state) => state.includes("sending")));
  const [head, ...others] = await deliveriesOf(draft.id);
  assert.deepEqual(
    others.map(({ sentAs }) => sentAs),
    [head?.id, head?.id, head?.id],
  );
  await sql`update deliveries set status = 'unknown', unknown_at = now(), lease_token = null, lease_until = null where id = any(${[head, ...others].map((one) => one?.id)}::int[])`;
  assert.deepEqual(
    await withCarried([head?.id ?? 0]),
    [head, ...others].map((one) => one?.id),
  );
  assert.equal(await settleFound(await withCarried([head?.id ?? 0])), 4);
  await server.close();
});

test("is taken back whole", async () => {
  const { draft, by } = await give();
  await sendDraft(draft, by);
  assert.ok((await withdraw(draft.id, by)).ok);
  assert.equal((await findDraft(draft.id, by))?.people.length, 4);
  const left =
    await sql`select 1 from deliveries where status = 'queued' and address like ${`%@t${made}.example`}`;
  assert.equal(left.length, 0);
});

test("a copy of an answer is a letter: whoever opposed gets none, whoever wrote is answered all the same", async () => {
  const { server, address, draft: other } = await give();
  const [writer, copied] = [address("writer"), address("copied")];
  await givePerson(writer);
  const secretary = await giveUser("secretariat");
  const { letter } = await receive(writer, ["Subject: Question", "In-Reply-To: <x@y.example>"]);
  const started = await startAnswer(letter?.threadId ?? 0, secretary);
  const id = started.ok ? started.id : 0;
  assert.deepEqual(await addRecipient({ id, role: "to", contactId: null, address: copied }, secretary.id), {
    ok: false,
    reason: "copyOnly",
  });
  assert.ok((await addRecipient({ id, role: "cc", contactId: null, address: copied }, secretary.id)).ok);
  const { version, ...draft } = await db.draft.update({
    where: { id },
    data: {
      html: "<p>Oui.</p>",
      identityId: (await db.draft.findUniqueOrThrow({ where: { id: other.id } })).identityId,
    },
  });
  assert.ok((await sendDraft({ id: draft.id, version, at: "", more: "no", remind: 0 }, secretary.id)).ok);
  for (const one of [writer, copied])
    await transaction((client) =>
      suppress({ addressHash: hashAddress(one), topicId: null, reason: "manual" }, client),
    );
  await leave({ id });
  await settled({ id });
  assert.deepEqual(await states(id), ["writer sent", "copied skipped suppressed"]);
  assert.deepEqual([...server.accepted.keys()], [writer]);
});

test("copies go with one mail only", async () => {
  const { draft, by } = await give();
  await sendTogether(draft.id, false, by);
  const refusedAs = await sendDraft(draft, by);
  assert.equal(refusedAs.ok || refusedAs.reason, "copiesTogether");
});

test("a report that names some of them is judged for those; one that names nobody waits; an answer is its writer’s", async () => {
  const { draft, by, relay, address } = await give({ to: 3 });
  const sent = await sendDraft(draft, by);
  const [head, second, third] = await deliveriesOf(draft.id);
  await sql`update deliveries set status = 'sent', settled_at = now(), relay_id = ${relay} where id = any(${[head?.id, second?.id, third?.id]}::int[])`;
  const own = messageId({ id: head?.id ?? 0, generation: 0 }, "iut.example");
  let uid = 500_000;
  const receive = async (raw: string) => {
    const read = await readIncoming({
      uid: ++uid,
      uidValidity: 1n,
      raw: Buffer.from(raw.replace(/\n/g, "\r\n")),
      receivedAt: new Date(),
    });
    const id = await transaction((client) => recordMail(client, relay, read));
    return db.receivedMail.findUniqueOrThrow({ where: { id: id ?? 0 } });
  };
  const dead = (recipient: string) =>
    `${recipient ? `Final-Recipient: rfc822; ${recipient}\n` : ""}Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n`;
  const report = (recipients: string[]) =>
    `From: MAILER-DAEMON@relay.example\nReturn-Path: <>\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b${uid}\n\n` +
    `--b${uid}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n${recipients.map(dead).join("\n")}\n` +
    `--b${uid}\nContent-Type: text/rfc822-headers\n\nMessage-ID: ${own}\n\n--b${uid}--\n`;
  await receive(report([address("to1"), address("to2")]));
  const bounced = async () =>
    (
      await sql<{
        bounce: string | null;
      }>`select bounce from deliveries where id = any(${[head?.id, second?.id, third?.id]}::int[]) order by id`
    ).map((one) => one.bounce);
  assert.deepEqual(await bounced(), [null, "hard", "hard"]);
  await receive(report([""]));
  assert.deepEqual(await bounced(), [null, "hard", "hard"], "nobody is blamed by guess");
  const answer = await receive(
    `From: <${address("to1")}>\nMessage-ID: <r${uid}@x.example>\nIn-Reply-To: ${own}\nSubject: Re: Votre stage\nContent-Type: text/plain\n\nOui.\n`,
  );
  assert.equal(answer.deliveryId, second?.id);
  const letter = await db.letter.findUniqueOrThrow({ where: { receivedMailId: answer.id } });
  assert.deepEqual([letter.threadId, letter.sureness], [sent.ok && sent.threadId, "reference"]);
  assert.equal(
    letter.contactId,
    (await db.emailAddress.findUniqueOrThrow({ where: { address: address("to1") } })).contactId,
  );
});
