import "#testing/database";
import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { createUser } from "#lib/office/users/command";
import { firstLife } from "#testing/names";
import { giveSource, importMarie, marie, receive, words, writeEverywhere } from "#testing/privacy";
import { findTraces, wordyColumns } from "#testing/traces";
import { listEntries } from "./columns.ts";
import { eraseContact, replayErasures } from "./erase.ts";
import { journalFile, readJournal } from "./journal.ts";

const folder = await mkdtemp(join(tmpdir(), "src-privacy-"));
(env as { dataDir: string }).dataDir = folder;
after(() => rm(folder, { recursive: true }));

await createUser(
  { email: "admin@src.example", name: "Ada", role: "administrator" },
  "une phrase bien longue",
);
const by = 1;
let source = { id: 0, key: "" };
let written = { id: 0, campaignId: 0, relayId: 0, delivery: 0 };

/** What screens add up: counters of campaigns, the ledger, clicks, contacts by kind. */
const figures = async () => ({
  totals:
    await sql`select sum(sent)::int as sent, sum(replied)::int as replied, sum(hard_bounced)::int as bounced, sum(unsubscribed)::int as left from campaign_totals`,
  deliveries: await sql`select status::text, count(*)::int as n from deliveries group by 1 order by 1`,
  attempts: await sql`select outcome, count(*)::int as n from attempts group by 1 order by 1`,
  bounces: await sql`select class, verdict, count(*)::int as n from bounces group by 1, 2 order by 1, 2`,
  mails: await sql`select class, count(*)::int as n from received_mails group by 1 order by 1`,
  events:
    await sql`select change, via, count(*)::int as n from subscription_events group by 1, 2 order by 1, 2`,
  usage: await sql`select coalesce(sum(n), 0)::int as n from relay_usage`,
});

/** Hold no words of a person: codes. */
const wordless = new Set([
  ...["contacts", "remembered_rows"].flatMap((table) =>
    ["country", "locale", "postcode"].map((column) => `${table}.${column}`),
  ),
]);

describe("somebody written down everywhere", () => {
  before(async () => {
    source = await giveSource("annuaire");
    written = await writeEverywhere(source, by);
  });

  it("is found in at least the places the design names, before", async () => {
    const traces = await findTraces(words);
    for (const place of [
      "contacts.last_name",
      "email_addresses.address",
      "external_identities.external_id",
      "deliveries.address",
      "deliveries.variables",
      "deliveries.reply",
      "attempts.reply",
      "contents.html",
      "received_mails.sender",
      "received_mails.subject",
      "received_mails.raw",
      "bounces.diagnostic",
      "sandbox_messages.recipient",
      "sandbox_messages.raw",
      "sync_run_errors.value",
      "sync_chunks.bytes",
      "audit_entries.data",
      "subscription_events.proof",
      "organisations.email",
      "organisations.notes",
    ])
      assert.ok(traces.includes(place), `${place} is written`);
  });

  it("is written in every column that the dictionary says may hold words about a contact", async () => {
    const traces = new Set(await findTraces(words));
    const wordy = new Set((await wordyColumns()).map(({ table, column }) => `${table}.${column}`));
    const unwritten = listEntries()
      .filter(({ category }) => category === "identity" || category === "mail")
      .map(({ table, column }) => `${table}.${column}`)
      .filter((column) => wordy.has(column) && !traces.has(column) && !wordless.has(column));
    const advice = "make writeEverywhere() of testing/privacy.ts write her there, then blank it in places.ts";
    assert.deepEqual(unwritten, [], advice);
  });

  it("is nowhere once erased, and every figure is what it was", async () => {
    const before = await figures();
    const result = await eraseContact(written.id, "request", by);
    assert.equal(result.ok, true);
    assert.deepEqual(await findTraces(words), []);
    assert.deepEqual(await figures(), before);
    const [counted] = await sql`select coalesce(sum(people), 0)::int as n from contact_counts`;
    assert.deepEqual(
      counted,
      (await sql`select count(*)::int as n from contacts where archived_at is null`)[0],
    );
  });

  it("leaves a hash that stops mail, a proof for the register, and the mails of others where they were", async () => {
    const stops =
      await sql`select reason::text, topic_id from suppressions where lifted_at is null and reason = 'erasure'`;
    assert.equal(stops.length, 2);
    const [proof] = await sql<{
      id: string;
      why: string;
      user_id: number;
      at: Date;
    }>`select id::text, why, user_id, at from erasures`;
    assert.equal(proof?.why, "request");
    assert.equal(proof?.user_id, by);
    const [entry] =
      await sql`select data from audit_entries where action = 'contact.erased' and subject_id = ${written.id}`;
    assert.deepEqual(entry?.data, { erasure: proof?.id, why: "request" });
    const [other] =
      await sql`select sender, octet_length(raw) as n from received_mails where subject = 'Ma voisine'`;
    assert.equal(other?.n, 0);
    assert.match(String(other?.sender), /paul@ailleurs/);
    const [organisation] = await sql`select notes, email from organisations where name = 'Voisine SARL'`;
    assert.deepEqual(organisation, { notes: "Demander à …, le matin", email: "" });
  });

  it("does not come back by a feed: the row is refused, and nothing of it is written", async () => {
    const report = await importMarie(source);
    assert.deepEqual([report.created, report.rejected], [0, 1]);
    assert.deepEqual(
      report.errors.map(({ reason, value }) => ({ reason, value })),
      [{ reason: "erased", value: "" }],
    );
    assert.deepEqual(await findTraces(words), []);
    const elsewhere = await importMarie(await giveSource("autre"));
    assert.equal(elsewhere.rejected, 1, "another source is told by the address");
  });

  it("does not come back by a late bounce: it counts and says nothing", async () => {
    const [delivery] = await sql<{
      id: number;
    }>`select id from deliveries where campaign_id = ${written.campaignId}`;
    const { messageId } = await import("#lib/letters/deliveries/message-id");
    const raw = `From: mailer-daemon@ailleurs.example\r\nSubject: Undelivered ${marie.address}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${marie.last}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; ${marie.address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 ${marie.address} is late\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: ${messageId(firstLife(delivery?.id ?? 0), "src.example")}\r\n\r\n--b--\r\n`;
    const id = await receive(written.relayId, raw, 9);
    const [late] = await sql`
      select b.recipient, b.diagnostic, m.proposal from bounces b join received_mails m on m.id = b.received_mail_id
      where m.id = ${id}`;
    assert.deepEqual(late, { recipient: "", diagnostic: "", proposal: null });
    assert.deepEqual(await findTraces(words), []);
  });

  it("is erased again when a backup brings them back, and not when they come back themselves", async () => {
    // The backup is of the day before: no trace of the erasure, the person as they were.
    await sql`delete from erasures`;
    await sql`delete from suppressions`;
    const report = await importMarie(source);
    assert.equal(report.created, 1);
    await sql`update email_addresses set created_at = now() - interval '1 day'`;
    assert.equal(await replayErasures(), 1);
    assert.deepEqual(await findTraces(words), []);
    const [stops] =
      await sql`select count(*)::int as n from suppressions where reason = 'erasure' and lifted_at is null`;
    assert.equal(stops?.n, 2);
    const { createContact } = await import("#lib/people/contacts/mutations");
    const back = await createContact(
      {
        kind: "former_src",
        firstName: marie.first,
        lastName: marie.last,
        graduationYear: null,
        phone: "",
        street: "",
        postcode: "",
        city: "",
        country: "FR",
        website: "",
        notes: "",
        locale: "fr",
        email: marie.address,
      },
      by,
    );
    assert.ok(back.ok);
    assert.equal(await replayErasures(), 0, "what is done is not done twice");
    const again = await importMarie(source);
    assert.deepEqual(
      [again.created, again.rejected],
      [0, 0],
      "the contact made by hand is the one the feed speaks of",
    );
  });

  it("is erased by the worker when the process died just after writing the journal", async () => {
    const [contact] = await sql<{
      id: number;
      created_at: Date;
    }>`select id, created_at from contacts where last_name = ${marie.last}`;
    const [last] = (await readJournal()).slice(-1);
    const entry = {
      ...last,
      id: "00000000-0000-4000-8000-000000000001",
      at: new Date(Date.now() + 1000).toISOString(),
      contact: { id: contact?.id, createdAt: contact?.created_at.toISOString() },
    };
    await appendFile(journalFile(), `${JSON.stringify(entry)}\n{"id":"cut sho`);
    assert.equal(await replayErasures(), 1);
    assert.deepEqual(await sql`select id from contacts where last_name = ${marie.last}`, []);
  });

  it("is named in the journal after a line that a crash cut short", async () => {
    const [next] = await sql<{ id: number }>`
      insert into contacts (kind, last_name) values ('former_src', 'Suivante') returning id`;
    assert.ok((await eraseContact(next?.id ?? 0, "request", by)).ok);
    assert.equal((await readJournal()).at(-1)?.contact.id, next?.id);
  });
});

it("nobody is refused, and nothing is journalled for them", async () => {
  const before = (await readJournal()).length;
  assert.deepEqual(await eraseContact(999_999, "request", by), { ok: false, reason: "notFound" });
  assert.equal((await readJournal()).length, before);
});
