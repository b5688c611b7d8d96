import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { simpleParser } from "mailparser";
import { claim } from "#lib/letters/deliveries/claim";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { openJournal } from "#lib/letters/deliveries/journal";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { type Engine, startEngine } from "#lib/letters/deliveries/send";
import { disconnect, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { readToken } from "#lib/machine/tokens";
import { startCountingServer } from "#testing/counting-server";
import { addDeliveries, sendingCampaign } from "#testing/deliveries";

const engines: Engine[] = [];
const engineOf = () => {
  const engine = startEngine(randomUUID());
  engines.push(engine);
  return engine;
};

const servers: { close: () => Promise<void> }[] = [];
const serverOf = async (...options: Parameters<typeof startCountingServer>) => {
  const server = await startCountingServer(...options);
  servers.push(server);
  return server;
};

// A failed test must not leave its engine working on the next one's campaign, nor a server that keeps the file alive.
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
after(disconnect);

async function until(condition: () => Promise<boolean>, message: string) {
  for (const begun = performance.now(); performance.now() - begun < 10_000; await sleep(20))
    if (await condition()) return;
  assert.fail(`not within 10 s: ${message}`);
}

const statusOf = async (campaign: number) =>
  Object.fromEntries(
    (
      await sql<{ status: string; n: number }>`
        select status::text, count(*)::int as n from deliveries where campaign_id = ${campaign} group by 1`
    ).map((row) => [row.status, row.n]),
  );

test("a campaign is sent, each message personal and complete", async () => {
  const server = await serverOf();
  const { campaign } = await sendingCampaign({
    port: server.port,
    recipients: 30,
    html: '<p>Bonjour {{ contact.firstName }} <a href="{{ links.unsubscribe }}">Se désabonner</a></p>',
  });
  const engine = engineOf();
  await until(async () => (await statusOf(campaign)).sent === 30, "30 sent");
  await engine.stop();
  assert.equal(server.accepted.size, 30);
  const mail = await simpleParser(server.last());
  const name = deliveryOf(mail.messageId ?? "");
  assert.ok(name, "the Message-ID names its delivery");
  const { id } = name;
  const [delivery] = await sql<{ address: string }>`select address from deliveries where id = ${id}`;
  assert.equal(mail.to && "text" in mail.to ? mail.to.text : "", delivery?.address);
  assert.equal(mail.subject, "Bonjour Élodie");
  assert.match(String(mail.html), /Bonjour Élodie/);
  const token = /desabonnement\/([\w.-]+)"/.exec(String(mail.html))?.[1] ?? "";
  assert.deepEqual(readToken("unsubscribe", token), name);
  assert.match(server.last(), /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  assert.match(
    server.last().replace(/\r\n\s/g, " "),
    new RegExp(`^List-Unsubscribe: <http[^>]*/api/unsubscribe/${token.replace(/[.]/g, "\\.")}>`, "m"),
  );
  assert.ok(
    Math.max(
      ...server
        .last()
        .split("\r\n")
        .map((line) => line.length),
    ) <= 998,
  );
  const [attempt] = await sql`select outcome, reply from attempts where delivery_id = ${id}`;
  assert.deepEqual(attempt, { outcome: "sent", reply: "250 2.0.0 Ok" });
});

test("suppressed people are set aside at the claim, and again between claim and DATA", async () => {
  const server = await serverOf();
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 3 });
  const suppress = (address: string) =>
    sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress(address))}, 'unsubscribe')`;
  const at = (name: string) => `${name}@c${campaign}.example`;
  await suppress(at("r1"));
  const claims = await claim(relay, 10);
  assert.deepEqual(claims.map((one) => one.address).sort(), [at("r2"), at("r3")]);
  const [skipped] =
    await sql`select status::text, reason from deliveries where campaign_id = ${campaign} and address = ${at("r1")}`;
  assert.deepEqual(skipped, { status: "skipped", reason: "unsubscribed" });
  await suppress(at("r2"));
  const journal = openJournal(randomUUID());
  const marks = await Promise.all(claims.map((one) => journal.mark(one)));
  assert.deepEqual(
    claims.filter((_, i) => marks[i]).map((one) => one.address),
    [at("r3")],
  );
});

test("who left by one address is not written to at another, whenever they left", async () => {
  const server = await serverOf();
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 3 });
  const at = (name: string) => `${name}@c${campaign}.example`;
  const leave = async (name: string) => {
    const [contact] = await sql<{ id: number }>`
      insert into contacts (kind, last_name) values ('professional', ${name}) returning id`;
    await sql`
      update deliveries set contact_id = ${contact?.id}::int where campaign_id = ${campaign} and address = ${at(name)}`;
    await sql`
      insert into subscriptions (contact_id, topic_id, unsubscribed_at)
      select ${contact?.id}::int, topic_id, now() from campaigns where id = ${campaign}`;
  };
  await leave("r1");
  const claims = await claim(relay, 10);
  assert.deepEqual(claims.map((one) => one.address).sort(), [at("r2"), at("r3")]);
  const [skipped] =
    await sql`select status::text, reason from deliveries where campaign_id = ${campaign} and address = ${at("r1")}`;
  assert.deepEqual(skipped, { status: "skipped", reason: "unsubscribed" });
  await leave("r2");
  const journal = openJournal(randomUUID());
  const marks = await Promise.all(claims.map((one) => journal.mark(one)));
  assert.deepEqual(
    claims.filter((_, i) => marks[i]).map((one) => one.address),
    [at("r3")],
  );
});

test("a letter whose content is refused fails, and is not offered again at once for ever", async () => {
  let offered = 0;
  const server = await serverOf({
    refuse: () => {
      offered++;
      return [550, "5.7.1 Message rejected as spam by Content Filtering"];
    },
  });
  const { identity } = await sendingCampaign({ port: server.port, recipients: 0 });
  const mail = { to: "prof@iut.example", subject: "Essai", html: "Gagnez", text: "Gagnez" };
  const id = await enqueueLetter({ kind: "test", identityId: identity, ...mail });
  const engine = engineOf();
  const letter = async () =>
    (await sql`select status::text, reason, attempts from deliveries where id = ${id}`)[0];
  await until(async () => (await letter())?.status === "failed", "the letter failed");
  await engine.stop();
  assert.equal(offered, 1);
  assert.equal((await letter())?.attempts, 1);
});

test("a pause stops what is claimed, and a claim is nobody else's", async () => {
  const server = await serverOf();
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 10 });
  const mine = await claim(relay, 5);
  const theirs = await claim(relay, 100);
  assert.equal(new Set([...mine, ...theirs].map((one) => one.id)).size, 10);
  const journal = openJournal(randomUUID());
  await sql`update campaigns set status = 'paused', paused_at = now() where id = ${campaign}`;
  assert.deepEqual(
    await Promise.all(mine.map((one) => journal.mark(one))),
    mine.map(() => false),
  );
  await sql`update campaigns set status = 'sending', paused_at = null where id = ${campaign}`;
  assert.equal((await claim(relay, 100)).length, 5, "what the pause released can be claimed again");
});

test("refusals: the dead are failed, the busy are postponed, the sender's fault pauses the relay and blames nobody", async () => {
  const answers: Record<string, [number, string]> = {
    r1: [550, "5.1.1 User unknown"],
    r2: [452, "4.2.2 Mailbox full"],
  };
  let quota = false;
  const server = await serverOf({
    refuse: (address) =>
      quota
        ? [550, "5.4.5 Daily user sending limit exceeded"]
        : (answers[address.split("@")[0] ?? ""] ?? null),
  });
  const { campaign, content, relay } = await sendingCampaign({ port: server.port, recipients: 5 });
  const engine = engineOf();
  await until(async () => (await statusOf(campaign)).sent === 3, "3 sent");
  await until(async () => (await statusOf(campaign)).failed === 1, "1 failed");
  const rows = await sql<{ address: string; status: string; reason: string; later: boolean }>`
    select address, status::text, reason, due_at > now() + interval '4 minutes' as later from deliveries
    where campaign_id = ${campaign} and status <> 'sent' order by address`;
  assert.deepEqual(rows, [
    { address: `r1@c${campaign}.example`, status: "failed", reason: "user-unknown", later: false },
    { address: `r2@c${campaign}.example`, status: "queued", reason: "mailbox-full", later: true },
  ]);
  quota = true;
  await addDeliveries(campaign, content, 6, 40);
  await until(
    async () =>
      (await sql`select 1 from relays where id = ${relay} and paused_until > now() + interval '23 hours'`)
        .length === 1,
    "relay paused",
  );
  const idle = () =>
    sql`select 1 from deliveries where campaign_id = ${campaign} and lease_token is not null`;
  await until(async () => (await idle()).length === 0, "what was claimed is given back");
  const [after] = await sql`
    select count(*) filter (where status = 'queued')::int as queued, count(*) filter (where attempts > 0)::int as tried,
      count(*) filter (where bounced_at is not null)::int as blamed
    from deliveries where campaign_id = ${campaign} and address !~ '^r[1-5]@'`;
  assert.deepEqual(after, { queued: 35, tried: 0, blamed: 0 });
  await engine.stop();
});

test("the ledger's limit holds for two engines together", async () => {
  const server = await serverOf();
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 100, perMinute: 25 });
  const both = [engineOf(), engineOf()];
  await until(async () => ((await statusOf(campaign)).sent ?? 0) >= 25, "25 sent");
  const spent = () => sql`select 1 from relays where id = ${relay} and spent_until is not null`;
  await until(async () => (await spent()).length === 1, "the limit was felt");
  await Promise.all(both.map((engine) => engine.stop()));
  assert.equal(server.accepted.size, 25);
  const [usage] = await sql<{
    sent: number;
  }>`select sum(n)::int as sent from relay_usage where relay_id = ${relay}`;
  assert.equal(usage?.sent, 25);
});

test("a letter of the application goes before campaigns", async () => {
  const server = await serverOf();
  const { identity, relay } = await sendingCampaign({ port: server.port, recipients: 50 });
  const id = await enqueueLetter({
    kind: "transactional",
    to: "Prof@IUT.example",
    subject: "{{ a }}",
    html: "<p>x</p>",
    text: "x",
    identityId: identity,
  });
  const [first] = await claim(relay, 1);
  assert.equal(first?.id, id);
  assert.equal(first?.address, "prof@iut.example");
});
