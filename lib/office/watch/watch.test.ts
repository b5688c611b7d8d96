/** What the web process sees and whom it writes to, with a real mail server. */
import "#testing/database";
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer } from "node:tls";
import { disconnect, sql } from "#lib/machine/db";
import { watch } from "#lib/office/watch/alarm";
import { status } from "#lib/office/watch/command";
import { endOfCertificate, listFaults, measure } from "#lib/office/watch/measures";
import { isMetricsToken, metricsToken, writeMetrics } from "#lib/office/watch/metrics";
import { listKnownFaults } from "#lib/office/watch/queries";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { addDeliveries, sendingCampaign } from "#testing/deliveries";
import { makeCertificate } from "#testing/proxies";

let server: CountingServer;
let refuses = false;
let ids: Awaited<ReturnType<typeof sendingCampaign>>;

before(async () => {
  server = await startCountingServer({ refuse: () => (refuses ? [550, "5.7.1 not today"] : null) });
  ids = await sendingCampaign({ port: server.port, recipients: 1 });
  await sql`update campaigns set status = 'paused' where id = ${ids.campaign}`;
  await sql`
    insert into users (email, name, role, locale, disabled_at) values
      ('a@src.example', 'Ada', 'administrator', 'fr', null), ('b@src.example', 'Bob', 'administrator', 'en', null),
      ('c@src.example', 'Cléo', 'administrator', 'fr', now()), ('d@src.example', 'Dan', 'secretariat', 'fr', null)`;
  // The sandbox's own was set when the template of this database was made.
  await sql`delete from mailboxes`;
  await sql`
    insert into workers (id, hostname, pid, heartbeat_at, stopped_at) values
      (gen_random_uuid(), 'a', 1, now(), null), (gen_random_uuid(), 'gone', 2, now() + interval '1 hour', now())`;
});
after(async () => {
  await server.close();
  await disconnect();
});

const silence = () =>
  sql`update workers set heartbeat_at = now() - interval '10 minutes' where stopped_at is null`;
const breathe = () => sql`update workers set heartbeat_at = now() where stopped_at is null`;
const told = () => Object.fromEntries([...server.accepted].sort());
/** The database's clock cannot be moved: what it noted can. */
const past = (hours: number) =>
  sql`update faults set since = since - make_interval(hours => ${hours}), ended_at = ended_at - make_interval(hours => ${hours})`;

test("a worker that is silent is told of once, by the web, to each administrator in their language", async () => {
  assert.equal(await watch(), 0);
  await silence();
  assert.deepEqual(
    await Promise.all([watch(), watch()]).then((both) => both.sort()),
    [0, 1],
    "two web processes: one tells",
  );
  assert.deepEqual(told(), { "a@src.example": 1, "b@src.example": 1 });
  assert.match(server.last(), /The sending engine has been silent for 10 minutes/);
  assert.match(server.last(), /^Auto-Submitted: auto-generated/m);
  assert.equal(await watch(), 0);
  const [known] = await listKnownFaults();
  assert.ok(known?.kind === "workerSilent" && known.toldAt && known.since);
});

test("gone and back within the day, it is not told of again; after a day it is", async () => {
  const [before] = await listKnownFaults();
  await breathe();
  assert.equal(await watch(), 0);
  assert.deepEqual(await listKnownFaults(), []);
  await silence();
  assert.equal(await watch(), 0);
  assert.deepEqual(await listKnownFaults(), [before], "since the first time, which was told of");
  await breathe();
  await watch();
  await past(25);
  await watch();
  await silence();
  assert.equal(await watch(), 1);
  assert.deepEqual(told(), { "a@src.example": 2, "b@src.example": 2 });
});

test("nobody reached is said to be so, and tried again in five minutes", async () => {
  await sql`delete from faults`;
  refuses = true;
  assert.equal(await watch(), 0);
  assert.equal((await listKnownFaults())[0]?.toldAt, null);
  refuses = false;
  assert.equal(await watch(), 0, "not at each look");
  await sql`update faults set retry_at = now()`;
  assert.equal(await watch(), 1);
});

test("what is held tells nobody: it may be a copy", async () => {
  await sql`delete from faults`;
  await sql`update installation set held_at = now(), held_why = 'copied'`;
  assert.equal(await watch(), 0);
  assert.equal((await measure()).held, true);
  await sql`update installation set held_at = null, held_why = null`;
  assert.equal(await watch(), 1);
});

test("a mailbox that is no longer read and a campaign that no longer moves are seen", async () => {
  await breathe();
  await sql`insert into mailboxes (relay_id, host, read_at) values (${ids.relay}, '127.0.0.1', now() - interval '95 seconds')`;
  await sql`update campaigns set status = 'sending' where id = ${ids.campaign}`;
  await sql`update deliveries set due_at = now() - interval '95 seconds' where campaign_id = ${ids.campaign}`;
  const kinds = async () => (await listFaults()).map(({ kind, who }) => [kind, who]);
  assert.deepEqual(await kinds(), [
    ["mailboxSilent", "test"],
    ["campaignStuck", "test"],
  ]);
  assert.equal(await status(["--json"]), 1);
  await sql`update mailboxes set lease_until = now() + interval '1 minute'`;
  assert.deepEqual((await kinds())[0], ["mailboxSlow", "test"], "being read, and nothing comes");
  await sql`update mailboxes set progress_at = now() - interval '80 seconds'`;
  assert.deepEqual((await kinds())[0], ["campaignStuck", "test"], "a long reading that brings something");
  await sql`update relays set archived_at = now()`;
  await sql`update mailboxes set progress_at = null, lease_until = null`;
  assert.ok(!(await kinds()).some(([kind]) => kind === "mailboxSilent"), "an account that is no longer used");
  await sql`update relays set archived_at = null`;
  await sql`update mailboxes set read_at = now() - interval '80 seconds'`;
  await sql`update campaigns set resumed_at = now() where id = ${ids.campaign}`;
  assert.deepEqual(await kinds(), [], "read lately, resumed just now");
  assert.equal(await status([]), 0);
  await sql`update mailboxes set failures = 1, read_at = now() - interval '95 seconds', lease_until = now() + interval '1 minute'`;
  await sql`update campaigns set resumed_at = null where id = ${ids.campaign}`;
  await sql`update relays set pause_reason = 'unavailable', paused_until = now() - interval '10 seconds'`;
  assert.deepEqual(
    await kinds(),
    [["mailboxSilent", "test"]],
    "its last reading failed, whoever tries again; the relay has only just opened",
  );
  await sql`update relays set pause_reason = null, paused_until = null, spent_until = now() - interval '10 seconds'`;
  assert.deepEqual(await kinds(), [["mailboxSilent", "test"]], "its quota has only just come back");
  await sql`update relays set spent_until = now() - interval '2 minutes'`;
  assert.deepEqual((await kinds()).length, 2, "back for long");
  await sql`update relays set spent_until = now() + interval '2 minutes'`;
  assert.deepEqual((await kinds()).length, 1);
  await sql`update relays set spent_until = null`;
  const use = (relay: number, ago: number) => sql`
    insert into relay_usage (relay_id, bucket, shard, outcome, n)
    values (${relay}, now() - make_interval(secs => ${ago}), 0, 'sent', 1)`;
  const other = await sendingCampaign({ port: server.port, recipients: 1 });
  await use(ids.relay, 100);
  await use(other.relay, 0);
  assert.deepEqual((await kinds()).length, 2, "long ago, or another account: it does not move");
  await addDeliveries(ids.campaign, ids.content, 2, 2);
  await sql`
    update deliveries set status = 'failed', reason = 'givenUp', settled_at = now()
    where campaign_id = ${ids.campaign} and id <> (select min(id) from deliveries where campaign_id = ${ids.campaign})`;
  await sql`
    update deliveries set due_at = now() + case when campaign_id = ${ids.campaign} and status = 'queued' then interval '1 hour' else interval '-95 seconds' end`;
  assert.deepEqual((await kinds()).length, 1, "nothing of it is due, whatever ended or is another’s");
  await sql`delete from deliveries where status = 'failed'`;
  await sql`update deliveries set due_at = now() - interval '95 seconds' where campaign_id = ${ids.campaign}`;
  await sql`delete from campaigns where id = ${other.campaign}`;
  await use(ids.relay, 0);
  await sql`update mailboxes set read_at = now(), failures = 0`;
  assert.deepEqual(await kinds(), [], "it sends: slowly");
  await sql`delete from relay_usage`;
  await sql`update relays set pause_reason = 'byHand', paused_until = now() + interval '1 hour'`;
  assert.deepEqual(await kinds(), [], "paused by somebody, who knows");
});

test("a message whose outcome nobody writes is seen once its lease is long over", async () => {
  const state = (seconds: number) => sql`
    update deliveries set status = 'sending', lease_token = gen_random_uuid(), relay_id = ${ids.relay}, lease_until = now() - make_interval(secs => ${seconds})
    where campaign_id = ${ids.campaign}`;
  const kinds = async () => (await listFaults()).map(({ kind, figure }) => [kind, figure]);
  await state(80);
  assert.deepEqual(await kinds(), []);
  await state(100);
  assert.deepEqual(await kinds(), [["journalStuck", 1]]);
  await sql`update deliveries set status = 'queued', relay_id = null, lease_token = null, lease_until = null where campaign_id = ${ids.campaign}`;
});

test("what may pass by itself is shown at once and written about when it lasts", async () => {
  await sql`delete from faults`;
  await sql`update mailboxes set read_at = now() - interval '2 minutes', failures = 1`;
  const since = async () => (await listKnownFaults()).map(({ kind, since }) => [kind, since !== null]);
  assert.equal(await watch(), 0);
  assert.deepEqual(await since(), [["mailboxSilent", true]]);
  await sql`update faults set since = since - interval '14 minutes'`;
  await sql`update mailboxes set failures = 0, read_at = now()`;
  await watch();
  await sql`update mailboxes set failures = 1, read_at = now() - interval '2 minutes'`;
  assert.equal(await watch(), 0, "another time is counted anew");
  await sql`update faults set since = since - interval '14 minutes'`;
  assert.equal(await watch(), 0);
  await sql`update faults set since = since - interval '1 minute'`;
  assert.equal(await watch(), 1);
  await sql`update mailboxes set failures = 0, read_at = now()`;
  await watch();
  await sql`update mailboxes set failures = 1, read_at = now() - interval '2 minutes'`;
  assert.equal(await watch(), 0, "told within the day");
  await sql`update mailboxes set failures = 0, read_at = now()`;
});

test("a backup that failed is told of at once, and one that follows it ends it", async () => {
  await sql`delete from faults`;
  await sql`insert into backups (day, host, file, error) values ('2026-11-27', 'a', '', 'ENOSPC')`;
  assert.equal(await watch(), 1);
  assert.match(server.last(), /backup could not be taken/);
  const since = async () => (await listKnownFaults()).map(({ kind, since }) => [kind, since !== null]);
  assert.deepEqual(await since(), [["backupFailed", true]]);
  await sql`update backups set error = null, finished_at = now(), file = 'x'`;
  await watch();
  assert.deepEqual(await since(), []);
  await sql`update backups set drilled_at = now(), drill_error = 'ENOENT'`;
  assert.deepEqual(
    (await listFaults()).map(({ kind }) => kind),
    ["drillFailed"],
  );
  const tried = async () => /^src_restore_age_seconds \d+$/m.test((await writeMetrics()).text);
  assert.equal(await tried(), false, "one that could not be put back is no trial");
  await sql`update backups set drill_error = null`;
  assert.deepEqual(await listFaults(), []);
  assert.equal(await tried(), true);
  await sql`update backups set error = 'ENOSPC'`;
  assert.deepEqual(await since(), [["backupFailed", false]], "again, and not looked at yet");
  await sql`delete from backups`;
});

test("one of two faults that was told of stays so when the other reaches nobody", async () => {
  await sql`delete from faults`;
  await silence();
  assert.equal(await watch(), 1);
  await sql`insert into backups (day, host, file, error) values ('2026-11-27', 'a', '', 'ENOSPC')`;
  refuses = true;
  assert.equal(await watch(), 0);
  refuses = false;
  const told = (await listKnownFaults()).map(({ kind, since, toldAt }) => [
    kind,
    since !== null,
    toldAt !== null,
  ]);
  assert.deepEqual(told, [
    ["workerSilent", true, true],
    ["backupFailed", true, false],
  ]);
  await sql`update faults set retry_at = now()`;
  assert.equal(await watch(), 1, "the other only");
  await sql`delete from backups`;
});

test("nobody is written to through an account that is no longer used, or was never tried, or does not open", async () => {
  const tell = async () => {
    await sql`delete from faults`;
    return watch();
  };
  await sql`update relays set archived_at = now()`;
  assert.equal(await tell(), 0, "archived");
  await sql`update relays set archived_at = null`;
  await sql`update identities set archived_at = now()`;
  assert.equal(await tell(), 0, "its sender is archived");
  await sql`update identities set archived_at = null`;
  await sql`update relays set tested_at = null`;
  assert.equal(await tell(), 0, "never tried");
  await sql`update relays set tested_at = now(), username = 'u', sealed_password = 'sealed by nobody'::bytea`;
  assert.equal(await tell(), 0, "its password cannot be opened");
  await sql`update relays set username = '', sealed_password = null, port = 1`;
  assert.equal(await tell(), 0, "nobody listens there");
  await sql`update relays set port = ${server.port}`;
  assert.equal(await tell(), 1);
});

test("a monitor reads the figures with its token and with no other", async () => {
  assert.equal(isMetricsToken(`Bearer ${metricsToken()}`), true);
  for (const other of [null, "", "Bearer ", metricsToken(), `Bearer ${metricsToken()}x`])
    assert.equal(isMetricsToken(other), false, String(other));
  await silence();
  const { type, text } = await writeMetrics();
  assert.match(type, /text\/plain/);
  assert.match(text, /^src_up 1$/m);
  assert.match(text, /^src_workers 0$/m);
  assert.match(text, /^src_faults\{kind="workerSilent"\} 1$/m);
  assert.match(text, /^src_faults\{kind="diskFull"\} \d$/m);
  assert.doesNotMatch(text, /@/);
});

test("the day a certificate ends is read, even of one that nobody signed", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "src-certificate-"));
  makeCertificate(folder);
  const tls = createServer({
    key: readFileSync(join(folder, "key")),
    cert: readFileSync(join(folder, "cert")),
  });
  t.after(() => tls.close());
  tls.listen(0, "127.0.0.1");
  await once(tls, "listening");
  const { port } = tls.address() as AddressInfo;
  const end = await endOfCertificate("localhost", port);
  const hours = ((end?.getTime() ?? 0) - Date.now()) / 3_600_000;
  assert.ok(hours > 22 && hours < 25, String(end));
  const days = async (url: string) => {
    await sql`insert into settings (id, public_url) values (1, ${url}) on conflict (id) do update set public_url = excluded.public_url`;
    return (await measure()).certificateDays;
  };
  assert.equal(await days(`https://localhost:${port}`), null, "not of an address of this machine");
  // Which is this machine too, and not known to be.
  const whole = Math.floor(hours / 24);
  assert.equal(await days(`https://0.0.0.0:${port}`), whole);
  assert.ok((await listFaults()).some(({ kind, figure }) => kind === "certificateEnds" && figure === whole));
  assert.equal(await days(`http://0.0.0.0:${port}`), null);
  tls.close();
  assert.equal(await days(`https://0.0.0.0:${port}`), whole, "asked once a minute");
  rmSync(folder, { recursive: true });
  assert.equal(await endOfCertificate("localhost", port), null);
});
