/** A letter written by hand leaves by the one engine, to a real SMTP server: what arrives, and what stops it on the way. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, test } from "node:test";
import { simpleParser } from "mailparser";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { type Engine, startEngine } from "#lib/letters/deliveries/send";
import { saveLetter, startDraft } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { db, disconnect, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
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

/** A relay to a real server, a teacher, a letter of theirs to people who are in its queue. */
async function give({ people = 1, subject = "Votre stage", html = "<p>Bonjour <b>Zoé</b></p>" } = {}) {
  const server = await startCountingServer();
  servers.push(server);
  const { identity, relay, campaign } = await sendingCampaign({ port: server.port, recipients: 0 });
  await sql`update campaigns set status = 'cancelled', finished_at = now() where id = ${campaign}`;
  const n = ++made;
  const user = await db.user.create({
    data: { email: `prof${n}@iut.example`, name: "Ada", role: "teacher" },
  });
  const addresses = Array.from({ length: people }, (_, i) => `p${i}@n${n}.example`);
  const ids = [];
  for (const address of addresses) ids.push((await givePerson(address)).id);
  const draft = await startDraft(ids, user.id);
  const id = draft.ok ? draft.id : 0;
  const saved = await saveLetter({ id, version: 0, identityId: identity, subject, html }, user.id);
  const version = saved.ok ? saved.version : 0;
  const sent = await sendDraft({ id, version, at: "", more: "no", remind: 0 }, user.id);
  assert.ok(sent.ok, JSON.stringify(sent));
  return {
    server,
    relay,
    addresses,
    by: user.id,
    id,
    /** The half minute of regret is over. */
    due: () =>
      sql`update deliveries d set due_at = now() from letters l where l.delivery_id = d.id and l.draft_id = ${id}`,
    states: async () =>
      (
        await sql<{ state: string }>`
          select d.status || coalesce(' ' || d.reason, '') as state from letters l join deliveries d on d.id = l.delivery_id
          where l.draft_id = ${id} order by d.id`
      ).map(({ state }) => state),
  };
}
/** All of them, or one, have left. */
const gone = (states: () => Promise<string[]>, only?: number) =>
  until(async () => {
    const all = await states();
    return (only === undefined ? all : [all[only]]).every((state) => state === "sent");
  }, "sent");
const run = () => {
  const engine = startEngine(randomUUID());
  engines.push(engine);
};

test("it arrives as text and HTML, from its identity, naming its delivery, with no way out of a newsletter", async () => {
  const { server, due, states } = await give();
  await due();
  run();
  await gone(states);
  const mail = await simpleParser(server.last());
  assert.equal(mail.subject, "Votre stage");
  assert.equal(mail.from?.text, '"Lettre SRC" <lettre@iut.example>');
  assert.equal(mail.text?.trim(), "Bonjour Zoé");
  assert.match(String(mail.html), /<p>Bonjour <strong>Zoé<\/strong><\/p>/);
  assert.ok(deliveryOf(mail.messageId ?? ""));
  assert.deepEqual([mail.references].flat(), [mail.messageId]);
  for (const name of [
    "list-unsubscribe",
    "list-id",
    "precedence",
    "auto-submitted",
    "feedback-id",
    "bcc",
    "cc",
  ])
    assert.equal(mail.headers.has(name), false, name);
});

test("each of five people gets their own, once, and sees nobody else; the ledger counts them", async () => {
  const { server, due, states, addresses, relay } = await give({ people: 5 });
  await due();
  run();
  await gone(states);
  assert.deepEqual(
    [...server.accepted.entries()].sort(),
    addresses.map((address) => [address, 1] as const),
  );
  const mail = await simpleParser(server.last());
  assert.equal([mail.to].flat().length, 1);
  const [used] = await sql<{
    n: number;
  }>`select sum(n)::int as n from relay_usage where relay_id = ${relay} and outcome = 'sent'`;
  assert.equal(used?.n, 5);
});

test("nothing leaves before its half minute, and what is taken back never does", async () => {
  const { server, states, id, by, due } = await give();
  run();
  const other = await give();
  await other.due();
  // Written later and due now, it leaves first: the engine has looked at the queue.
  await gone(other.states, 0);
  assert.deepEqual(await states(), ["queued"]);
  assert.ok((await withdraw(id, by)).ok);
  await due();
  const third = await give();
  await third.due();
  await gone(third.states, 0);
  assert.equal(server.accepted.size, 0);
});

test("whoever opposed meanwhile is left out, with the reason; the others get theirs", async () => {
  const { server, due, states, addresses } = await give({ people: 2 });
  const [first = ""] = addresses;
  await transaction((client) =>
    suppress({ addressHash: Buffer.from(hashAddress(first)), topicId: null, reason: "manual" }, client),
  );
  await due();
  run();
  await gone(states, 1);
  assert.deepEqual(await states(), ["skipped suppressed", "sent"]);
  assert.equal(server.named.has(first), false);
});

test("a paused relay keeps it in the queue", async () => {
  const { server, due, states, relay } = await give();
  await sql`update relays set pause_reason = 'staff' where id = ${relay}`;
  await due();
  run();
  const other = await give();
  await other.due();
  await gone(other.states, 0);
  assert.deepEqual(await states(), ["queued"]);
  assert.equal(server.named.size, 0);
});

test("a subject begins no other header, and braces that name nothing of ours are only braces", async () => {
  const { server, due, states } = await give({
    subject: "Stage\r\nBcc: evil@x.example {{ cours.titre }}",
    html: "<p>{{ prix }} {% if %} __secret__</p>",
  });
  await due();
  run();
  await gone(states);
  const mail = await simpleParser(server.last());
  assert.equal(mail.headers.has("bcc"), false);
  assert.match(mail.subject ?? "", /^Stage\s*Bcc: evil@x\.example \{\{ cours\.titre \}\}$/);
  assert.equal(mail.text?.trim(), "{{ prix }} {% if %} __secret__");
  assert.equal(server.named.has("evil@x.example"), false);
});
