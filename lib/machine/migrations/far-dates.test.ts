/** 0102: what lasted until the year 2999 has no date, and nothing else of a relay's pauses moved. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client } from "pg";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { createTestDatabase } from "#testing/postgres";

const database = await createTestDatabase("empty");
const client = new Client({ connectionString: database.url });
after(async () => {
  await client.end();
  await database.drop();
});

const lines: [
  name: string,
  reason: string | null,
  until: string | null,
  becomes: [string | null, string | null],
][] = [
  ["never paused", null, null, [null, null]],
  ["by people", "staff", "2999-12-31", ["staff", null]],
  ["a new one", "not-tested", "2999-12-31", ["not-tested", null]],
  ["to be connected", "not-connected", "2999-12-31", ["not-connected", null]],
  ["withdrawn", "access-revoked", "2999-12-31", ["access-revoked", null]],
  ["for an hour", "rate-limited", "2180-01-01", ["rate-limited", "2180-01-01"]],
  ["over, remembered for the next fault", "rate-limited", "2026-01-01", ["rate-limited", "2026-01-01"]],
  ["by people, and over", "staff", "2026-01-01", [null, null]],
  ["without a reason, over", null, "2026-01-01", [null, null]],
  ["without a reason, for ever", null, "2999-12-31", ["staff", null]],
  ["a reason left behind", "rate-limited", null, [null, null]],
  ["the engine's, for ever", "rate-limited", "2999-12-31", ["rate-limited", null]],
];

test("pauses keep their meaning when the far dates go", async () => {
  const all = readMigrations();
  await applyMigrations(
    database.url,
    all.filter(({ name }) => name < "0102"),
  );
  await client.connect();
  for (const [name, reason, until] of lines)
    await client.query(
      "insert into relays (name, kind, host, pause_reason, paused_until) values ($1, 'smtp', 'x.example', $2, $3::timestamptz)",
      [name, reason, until],
    );
  await client.query(`insert into notices (kind, data) values
    ('relayPaused', '{"relayId": 1, "reason": "staff", "until": "2999-12-31T00:00:00.000Z"}'),
    ('relayPaused', '{"relayId": 1, "reason": "circuit", "until": "2026-03-01T00:00:00.000Z"}')`);
  await applyMigrations(database.url, all);
  const { rows } = await client.query(
    "select name, pause_reason as reason, to_char(paused_until, 'YYYY-MM-DD') as until from relays where host = 'x.example' order by id",
  );
  assert.deepEqual(
    rows.map(({ name, reason, until }) => [name, [reason, until]]),
    lines.map(([name, , , becomes]) => [name, becomes]),
  );
  const notices = await client.query("select data ->> 'until' as until from notices order by id");
  assert.deepEqual(
    notices.rows.map(({ until }) => until),
    [null, "2026-03-01T00:00:00.000Z"],
  );
});

test("no far date comes back", async () => {
  for (const [reason, until] of [
    ["staff", "2999-12-31"],
    ["not-tested", "2999-12-31"],
    [null, "2026-01-01"],
  ])
    await assert.rejects(
      client.query("update relays set pause_reason = $1, paused_until = $2::timestamptz", [reason, until]),
      { constraint: "relays_paused_until" },
    );
});
