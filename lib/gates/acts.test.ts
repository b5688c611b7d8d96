/** What a person does and its entry in the journal are one write: each audited mutation is done for real, both ways. */
import "#testing/database";
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { SMTPServer } from "smtp-server";
import { sql } from "#lib/machine/db";
import { acts } from "#testing/acts";
import { actsOfLetters } from "#testing/acts-of-letters";
import { actsOfPeople } from "#testing/acts-of-people";
import { actsOfRelays, server } from "#testing/acts-of-relays";
import { actsOfReturns } from "#testing/acts-of-returns";
import { actsOfTax } from "#testing/acts-of-tax";
import { auditedMutations } from "#testing/writes";

const all = { ...acts, ...actsOfPeople, ...actsOfLetters, ...actsOfRelays, ...actsOfReturns, ...actsOfTax };
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
});
let by = 0;

before(async () => {
  await new Promise<void>((resolve) => void smtp.listen(0, "127.0.0.1", resolve));
  server.port = (smtp.server.address() as AddressInfo).port;
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('acts@src.example', 'Ada', 'secretariat') returning id`;
  by = user?.id ?? 0;
  await sql`
    create function refuse_audit() returns trigger language plpgsql as $$ begin raise exception 'no journal'; end $$`;
});
after(() => new Promise<void>((resolve) => void smtp.close(resolve)));

/** What each table holds; tries are counted whatever comes of them, and a file that came is kept though it was not queued. */
async function everything(): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'
      and tablename not in ('sign_in_failures', 'sync_runs', 'sync_uploads', 'sync_chunks')`;
  const { pool } = await import("#lib/machine/db");
  const held = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as hash from ${name} t`,
  );
  const { rows } = await pool().query<{ name: string; hash: string }>(held.join(" union all "));
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

const entries = () => sql<{ id: number; user_id: number }>`select id, user_id from audit_entries order by id`;

describe("a mutation whose entry cannot be written is not done", () => {
  for (const [name, act] of Object.entries(all))
    it(name, async () => {
      const done = await act(by);
      await sql`create trigger refuse before insert on audit_entries for each row execute function refuse_audit()`;
      try {
        const before = await everything();
        await assert.rejects(done(), /no journal/);
        assert.deepEqual(await everything(), before);
        assert.equal((await sql`select from sync_runs where status = 'queued'`).length, 0);
      } finally {
        await sql`drop trigger refuse on audit_entries`;
      }
    });
});

describe("a mutation that is done is written once, by whoever did it", () => {
  for (const [name, act] of Object.entries(all))
    it(name, async () => {
      const done = await act(by);
      const before = await entries();
      const result = await done();
      assert.ok(result.ok, JSON.stringify(result));
      const [entry, more] = (await entries()).slice(before.length);
      assert.equal(more, undefined, "once");
      assert.equal(entry?.user_id, (result as { userId?: number }).userId ?? by);
    });
});

describe("every audited mutation", () => {
  it("is done here, or its own test says it", () => {
    const elsewhere = [
      // Needs a provider: lib/letters/relays/oauth.test.ts.
      "finishAuthorization",
      // Erases anew what a journal of before says, which eraseContact wrote: lib/office/privacy/erase.test.ts.
      "replayErasures",
      // Makes a company, then matches its line: an entry each, lib/tax/transfers/transfers.test.ts.
      "createDonor",
      // Nobody of the house does it: lib/tax/promises/promises.test.ts.
      "confirmPromise",
      // A command's, with nobody's name: lib/sites/sources/command.test.ts.
      "recordFile",
    ];
    const names = auditedMutations().map(({ name }) => name);
    assert.deepEqual(names.filter((name) => !(name in all) && !elsewhere.includes(name)).sort(), []);
    assert.deepEqual(
      Object.keys(all)
        .filter((name) => !names.includes(name))
        .sort(),
      [],
    );
  });
});
