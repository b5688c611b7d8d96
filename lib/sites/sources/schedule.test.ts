/** Sources by the clock: queued once, tried again when that helps, and told once for all the failures in a row. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import { editSource } from "#lib/sites/sources/mutations";
import { FileRefused, mayPass } from "#lib/sites/sources/refusal";
import { askDueSyncs, noteFailure } from "#lib/sites/sources/schedule";
import { sourceInput } from "#lib/sites/sources/schema";
import { runSync } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { says, startSite } from "#testing/remote-site";
import { peopleXml } from "#testing/sources";

const site = await startSite(says(""));
after(() => site.close());
const staff = await hireStaff();
await sql`insert into users (email, name, role) values ('absente@src.example', 'A', 'secretariat')`;
let source = 0;

beforeEach(async () => {
  await sql`truncate sources, deliveries restart identity cascade`;
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, schedule, owner_id)
    values ('heure', 'Site à l’heure', ${site.url}, true, 'former_src', 'hourly', ${staff}) returning id`;
  source = row?.id ?? 0;
  await sql`
    insert into sources (key, name, url, default_kind, failures, alert_email) values ('autre', 'Autre', ${site.url}, 'former_src', 1, 'autre@src.example')`;
});
// Whatever befalls the one is nothing to the other.
afterEach(async () => {
  const [other] = await sql`select failures, alerted_at from sources where key = 'autre'`;
  assert.deepEqual(other, { failures: 1, alerted_at: null });
});

const state = async () =>
  (
    await sql<{ failures: number; told: boolean; minutes: number }>`
    select failures, alerted_at is not null as told, round(extract(epoch from next_at - now()) / 60)::int as minutes from sources where id = ${source}`
  )[0];
const mails = () =>
  sql<{ address: string; subject: string; text: string }>`
    select d.address, c.subject, c.text from deliveries d join contents c on c.id = d.content_id order by d.id`;

/** What the clock asks now, done. */
async function pass() {
  await sql`update sources set next_at = now() - interval '1 minute' where id = ${source}`;
  await askDueSyncs();
  const [run] = await sql<{ id: number }>`select id from sync_runs where status = 'queued'`;
  if (run) await runSync(run.id);
  return state();
}

test("a source that is due is queued once, and due again an hour later", async () => {
  assert.deepEqual(await Promise.all([askDueSyncs(), askDueSyncs()]).then((all) => all.sort()), [0, 1]);
  assert.equal((await state())?.minutes, 60);
  assert.equal(await askDueSyncs(), 0);
  // A run that is open already is left alone.
  await sql`update sources set next_at = now() where id = ${source}`;
  assert.equal(await askDueSyncs(), 0);
  await sql`update sync_runs set status = 'succeeded', finished_at = now()`;
  await sql`update sources set next_at = now() - interval '1 minute', archived_at = now() where id = ${source}`;
  assert.equal(await askDueSyncs(), 0);
  await sql`update sources set archived_at = null, schedule = 'never' where id = ${source}`;
  assert.equal(await askDueSyncs(), 0);
});

test("nightly and weekly sources come after three in the morning of Paris", async () => {
  for (const schedule of ["daily", "weekly"]) {
    await sql`update sources set schedule = ${schedule}, next_at = null where id = ${source}`;
    await sql`truncate sync_runs cascade`;
    assert.equal(await askDueSyncs(), 1);
    const [at] = await sql<{ hour: number; day: number; ahead: boolean }>`
      select extract(hour from next_at at time zone 'Europe/Paris')::int as hour, extract(isodow from next_at at time zone 'Europe/Paris')::int as day,
        next_at > now() and next_at < now() + interval '8 days' as ahead from sources where id = ${source}`;
    assert.deepEqual([at?.hour, at?.ahead], [3, true]);
    if (schedule === "weekly") assert.equal(at?.day, 1);
  }
});

test("a passing failure is tried again after 1, 5 and 15 minutes, then told once; what works again is forgotten", async () => {
  site.answer = (_, response) => response.writeHead(503).end();
  assert.deepEqual(await pass(), { failures: 1, told: false, minutes: 1 });
  assert.deepEqual(await pass(), { failures: 2, told: false, minutes: 5 });
  assert.deepEqual(await pass(), { failures: 3, told: false, minutes: 15 });
  assert.deepEqual(await mails(), []);
  assert.deepEqual(await pass(), { failures: 4, told: true, minutes: 60 });
  for (let hour = 0; hour < 3; hour++) await pass();
  const [mail, ...more] = await mails();
  assert.deepEqual(more, []);
  assert.equal(mail?.address, "staff@src.example");
  assert.match(mail?.subject ?? "", /^La synchronisation de Site à l’heure ne se fait plus$/);
  assert.match(
    mail?.text ?? "",
    /Le site distant a répondu 503\.[\s\S]*prévenez le webmestre[\s\S]*\/sources\/runs\/\d+/,
  );
  site.answer = says(peopleXml([{ id: "1" }], "heure"));
  assert.deepEqual(await pass(), { failures: 0, told: false, minutes: 60 });
  site.answer = (_, response) => response.writeHead(503).end();
  assert.equal((await pass())?.failures, 1);
  site.answer = says(peopleXml([{ id: "1" }], "heure"));
  assert.equal((await pass())?.failures, 0, "nobody was told, and it is forgotten too");
  site.answer = says("<html>Erreur</html>");
  assert.deepEqual(await pass(), { failures: 1, told: true, minutes: 60 });
  assert.equal((await mails()).length, 2);
});

test("a site that says when to come back is heeded, within the minute never and after a day at most", async () => {
  const answer = (status: number, after: string) => {
    site.answer = (_, response) => response.writeHead(status, { "retry-after": after }).end();
    return pass();
  };
  const minutes = async (status: number, after: string) => {
    await sql`update sources set failures = 0 where id = ${source}`;
    return (await answer(status, after))?.minutes;
  };
  assert.equal(await minutes(503, "600"), 10);
  assert.equal(await minutes(429, new Date(Date.now() + 1_800_000).toUTCString()), 30);
  assert.equal(await minutes(503, "7200"), 120, "beyond the schedule");
  assert.equal(await minutes(503, "999999999"), 1440);
  assert.equal(await minutes(503, "0"), 1);
  assert.equal(await minutes(503, "Thu, 01 Jan 1970 00:00:00 GMT"), 1);
  // Of what says nothing, or is no wait.
  assert.equal(await minutes(503, "soon"), 1);
  assert.equal(await minutes(500, "600"), 1);
  assert.equal(await minutes(404, "600"), 60, "no failure that passes");
  // After the third failure the schedule goes on, unless the site asks for more.
  await sql`update sources set failures = 3 where id = ${source}`;
  assert.deepEqual(await answer(503, "600"), { failures: 4, told: true, minutes: 60 });
  assert.deepEqual(await answer(503, "7200"), { failures: 5, told: true, minutes: 120 });
});

test("the alert address comes before the owner, and nobody is written to about what a person asked", async () => {
  await sql`update sources set alert_email = 'webmestre@site.example' where id = ${source}`;
  site.answer = says("<html>Erreur</html>");
  await sql`insert into sync_runs (source_id, origin, user_id) values (${source}, 'pull', ${staff})`;
  const [run] = await sql<{ id: number }>`select id from sync_runs`;
  await runSync(run?.id ?? 0);
  assert.equal((await state())?.failures, 0);
  assert.deepEqual(await mails(), []);
  await pass();
  assert.deepEqual(
    (await mails()).map(({ address }) => address),
    ["webmestre@site.example"],
  );
});

test("what somebody stopped is no failure of the site", async () => {
  site.answer = (_, response) => response.writeHead(200).write("<contacts");
  await askDueSyncs();
  const [run] = await sql<{ id: number }>`update sync_runs set cancelled_at = now() returning id`;
  await runSync(run?.id ?? 0);
  const [ended] = await sql`select status, error from sync_runs`;
  assert.deepEqual(ended, { status: "failed", error: "cancelled" });
  assert.deepEqual([await state(), await mails()], [{ failures: 0, told: false, minutes: 60 }, []]);
});

test("two workers that hear of it at once write once", async () => {
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, status, finished_at) values (${source}, 'pull', 'failed', now()) returning id`;
  await Promise.all([1, 2].map(() => noteFailure(source, run?.id ?? 0, new FileRefused("html"))));
  assert.deepEqual([(await state())?.failures, (await mails()).length], [2, 1]);
});

test("which failures may pass", () => {
  const of = (reason: string, data = {}) => mayPass({ reason: reason as "timeout", data });
  assert.deepEqual(
    [
      "timeout",
      "disconnected",
      "unreachable",
      "siteCuts",
      "html",
      "malformed",
      "siteRefuses",
      "privateAddress",
    ].map((one) => of(one)),
    [true, true, true, true, false, false, false, false],
  );
  assert.deepEqual(
    [404, 403, 408, 429, 499, 500, 503].map((status) => of("httpStatus", { status })),
    [false, false, true, true, false, true, true],
  );
});

test("another schedule begins at once; the same one keeps its hour", async () => {
  await askDueSyncs();
  const form = {
    name: "Site",
    key: "heure",
    url: site.url,
    defaultKind: "former_src",
    ownerId: String(staff),
  };
  await editSource(source, sourceInput.parse({ ...form, schedule: "hourly" }), staff);
  assert.equal((await state())?.minutes, 60);
  await editSource(source, sourceInput.parse({ ...form, schedule: "daily" }), staff);
  assert.equal((await state())?.minutes, null);
});
